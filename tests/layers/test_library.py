"""Ready blocks: each plans, runs and learns, and the well-known ones equal what a person would have written."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import netloom
from netloom.graph import Document, file
from netloom.layers import blocks, ports
from netloom.layers.authoring import Graph
from netloom.layers.edit import check_document
from netloom.layers.library import READY, insert

IMAGE, SEQUENCE, SERIES = (16, 12, 12), (6, 16), (16, 20)
SHAPES = {"Images": IMAGE, "Transformers": SEQUENCE, "Sequences": SERIES}
OTHERS = {"memory": (9, 16), "image": (3, 16, 16)}
BATCH = 3


def placed(name: str, **params: Any) -> tuple[Document, str]:
    """A document in which a ready block stands between inputs and outputs."""
    graph = Graph()
    document = Document(graph)
    document.apply(insert(document, name, (0.0, 0.0)))
    node = next(each for each in graph.level() if each.kind == "Block")
    for key, value in params.items():
        graph.apply(netloom.graph.edit.set_params(graph, node.id, {key: value}).changes)
    for port in ports.inputs(graph, node):
        shape = (32, 6, 6) if (name, port.name) == ("unet_up", "x") else OTHERS.get(port.name)
        given = graph.add("Input", port.name, shape=shape or SHAPES[READY[name].category])
        graph.connect(given, "out", node.id, port.name)
    for port in ports.outputs(graph, node):
        graph.connect(node.id, port.name, graph.add("Output", f"{port.name}_out"), "input")
    return document, node.id


def tensors(document: Document) -> list[Tensor]:
    torch.manual_seed(0)
    found = [node for node in document.graph.level() if node.kind == "Input"]
    return [torch.randn(BATCH, *node.params["shape"], requires_grad=True) for node in found]


def answers(result: Any) -> tuple[Tensor, ...]:
    return (result,) if isinstance(result, Tensor) else tuple(result)


@pytest.mark.parametrize("name", READY)
def test_every_ready_block_plans_runs_and_learns(name):
    document, _ = placed(name)
    check_document(file.loads(file.dumps(document)))
    plan = netloom.plan(document.graph)
    assert not plan.problems
    model = netloom.build(document.graph)
    given = tensors(document)
    results = answers(model(*given))
    for result, flow in zip(results, plan.outputs.values(), strict=True):
        assert tuple(result.shape[1:]) == flow.shape[1:]
    sum(result.square().mean() for result in results).backward()
    assert all(tensor.grad is not None and tensor.grad.abs().sum() > 0 for tensor in given)
    untouched = [key for key, each in model.named_parameters() if each.grad is None]
    assert not untouched


@pytest.mark.parametrize("name", READY)
def test_every_ready_block_is_laid_out_and_comes_with_words(name):
    document, node = placed(name)
    graph = document.graph
    for block in graph.blocks:
        found = [document.positions[each.id] for each in graph.level(block)]
        assert len(set(found)) == len(found) > 2
    ready = READY[name]
    assert ready.name == name
    assert ready.summary.endswith(".")
    assert ready.category
    assert ready.keywords
    assert document.positions[node] == (0.0, 0.0)


def test_a_definition_is_inserted_once_and_used_again():
    document, _ = placed("dense_block")
    before = len(document.graph.blocks)
    for name in ("dense_block", "dense_layer"):
        document.apply(insert(document, name, (400.0, 0.0)))
    assert len(document.graph.blocks) == before
    assert [node.name for node in document.graph.level() if node.kind == "Block"] == [
        "dense_block",
        "dense_block2",
        "dense_layer",
    ]


def test_a_changed_definition_is_not_taken_for_the_ready_one():
    document, node = placed("residual_basic")
    block = str(document.graph.nodes[node].params["block"])
    inner = document.graph.named("conv1", block)
    document.apply(netloom.graph.edit.set_params(document.graph, inner.id, {"kernel_size": 5, "padding": 2}))
    document.apply(insert(document, "residual_basic", (400.0, 0.0)))
    assert [each.name for each in document.graph.blocks.values()] == ["ResidualBasic", "ResidualBasic2"]


def test_sizes_of_a_ready_block_follow_what_comes_in():
    document, node = placed("residual_basic")
    graph = document.graph
    source = graph.named("x")
    document.apply(netloom.graph.edit.set_params(graph, source.id, {"shape": [24, 8, 8]}))
    plan = netloom.plan(graph)
    assert not plan.problems
    assert plan.nodes[node].arguments["channels"] == 24
    assert "channels" in plan.nodes[node].derived
    document.apply(blocks.set_repeat(graph, node, 3))
    assert netloom.plan(graph).parameters == 3 * plan.parameters
    document.apply(blocks.unpack(document, node, plan.nodes[node].arguments))
    assert netloom.plan(graph).parameters == 3 * plan.parameters


class Basic(nn.Module):
    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        if stride > 1:
            self.conv_skip = nn.Conv2d(channels, out, 1, stride, bias=False)
            self.bn_skip = nn.BatchNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        skip = self.bn_skip(self.conv_skip(x)) if hasattr(self, "conv_skip") else x
        return (skip + y).relu()


class Bottleneck(nn.Module):
    def __init__(self, channels: int, width: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        if stride > 1:
            self.conv_skip = nn.Conv2d(channels, out, 1, stride, bias=False)
            self.bn_skip = nn.BatchNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y)).relu()
        skip = self.bn_skip(self.conv_skip(x)) if hasattr(self, "conv_skip") else x
        return (skip + self.bn3(self.conv3(y))).relu()


class Inverted(nn.Module):
    def __init__(self, channels: int, hidden: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, hidden, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(hidden)
        self.conv2 = nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False)
        self.bn2 = nn.BatchNorm2d(hidden)
        self.conv3 = nn.Conv2d(hidden, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.adds = stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self.bn1(self.conv1(x)))
        y = functional.relu6(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return x + y if self.adds else y


class SqueezeExcitation(nn.Module):
    def __init__(self, channels: int, squeeze: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeeze, 1)
        self.expand = nn.Conv2d(squeeze, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.adaptive_avg_pool2d(x, 1)
        return x * self.expand(self.reduce(y).relu()).sigmoid()


def causal_mask(length: int) -> Tensor:
    return torch.full((length, length), float("-inf")).triu(1)


class Causal(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.attention(x, x, x, attn_mask=causal_mask(x.shape[1]), need_weights=False)[0]


class Layer(nn.Module):
    """An encoder layer, or with a memory a decoder layer, that normalises before or after each step."""

    def __init__(self, width: int, hidden: int, *, first: bool, memory: bool) -> None:
        super().__init__()
        self.first, self.curve = first, functional.gelu if first else functional.relu
        if memory:
            self.self_attention = nn.MultiheadAttention(width, 4, batch_first=True)
            self.cross_attention = nn.MultiheadAttention(width, 4, batch_first=True)
            self.norm3 = nn.LayerNorm(width)
        else:
            self.attention = nn.MultiheadAttention(width, 4, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        if memory is None:
            x = self.step(x, self.norm1, lambda y: self.attention(y, y, y, need_weights=False)[0])
            return self.step(x, self.norm2, self.feed)
        mask = causal_mask(x.shape[1])
        x = self.step(x, self.norm1, lambda y: self.self_attention(y, y, y, attn_mask=mask, need_weights=False)[0])
        x = self.step(x, self.norm2, lambda y: self.cross_attention(y, memory, memory, need_weights=False)[0])
        return self.step(x, self.norm3, self.feed)

    def feed(self, x: Tensor) -> Tensor:
        return self.fc2(self.curve(self.fc1(x)))

    def step(self, x: Tensor, norm: nn.Module, work: Callable[[Tensor], Tensor]) -> Tensor:
        return x + work(norm(x)) if self.first else norm(x + work(x))


class Temporal(nn.Module):
    def __init__(self, channels: int, out: int, dilation: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(channels, out, 3, dilation=dilation, padding=2 * dilation)
        self.conv2 = nn.Conv1d(out, out, 3, dilation=dilation, padding=2 * dilation)
        if channels != out:
            self.project = nn.Conv1d(channels, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        length = x.shape[-1]
        y = self.conv1(x)[..., :length].relu()
        y = self.conv2(y)[..., :length].relu()
        return ((self.project(x) if hasattr(self, "project") else x) + y).relu()


class Gated(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.filter = nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation)
        self.gate = nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.mix(self.filter(x).tanh() * self.gate(x).sigmoid())


class Sinusoidal(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        _, length, width = x.shape
        table = torch.zeros(length, width)
        for step in range(length):
            for pair in range(width // 2):
                angle = torch.tensor(step / 10000.0 ** (2 * pair / width))
                table[step, 2 * pair], table[step, 2 * pair + 1] = angle.sin(), angle.cos()
        return x + table


class Learned(nn.Module):
    def __init__(self, longest: int, width: int) -> None:
        super().__init__()
        self.table = nn.Embedding(longest, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table.weight[: x.shape[1]]


BY_HAND: list[tuple[str, Mapping[str, Any], Callable[[], nn.Module]]] = [
    ("residual_basic", {}, lambda: Basic(16, 16, 1)),
    ("residual_basic_down", {"channels": 24}, lambda: Basic(16, 24, 2)),
    ("bottleneck", {"width": 4}, lambda: Bottleneck(16, 4, 16, 1)),
    ("bottleneck_down", {"width": 8, "channels": 32}, lambda: Bottleneck(16, 8, 32, 2)),
    ("inverted_residual", {"hidden": 48}, lambda: Inverted(16, 48, 16, 1)),
    ("inverted_down", {"hidden": 32, "channels": 12}, lambda: Inverted(16, 32, 12, 2)),
    ("squeeze_excitation", {"squeeze": 4}, lambda: SqueezeExcitation(16, 4)),
    ("encoder_pre_norm", {"hidden": 20}, lambda: Layer(16, 20, first=True, memory=False)),
    ("encoder_post_norm", {"hidden": 20}, lambda: Layer(16, 20, first=False, memory=False)),
    ("decoder_pre_norm", {"hidden": 20}, lambda: Layer(16, 20, first=True, memory=True)),
    ("decoder_post_norm", {"hidden": 20}, lambda: Layer(16, 20, first=False, memory=True)),
    ("causal_self_attention", {"heads": 2}, lambda: Causal(16, 2)),
    ("temporal_block", {"dilation": 4, "padding": [8, 0]}, lambda: Temporal(16, 16, 4)),
    ("temporal_block_widened", {"channels": 10}, lambda: Temporal(16, 10, 1)),
    ("gated_conv", {"dilation": 2}, lambda: Gated(16, 2)),
    ("sinusoidal_positions", {}, Sinusoidal),
    ("learned_positions", {"longest": 9}, lambda: Learned(9, 16)),
]


@pytest.mark.parametrize(("name", "params", "by_hand"), BY_HAND, ids=[each[0] for each in BY_HAND])
def test_ready_blocks_equal_modules_written_by_hand(name, params, by_hand):
    document, _ = placed(name, **params)
    model = netloom.build(document.graph).eval()
    block = next(iter(model.children()), None)
    hand = by_hand().eval()
    for each in hand.modules():
        if isinstance(each, nn.BatchNorm2d):
            nn.init.uniform_(each.running_var, 0.5, 2.0)
    if block is not None:
        block.load_state_dict(hand.state_dict())
    given = tensors(document)
    torch.testing.assert_close(answers(model(*given))[0], hand(*given), rtol=1e-5, atol=1e-6)
