"""Blocks as classes: one for each definition, what differs between uses as arguments, loops for repeats."""

import itertools
import linecache

import msgspec
import pytest
import torch
from torch import Tensor, nn

from netloom import compiler
from netloom.errors import BuildError
from netloom.graph import Change
from netloom.graph.model import Promoted
from netloom.layers.authoring import Graph
from netloom.layers.edit import new_node
from netloom.templates import document


def promote(graph: Graph, block: str, *params: tuple[str, str, str]) -> None:
    old = graph.blocks[block]
    new = msgspec.structs.replace(old, params=tuple(Promoted(*each) for each in params))
    graph.apply([Change("block", block, old, new)])


def change(graph: Graph, key: str, share: str = "", **params: object) -> None:
    old = graph.nodes[key]
    new = msgspec.structs.replace(old, share=share or old.share, params={**old.params, **params})
    graph.apply([Change("node", key, old, new)])


def chain(graph: Graph, *nodes: str) -> None:
    for first, second in itertools.pairwise(nodes):
        graph.connect(first, second)


def source_of(graph: Graph) -> str:
    plan = compiler.plan_graph(graph)
    assert not plan.problems, plan.problems
    return compiler.source(plan).text


def conv_unit(graph: Graph, name: str = "conv_unit") -> str:
    unit = graph.define(name)
    conv = graph.add("Conv2d", "conv", unit, out_channels=8, kernel_size=3, padding=1, bias=False)
    chain(
        graph,
        graph.add("Input", "x", unit),
        conv,
        graph.add("BatchNorm2d", "norm", unit),
        graph.add("ReLU", "act", unit),
        graph.add("Output", "y", unit),
    )
    promote(graph, unit, ("width", conv, "out_channels"), ("stride", conv, "stride"))
    return unit


def stages() -> Graph:
    """Three stages of units, each stage of another width and depth."""
    graph = Graph()
    unit = conv_unit(graph)
    stage = graph.define("stage")
    down = graph.add("Block", "down", stage, block=unit)
    rest = graph.add("Block", "rest", stage, block=unit, repeat=2)
    chain(graph, graph.add("Input", "x", stage), down, rest, graph.add("Output", "y", stage))
    change(graph, down, stride=[2, 2])
    promote(graph, stage, ("width", down, "width"), ("width", rest, "width"), ("depth", rest, "repeat"))
    nodes = [graph.add("Input", "image", shape=[3, 32, 32])]
    for number, (width, depth) in enumerate(((16, 2), (32, 3), (64, 4)), start=1):
        nodes.append(graph.add("Block", f"stage{number}", block=stage))
        change(graph, nodes[-1], width=width, depth=depth)
    chain(graph, *nodes, graph.add("Output", "maps"))
    return graph


STAGES = """\
from torch import Tensor, nn


class ConvUnit(nn.Module):
    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, width, 3, stride=stride, padding=1, bias=False
        )
        self.norm = nn.BatchNorm2d(width)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:  # N×in_channels×?×?
        x = self.conv(x)  # N×width×?×?
        x = self.norm(x)  # N×width×?×?
        x = self.act(x)  # N×width×?×?
        return x


class Stage(nn.Module):
    def __init__(self, in_channels: int, width: int, depth: int) -> None:
        super().__init__()
        self.down = ConvUnit(in_channels=in_channels, width=width, stride=2)
        self.rest = nn.Sequential(
            *(ConvUnit(in_channels=width, width=width, stride=1) for _ in range(depth))
        )

    def forward(self, x: Tensor) -> Tensor:  # N×in_channels×?×?
        x = self.down(x)  # N×width×?×?
        x = self.rest(x)  # N×width×?×?
        return x


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stage1 = Stage(in_channels=3, width=16, depth=2)
        self.stage2 = Stage(in_channels=16, width=32, depth=3)
        self.stage3 = Stage(in_channels=32, width=64, depth=4)

    def forward(self, image: Tensor) -> Tensor:  # N×3×32×32
        x = self.stage1(image)  # N×16×16×16
        x = self.stage2(x)  # N×32×8×8
        x = self.stage3(x)  # N×64×4×4
        return x
"""


def test_what_differs_between_uses_becomes_arguments() -> None:
    assert source_of(stages()) == STAGES
    assert source_of(stages()) == STAGES


def test_it_computes_what_hand_written_classes_compute() -> None:
    def unit(entering: int, width: int, stride: int) -> nn.Module:
        conv = nn.Conv2d(entering, width, 3, stride=stride, padding=1, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(width), nn.ReLU())

    def stage(entering: int, width: int, depth: int) -> nn.Module:
        rest = nn.Sequential(*(unit(width, width, 1) for _ in range(depth)))
        return nn.Sequential(unit(entering, width, 2), rest)

    peer = nn.Sequential(stage(3, 16, 2), stage(16, 32, 3), stage(32, 64, 4))
    module = compiler.build(stages())
    state = module.state_dict()
    assert next(iter(state)) == "stage1.down.conv.weight"
    assert "stage3.rest.3.norm.running_var" in state
    peer.load_state_dict(dict(zip(peer.state_dict(), state.values(), strict=True)))
    sample = torch.randn(2, 3, 32, 32)
    assert torch.equal(module(sample), peer(sample))


def test_lines_inside_blocks_lead_to_their_nodes() -> None:
    graph = stages()
    source = compiler.source(compiler.plan_graph(graph))
    texts = source.text.splitlines()
    norm = next(key for key, node in graph.nodes.items() if node.name == "norm")
    assert [texts[number - 1].strip() for number, node in source.lines.items() if node == norm] == [
        "self.norm = nn.BatchNorm2d(width)",
        "x = self.norm(x)  # N×width×?×?",
    ]
    compiled = compiler.compile_plan(compiler.plan_graph(graph))
    with pytest.raises(RuntimeError) as caught:
        compiled.model(torch.zeros(2, 5, 32, 32))
    assert graph.nodes[compiled.node_at(caught.value.__traceback__)].name == "conv"


def scaling(*powers: float) -> Graph:
    """A function node inside a block whose value is handed to the outside."""
    graph = Graph()
    block = graph.define("drop")
    drop = graph.add("Dropout", "drop", block)
    flip = graph.add("Flatten", "flat", block)
    chain(graph, graph.add("Input", "x", block), drop, flip, graph.add("Output", "y", block))
    promote(graph, block, ("rate", drop, "p"))
    nodes = [graph.add("Input", "x", shape=[6])]
    for number, power in enumerate(powers):
        nodes.append(graph.add("Block", f"drop{number}", block=block))
        change(graph, nodes[-1], rate=power)
    chain(graph, *nodes, graph.add("Output", "y"))
    return graph


def test_a_value_that_all_uses_share_is_a_literal() -> None:
    text = source_of(scaling(0.25, 0.25))
    assert "nn.Dropout(0.25)" in text
    assert text.count("Drop()") == 2
    text = source_of(scaling(0.25, 0.5))
    assert "def __init__(self, rate: float) -> None:" in text
    assert "self.drop1 = Drop(rate=0.5)" in text


def reshaping() -> Graph:
    graph = Graph()
    block = graph.define("fold")
    fold = graph.add("Reshape", "fold", block, shape=[2, -1])
    chain(graph, graph.add("Input", "x", block), fold, graph.add("Output", "y", block))
    promote(graph, block, ("shape", fold, "shape"))
    nodes = [graph.add("Input", "x", shape=[12])]
    for number, shape in enumerate(([3, 4], [6, 2])):
        nodes.append(graph.add("Block", f"fold{number}", block=block))
        change(graph, nodes[-1], shape=shape)
    chain(graph, *nodes, graph.add("Output", "y"))
    return graph


def test_what_forward_needs_is_kept() -> None:
    graph = reshaping()
    text = source_of(graph)
    assert text.count("class Fold") == 1
    assert "self.shape = shape" in text
    sample = torch.randn(5, 12)
    assert torch.equal(compiler.build(graph)(sample), sample.reshape(5, 6, 2))


def test_uses_of_another_structure_are_another_class() -> None:
    graph = Graph()
    block = graph.define("unit")
    conv = graph.add("Conv2d", "conv", block, out_channels=4, kernel_size=3, padding=1)
    chain(graph, graph.add("Input", "x", block), conv, graph.add("Output", "y", block))
    promote(graph, block, ("padding_mode", conv, "padding_mode"), ("padding", conv, "padding"))
    first = graph.add("Block", "first", block=block)
    second = graph.add("Block", "second", block=block)
    change(graph, second, padding="same", padding_mode="circular")
    chain(graph, graph.add("Input", "x", shape=[4, 6, 6]), first, second, graph.add("Output", "y"))
    text = source_of(graph)
    assert "padding: int | str" in text
    assert 'self.second = Unit(padding="same", padding_mode="circular")' in text
    assert compiler.build(graph)(torch.zeros(1, 4, 6, 6)).shape == (1, 4, 6, 6)


def decoder(repeat: int) -> Graph:
    graph = Graph()
    block = graph.define("decoder_layer")
    entry, memory = graph.add("Input", "x", block), graph.add("Input", "memory", block)
    attend = graph.add("MultiheadAttention", "attend", block, num_heads=2)
    join = graph.add("Add", "join", block)
    graph.connect(entry, "out", attend, "query")
    graph.connect(memory, "out", attend, "key")
    graph.connect(memory, "out", attend, "value")
    graph.connect(attend, "output", join, "inputs")
    graph.connect(entry, "out", join, "inputs")
    graph.connect(join, graph.add("Output", "y", block))
    target = graph.add("Input", "target", shape=["L", 8])
    other = graph.add("Input", "memory", shape=["S", 8])
    body = graph.add("Block", "body", block=block, repeat=repeat)
    again = graph.add("Add", "again")
    graph.connect(target, "out", body, "x")
    graph.connect(other, "out", body, "memory")
    graph.connect(body, "y", again, "inputs")
    graph.connect(target, "out", again, "inputs")
    graph.connect(again, graph.add("Output", "y"))
    return graph


LOOP = """\
        x = target
        for layer in self.body:
            x = layer(x, memory)  # N×L×8
        again = x + target  # N×L×8
        return again
"""


def test_a_repeat_with_a_memory_is_a_loop() -> None:
    graph = decoder(3)
    text = source_of(graph)
    assert "self.body = nn.ModuleList(DecoderLayer() for _ in range(3))" in text
    assert text.endswith(LOOP)
    module = compiler.build(graph).eval()
    target, memory = torch.randn(2, 5, 8), torch.randn(2, 7, 8)
    wanted = target
    for layer in module.body:
        wanted = layer.attend(wanted, memory, memory)[0] + wanted
    assert torch.equal(module(target, memory), wanted + target)
    compiled = compiler.compile_plan(compiler.plan_graph(graph))
    seen: dict[str, Tensor] = {}
    watched = compiled.watch((target, memory), seen.__setitem__)
    assert torch.equal(watched, compiled.model(target, memory))
    assert graph.named("body").id in seen


def test_a_loop_whose_memory_is_what_it_changes_keeps_the_memory() -> None:
    graph = decoder(2)
    body, target = graph.named("body"), graph.named("target")
    old = next(wire for wire in graph.into(body.id) if wire.input == "memory")
    new = msgspec.structs.replace(old, source=target.id)
    graph.apply([Change("wire", old.key, old, new)])
    module = compiler.build(graph).eval()
    sample, unused = torch.randn(2, 5, 8), torch.zeros(2, 1, 8)
    wanted = sample
    for layer in module.body:
        wanted = layer.attend(wanted, sample, sample)[0] + wanted
    assert torch.equal(module(sample, unused), wanted + sample)


def tied(*, owner_first: bool) -> Graph:
    graph = Graph()
    first = graph.add("Linear", "first", out_features=6)
    second = graph.add("Linear", "second", out_features=6)
    change(graph, second if owner_first else first, share=first if owner_first else second)
    chain(graph, graph.add("Input", "x", shape=[6]), first, graph.add("ReLU", "relu"), second, graph.add("Output", "y"))
    return graph


@pytest.mark.parametrize("owner_first", [True, False])
def test_shared_weights_are_one_module(owner_first: bool) -> None:
    graph = tied(owner_first=owner_first)
    plan = compiler.plan_graph(graph)
    compiled = compiler.compile_plan(plan)
    name = "first" if owner_first else "second"
    assert list(compiled.model.state_dict()) == [f"{name}.weight", f"{name}.bias"]
    assert compiled.source.text.count(f"self.{name}(") == 2
    layer, sample = getattr(compiled.model, name), torch.randn(3, 6)
    assert torch.equal(compiled.model(sample), layer(torch.relu(layer(sample))))
    nodes = [graph.named(each).id for each in ("first", "second")]
    assert [compiled.modules[node] for node in nodes] == [layer, layer]


def test_weights_are_not_shared_across_an_output() -> None:
    graph = document("iris-mlp").graph
    logits, loss = graph.named("logits"), next(node for node in graph.nodes.values() if node.kind == "CrossEntropyLoss")
    again = new_node(graph, "Linear", "again")
    graph.apply([Change("node", again.id, None, again)])
    change(graph, graph.named("hidden2").id, out_features=3)
    change(graph, again.id, share=graph.named("head").id)
    wire = next(each for each in graph.into(loss.id) if each.source == logits.id)
    first = type(wire)(wire.source, wire.output, again.id, "input")
    second = msgspec.structs.replace(wire, source=again.id, output="output")
    graph.apply([Change("wire", wire.key, wire, second), Change("wire", first.key, None, first)])
    with pytest.raises(BuildError, match="again uses the weights of head, but an Output stands between them"):
        compiler.compile_plan(compiler.plan_graph(graph))


def test_a_head_uses_the_table_of_an_embedding() -> None:
    graph = Graph()
    words = graph.add("Embedding", "words", num_embeddings=11, embedding_dim=6)
    head = graph.add("Linear", "head")
    change(graph, head, share=words)
    tokens = graph.add("Input", "tokens", shape=["L"], dtype="int64")
    chain(graph, tokens, words, graph.add("LayerNorm", "norm"), head, graph.add("Output", "logits"))
    assert "nn.functional.linear(x, self.words.weight)" in source_of(graph)
    module = compiler.build(graph)
    sample = torch.randint(11, (2, 5))
    wanted = module.norm(module.words(sample)) @ module.words.weight.T
    torch.testing.assert_close(module(sample), wanted)
    assert sorted(module.state_dict()) == ["norm.bias", "norm.weight", "words.weight"]


def test_a_shared_block_is_made_once() -> None:
    graph = Graph()
    unit = conv_unit(graph)
    first, second = graph.add("Block", "first", block=unit), graph.add("Block", "second", block=unit)
    change(graph, second, share=first)
    chain(graph, graph.add("Input", "x", shape=[8, 6, 6]), first, second, graph.add("Output", "y"))
    text = source_of(graph)
    assert "second" not in text
    assert text.count("self.first(") == 2


def test_the_text_of_a_module_that_is_gone_is_dropped() -> None:
    graph = tied(owner_first=True)
    change(graph, graph.named("first").id, out_features=6, bias=False)
    compiled = compiler.compile_plan(compiler.plan_graph(graph))
    other = compiler.build(graph)
    kept = {name for name in linecache.cache if name.startswith("<netloom")}
    assert kept
    text = compiled.source.text
    del compiled
    assert text in {"".join(linecache.getlines(name)) for name in kept}
    del other
    assert text not in {"".join(linecache.getlines(name)) for name in kept if name in linecache.cache}


@pytest.mark.parametrize("name", ["nn", "Model", "in_channels", "ConvUnit", "l", "self", "range", "x" * 48, "层" * 40])
def test_hostile_names_give_code_that_runs(name: str) -> None:
    graph = Graph()
    unit = conv_unit(graph, name)
    promoted = graph.blocks[unit].params
    promote(graph, unit, *((name, each.node, each.param) for each in promoted[:1]))
    nodes = [graph.add("Input", name, shape=[3, 6, 6])]
    for number, width in enumerate((4, 5)):
        nodes.append(graph.add("Block", f"{name[:47]}{number}", block=unit))
        change(graph, nodes[-1], **{name: width})
    chain(graph, *nodes, graph.add("Output", "y"))
    plan = compiler.plan_graph(graph)
    text = compiler.source(plan).text
    assert compiler.build(graph)(torch.zeros(1, 3, 6, 6)).shape == (1, 5, 6, 6)
    assert len({line for line in text.splitlines() if line.startswith("class ")}) == 2
