"""Blocks made of selections, unpacked, promoted, shared and taken over: the network stays what it was."""

import pytest

from netloom.errors import DocumentError, GraphError
from netloom.graph import Document, History, Remark, edit, file
from netloom.graph.draft import Draft
from netloom.graph.model import Block, Promoted
from netloom.graph.patch import Change, Patch, Table
from netloom.layers import blocks, ports
from netloom.layers.authoring import Graph
from netloom.layers.edit import check_document, new_node


class Desk:
    """A document with a history; every edit is checked as a file would be, and undone and redone once."""

    def __init__(self, graph: Graph) -> None:
        places = {key: (float(224 * index), 80.0) for index, key in enumerate(graph.nodes)}
        self.document = Document(graph, positions=places)
        self.graph = self.document.graph
        self.history = History(self.document)

    def do(self, patch) -> None:
        before = file.dumps(self.document)
        self.history.do(patch)
        after = file.dumps(self.document)
        check_document(file.loads(after))
        self.history.undo()
        assert file.dumps(self.document) == before
        self.history.redo()
        assert file.dumps(self.document) == after

    def id(self, name: str, parent: str = "") -> str:
        node = self.graph.named(name, parent)
        assert node is not None, name
        return node.id

    def names(self, parent: str = "") -> set[str]:
        return {node.name for node in self.graph.level(parent)}

    def wired(self, parent: str = "") -> set[tuple[str, str, str, str]]:
        name = {key: node.name for key, node in self.graph.nodes.items()}
        return {
            (name[w.source], w.output, name[w.target], w.input)
            for w in self.graph.wires.values()
            if self.graph.nodes[w.source].parent == parent
        }


def residual() -> Desk:
    """image → conv → bn → relu → add ← image, and from there the answer."""
    graph = Graph()
    image = graph.add("Input", "image", shape=(4, 8, 8))
    conv = graph.add("Conv2d", "conv", out_channels=4, kernel_size=3, padding=1)
    norm, relu, add = graph.add("BatchNorm2d", "bn"), graph.add("ReLU", "relu"), graph.add("Add", "add")
    answer = graph.add("Output", "answer")
    for start, end in ((image, conv), (conv, norm), (norm, relu), (relu, add), (image, add), (add, answer)):
        graph.connect(start, end)
    return Desk(graph)


def made(names: tuple[str, ...] = ("conv", "bn", "relu", "add"), title: str = "Residual") -> tuple[Desk, str, str]:
    desk = residual()
    desk.do(blocks.make_block(desk.document, [desk.id(each) for each in names], title))
    node = desk.id(title.lower())
    return desk, node, str(desk.graph.nodes[node].params["block"])


def test_a_selection_becomes_a_block_with_a_port_for_each_crossing_wire():
    desk, node, block = made()
    assert desk.names() == {"image", "residual", "answer"}
    assert desk.names(block) == {"image", "conv", "bn", "relu", "add", "out"}
    assert desk.wired() == {("image", "out", "residual", "image"), ("residual", "out", "answer", "input")}
    assert ("image", "out", "conv", "input") in desk.wired(block)
    assert ("image", "out", "add", "inputs") in desk.wired(block)
    assert desk.document.positions[node] == (560.0, 80.0)
    assert desk.document.positions[desk.id("bn", block)] == (448.0, 80.0), "inside, nodes stay where they were"


def test_unpack_is_the_inverse_of_making_a_block():
    before = residual()
    desk, node, _ = made()
    desk.do(blocks.unpack(desk.document, node))
    assert file.dumps(desk.document) == file.dumps(before.document)


def test_a_selection_without_wires_to_the_outside_gets_ports_where_it_waits():
    graph = Graph()
    conv, relu = graph.add("Conv2d", "conv"), graph.add("ReLU", "relu")
    graph.connect(conv, relu)
    desk = Desk(graph)
    desk.do(blocks.make_block(desk.document, [conv, relu], "Unit"))
    node = graph.nodes[desk.id("unit")]
    assert [port.name for port in ports.inputs(graph, node)] == ["x"]
    assert [port.name for port in ports.outputs(graph, node)] == ["out"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "Select the nodes"),
        (("image", "conv"), "image is an Input of this level"),
        (("answer",), "answer is an Output of this level"),
        (("conv", "twin", "third", "relu"), r"comes back through bn\. Select bn too"),
        (("conv", "loss"), "loss is a loss"),
        (("conv", "optimizer"), "optimizer is an optimizer"),
        (("conv", "data"), "data is a dataset"),
        (("conv", "twin"), "conv shares weights with third, which stays outside"),
        (("third",), "third shares weights with conv, which stays outside"),
    ],
)
def test_selections_that_cannot_be_a_block_are_refused_in_plain_words(names, words):
    desk = residual()
    graph: Graph = desk.graph
    conv = desk.id("conv")
    graph.add("Conv2d", "twin", share=conv)
    graph.add("Conv2d", "third", share=conv)
    graph.add("Dataset", "data")
    graph.add("MSELoss", "loss")
    graph.add("AdamW", "optimizer")
    with pytest.raises(GraphError, match=words):
        blocks.make_block(desk.document, [desk.id(each) for each in names], "Unit")


def test_names_that_a_block_cannot_have_are_refused():
    desk, node, block = made()
    with pytest.raises(GraphError, match="Not a name"):
        blocks.make_block(desk.document, [node], "my block")
    with pytest.raises(GraphError, match="already a block called Residual"):
        blocks.make_block(desk.document, [node], "Residual")
    with pytest.raises(GraphError, match="Not a name"):
        blocks.rename_block(desk.graph, block, "1st")
    desk.do(blocks.rename_block(desk.graph, block, "Skip"))
    assert desk.graph.blocks[block].name == "Skip"


def test_renaming_a_port_leads_the_wires_of_all_uses_along():
    desk, _, block = made()
    desk.do(blocks.rename_port(desk.graph, block, "image", "x"))
    desk.do(blocks.rename_port(desk.graph, block, "out", "y"))
    assert desk.wired() == {("image", "out", "residual", "x"), ("residual", "y", "answer", "input")}
    with pytest.raises(GraphError, match="no port 'conv'"):
        blocks.rename_port(desk.graph, block, "conv", "z")


def test_ports_are_added_moved_and_removed():
    desk, node, block = made()
    desk.do(blocks.add_port(desk.document, block, "input", "skip"))
    desk.do(blocks.add_port(desk.document, block, "output"))

    def names(side) -> list[str]:
        return [port.name for port in side(desk.graph, desk.graph.nodes[node])]

    assert (names(ports.inputs), names(ports.outputs)) == (["image", "skip"], ["out", "y"])
    desk.do(blocks.move_port(desk.graph, block, "skip", 0))
    assert (names(ports.inputs), names(ports.outputs)) == (["skip", "image"], ["out", "y"])
    desk.do(blocks.remove_port(desk.document, block, "image"))
    assert names(ports.inputs) == ["skip"]
    assert desk.wired() == {("residual", "out", "answer", "input")}
    assert desk.id("skip", block) in desk.graph.blocks[block].ports


def test_promoted_parameters_are_the_blocks_own():
    desk, node, block = made()
    conv = desk.id("conv", block)
    desk.do(blocks.promote(desk.graph, conv, "out_channels", "width"))
    width = ports.params(desk.graph, desk.graph.nodes[node])[-1]
    assert (width.name, width.default, width.minimum) == ("width", 4, 1)
    desk.do(edit.set_params(desk.graph, node, {"width": 16}))
    with pytest.raises(GraphError, match="is a parameter of block Residual already"):
        blocks.promote(desk.graph, conv, "out_channels", "other")
    with pytest.raises(GraphError, match="width goes to out_channels of conv already"):
        blocks.promote(desk.graph, desk.id("bn", block), "affine", "width")
    with pytest.raises(GraphError, match="repeat is what every block has"):
        blocks.promote(desk.graph, conv, "kernel_size", "repeat")
    desk.do(blocks.demote(desk.graph, block, "width"))
    assert "width" not in desk.graph.nodes[node].params
    with pytest.raises(GraphError, match="not inside a block"):
        blocks.promote(desk.graph, desk.id("image"), "shape")


def test_one_name_for_several_places_begins_with_one_value():
    desk, _, block = made()
    desk.do(blocks.promote(desk.graph, desk.id("conv", block), "out_channels", "width"))
    desk.graph.apply(edit.add(new(desk, "Conv2d", "second", block), "").changes)
    desk.do(blocks.promote(desk.graph, desk.id("second", block), "out_channels", "width"))
    assert desk.graph.nodes[desk.id("second", block)].params["out_channels"] == 4


def new(desk: Desk, kind: str, name: str, parent: str = ""):
    return new_node(desk.graph, kind, name, parent=parent)


@pytest.mark.parametrize("repeat", [1, 2])
def test_what_people_see_in_a_block_comes_out_with_its_nodes(repeat):
    desk, node, block = made()
    conv, norm = desk.id("conv", block), desk.id("bn", block)
    note = Remark("b1r1", "note", "why it works", (448.0, 200.0), (200.0, 80.0), "", block)
    seen: list[tuple[Table, object, object]] = [
        ("comment", conv, "see the paper"),
        ("collapsed", norm, True),
        ("bend", (norm, "input", 0), ((400.0, 80.0),)),
        ("remark", note.id, note),
    ]
    desk.do(Patch("See", tuple(Change(table, key, None, new) for table, key, new in seen)))
    desk.do(edit.set_params(desk.graph, node, {"repeat": repeat}))
    desk.do(blocks.unpack(desk.document, node))
    document = desk.document
    assert list(document.comments.values()) == ["see the paper"] * repeat
    norms = ["bn", "bn2"][:repeat]
    assert [desk.graph.nodes[key].name for key in document.collapsed] == norms
    assert [desk.graph.nodes[target].name for target, _, _ in document.bends] == norms
    assert [(each.text, each.parent) for each in document.remarks.values()] == [("why it works", "")] * repeat
    x, y = document.positions[desk.id("bn")]
    first = min(document.remarks.values(), key=lambda each: each.place)
    assert (first.place[0] - x, first.place[1] - y) == (0.0, 120.0)


def test_unpack_writes_promoted_values_into_the_copies_and_unrolls_repeats():
    desk, node, block = made()
    desk.do(blocks.promote(desk.graph, desk.id("conv", block), "out_channels", "width"))
    desk.do(edit.set_params(desk.graph, node, {"width": 8}))
    desk.do(blocks.set_repeat(desk.graph, node, 3))
    desk.do(blocks.unpack(desk.document, node))
    convs = [each for each in desk.graph.nodes.values() if each.kind == "Conv2d"]
    assert [each.params["out_channels"] for each in convs] == [8, 8, 8]
    assert ("add", "output", "conv2", "input") in desk.wired()
    assert ("add2", "output", "add3", "inputs") in desk.wired()
    assert ("add3", "output", "answer", "input") in desk.wired()
    assert not desk.graph.blocks


def test_a_repeat_must_be_one_that_can_be():
    desk, node, _ = made()
    with pytest.raises(GraphError, match="repeat of Block expects"):
        blocks.set_repeat(desk.graph, node, 0)
    desk.do(blocks.set_repeat(desk.graph, node, 400))
    with pytest.raises(GraphError, match="at most 500"):
        blocks.unpack(desk.document, node)
    desk.do(blocks.set_repeat(desk.graph, node, 1))
    assert "repeat" not in desk.graph.nodes[node].params


def test_making_a_block_of_its_own_changes_nothing_else():
    desk, node, block = made()
    with pytest.raises(GraphError, match="changes residual alone"):
        blocks.duplicate_definition(desk.document, node)
    graph: Graph = desk.graph
    twin = graph.add("Block", "twin", block=block)
    desk.do(blocks.duplicate_definition(desk.document, twin))
    other = str(graph.nodes[twin].params["block"])
    assert other != block
    assert graph.blocks[other].name == "Residual2"
    assert desk.wired(other) == desk.wired(block)
    assert desk.document.positions[desk.id("bn", other)] == desk.document.positions[desk.id("bn", block)]


def test_blocks_in_blocks_hand_parameters_through():
    desk, node, block = made()
    desk.do(blocks.promote(desk.graph, desk.id("conv", block), "out_channels", "width"))
    desk.do(edit.set_params(desk.graph, node, {"width": 8}))
    desk.do(blocks.make_block(desk.document, [desk.id("conv", block), desk.id("bn", block)], "ConvNorm"))
    inner = desk.graph.named("conv_norm", block)
    assert desk.graph.blocks[block].params == (Promoted("width", inner.id, "width"),)
    assert ports.param_of(desk.graph, node, "width").default == 8
    desk.do(blocks.unpack(desk.document, inner.id))
    assert desk.graph.blocks[block].params == (Promoted("width", desk.id("conv", block), "out_channels"),)


def test_what_an_optimizer_updates_follows_into_a_block_and_out_again():
    desk = residual()
    conv, norm = desk.id("conv"), desk.id("bn")
    optimizer = desk.graph.add("AdamW", "optimizer", updates=(conv, norm))
    desk.do(blocks.make_block(desk.document, [conv, norm], "ConvNorm"))
    block = desk.id("conv_norm")
    assert desk.graph.nodes[optimizer].params["updates"] == [block]
    desk.do(blocks.unpack(desk.document, block))
    assert desk.graph.nodes[optimizer].params["updates"] == [conv, norm]


def test_a_definition_goes_with_its_last_use_and_comes_back_by_undo():
    desk, node, block = made()
    twin = desk.graph.add("Block", "twin", block=block)
    desk.do(edit.remove(desk.document, [twin]))
    assert block in desk.graph.blocks
    desk.do(edit.remove(desk.document, [node]))
    assert not desk.graph.blocks
    assert desk.names() == {"image", "answer"}


def test_removing_what_is_promoted_or_a_port_clears_every_use():
    desk, node, block = made()
    conv = desk.id("conv", block)
    desk.do(blocks.promote(desk.graph, conv, "out_channels", "width"))
    desk.do(edit.set_params(desk.graph, node, {"width": 8}))
    desk.do(edit.remove(desk.document, [conv, desk.id("out", block)]))
    assert desk.graph.nodes[node].params == {"block": block}
    assert desk.graph.blocks[block].params == ()
    assert desk.wired() == {("image", "out", "residual", "image")}


def test_weights_are_shared_by_nodes_of_one_kind():
    desk = residual()
    graph: Graph = desk.graph
    conv, twin = desk.id("conv"), graph.add("Conv2d", "twin", out_channels=9)
    third = graph.add("Conv2d", "third")
    desk.do(blocks.share(graph, third, twin))
    desk.do(blocks.share(graph, twin, conv))
    assert {graph.nodes[key].share for key in (twin, third)} == {conv}
    assert graph.nodes[third].params == graph.nodes[conv].params
    desk.do(edit.set_params(graph, twin, {"out_channels": 6}))
    assert graph.nodes[conv].params["out_channels"] == graph.nodes[third].params["out_channels"] == 6
    desk.do(edit.remove(desk.document, [conv]))
    assert (graph.nodes[twin].share, graph.nodes[third].share) == ("", twin)
    assert graph.nodes[third].params["out_channels"] == 6
    with pytest.raises(GraphError, match="bn is a BatchNorm2d and twin is a Conv2d"):
        blocks.share(graph, desk.id("bn"), third)
    with pytest.raises(GraphError, match="other has no weights to share"):
        blocks.share(graph, graph.add("Add", "other"), desk.id("add"))
    desk.do(blocks.unshare(graph, third))
    with pytest.raises(GraphError, match="third has weights of its own"):
        blocks.unshare(graph, third)


def test_a_linear_without_bias_reads_the_table_of_an_embedding():
    graph = Graph()
    table = graph.add("Embedding", "table", num_embeddings=100, embedding_dim=8)
    head = graph.add("Linear", "head")
    graph.add("Linear", "other", share=table)
    desk = Desk(graph)
    desk.do(blocks.share(graph, head, table))
    assert graph.nodes[head].params == {"out_features": 100, "bias": False}
    with pytest.raises(GraphError, match="second is an Embedding and own is a Linear"):
        blocks.share(graph, graph.add("Embedding", "second"), graph.add("Linear", "own"))


def test_blocks_share_weights_where_they_show_one_definition():
    desk, node, block = made()
    graph: Graph = desk.graph
    twin = graph.add("Block", "twin", block=block)
    desk.do(blocks.share(graph, twin, node))
    assert graph.nodes[graph.add("Block", "third", share=node)].params == {"block": block}
    with pytest.raises(GraphError, match="shares its weights"):
        blocks.unpack(desk.document, node)
    stranger = graph.add("Block", "stranger", block=graph.define("Other"))
    with pytest.raises(GraphError, match="stranger and residual show different blocks"):
        blocks.share(graph, stranger, node)


def test_a_definition_of_another_document_is_taken_once():
    desk, _, block = made()
    desk.do(blocks.make_block(desk.document, [desk.id("conv", block), desk.id("bn", block)], "ConvNorm"))
    target = Document(Graph())
    for _ in range(2):
        draft = Draft(target.graph)
        key = blocks.adopt(draft, desk.document, block)
        target.apply(draft.patch("Insert"))
    check_document(target)
    assert sorted(each.name for each in target.graph.blocks.values()) == ["ConvNorm", "Residual"]
    assert len(list(target.graph.level(key))) == len(list(desk.graph.level(block)))


@pytest.mark.parametrize(
    ("params", "found", "words"),
    [
        ((Promoted("width", "n99", "p"),), "graph.blocks[0].params[0]", "leads to node 'n99'"),
        ((Promoted("a b", "", ""),), "graph.blocks[0].params[0]", "Not a name"),
        ((Promoted("block", "", ""),), "graph.blocks[0].params[0]", "every block has"),
    ],
)
def test_a_file_with_wrong_promotions_is_refused_with_its_place(params, found, words):
    desk, _, block = made()
    old = desk.graph.blocks[block]
    desk.graph.apply([Change("block", block, old, Block(block, old.name, old.ports, params))])
    with pytest.raises(DocumentError, match=words) as caught:
        check_document(desk.document)
    assert caught.value.where == found


def test_a_file_with_wrong_ports_shares_or_values_is_refused_with_its_place():
    desk, node, block = made()
    old = desk.graph.blocks[block]
    for wrong, words in ((desk.id("bn", block), "no Input or Output"), ("n99", "no Input or Output")):
        desk.graph.apply([Change("block", block, desk.graph.blocks[block], Block(block, old.name, (wrong,)))])
        with pytest.raises(DocumentError, match=words):
            check_document(desk.document)
    desk.graph.apply([Change("block", block, desk.graph.blocks[block], old)])
    wrong = edit.set_params(desk.graph, node, {"width": 8})
    desk.graph.apply(wrong.changes)
    with pytest.raises(DocumentError, match="Block Residual has no parameter 'width'"):
        check_document(desk.document)


def test_a_block_is_not_unpacked_where_its_ports_let_pass_what_no_wire_may_carry():
    graph = Graph()
    block = graph.define("Look")
    entry, table = graph.add("Input", "x", block), graph.add("Embedding", "table", block)
    graph.connect(entry, table)
    graph.connect(table, graph.add("Output", "y", block))
    node = graph.add("Block", "look", block=block, repeat=2)
    with pytest.raises(GraphError, match="look cannot be unpacked: input of table2 takes whole numbers, output of tab"):
        blocks.unpack(Document(graph), node)
    desk = Desk(graph)
    desk.do(blocks.set_repeat(graph, node, 1))
    desk.do(blocks.unpack(desk.document, node))


def test_nodes_that_share_weights_keep_one_set_of_parameters_when_they_are_unpacked():
    graph = Graph()
    block = graph.define("Twice")
    entry, first = graph.add("Input", "x", block), graph.add("Linear", "first", block, out_features=4)
    again = graph.add("Linear", "again", block, first)
    graph.connect(entry, first)
    graph.connect(first, again)
    graph.connect(again, graph.add("Output", "y", block))
    graph.promote(block, "width", first, "out_features")
    desk = Desk(graph)
    node = graph.add("Block", "twice", block=block, width=8)
    desk.do(blocks.unpack(desk.document, node))
    assert {graph.named(name).params["out_features"] for name in ("first", "again")} == {8}


def test_what_an_optimizer_updates_is_taken_off_its_list_when_it_is_deleted():
    desk = residual()
    conv, norm = desk.id("conv"), desk.id("bn")
    optimizer = desk.graph.add("AdamW", "optimizer", updates=(conv, norm))
    desk.do(edit.remove(desk.document, [conv]))
    assert desk.graph.nodes[optimizer].params["updates"] == [norm]
    desk.do(edit.remove(desk.document, [norm]))
    assert desk.graph.nodes[optimizer].params["updates"] == [norm], "an empty list would mean every layer"


def test_what_an_optimizer_updates_is_taken_off_its_list_with_the_block_that_held_it():
    desk, node, block = made()
    inside = next(each.id for each in desk.graph.level(block) if each.kind == "Conv2d")
    optimizer = desk.graph.add("AdamW", "optimizer", updates=(desk.graph.add("Linear"), inside))
    desk.do(edit.remove(desk.document, [node]))
    assert len(desk.graph.nodes[optimizer].params["updates"]) == 1
