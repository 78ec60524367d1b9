"""New nodes, ports of blocks, graphs written in Python, and the check that every opened document goes through."""

import msgspec
import pytest

from netloom.errors import DocumentError, GraphError
from netloom.graph import Block, Document, Node, Training, Wire
from netloom.graph.edit import set_params
from netloom.graph.model import Promoted
from netloom.graph.patch import Change
from netloom.layers import ports
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.layers.datasets import DATASETS, TABLES, TOYS, columns_for
from netloom.layers.edit import check_document, new_node


def document(*records: Node | Wire | Block, training: Training | None = None) -> Document:
    """A document with these records and no check of kinds, as after reading a file."""
    tables = {Block: "block", Node: "node", Wire: "wire"}
    made = Document(training=training)
    made.graph.apply(
        Change(tables[type(each)], each.key if isinstance(each, Wire) else each.id, None, each) for each in records
    )
    return made


def test_new_nodes_have_free_ids_names_and_starting_values():
    graph = Graph()
    names = [graph.nodes[graph.add("Conv2d")].name for _ in range(3)]
    assert names == ["conv", "conv2", "conv3"]
    assert new_node(graph, "LSTM").params == {"batch_first": True}
    assert new_node(graph, "LSTM", params={"batch_first": False}).params == {"batch_first": False}
    assert new_node(graph, "ReLU", "act").name == "act"


@pytest.mark.parametrize("kind", [kind for kind in SPECS if kind != "Block"])
def test_every_kind_can_be_added(kind):
    graph = Graph()
    graph.add(kind)
    check_document(Document(graph))


@pytest.mark.parametrize("name", ["", "class", "a b", "x\n", "__init__", "1st", "a" * 49, "'"])
def test_names_that_are_no_identifiers_are_refused(name):
    with pytest.raises(GraphError, match="Not a name"):
        new_node(Graph(), "ReLU", name)


def test_authoring_reads_like_the_contract():
    graph = Graph()
    x = graph.add("Input", name="x", shape=(1, 28, 28))
    conv = graph.add("Conv2d", out_channels=8, kernel_size=3)
    graph.connect(x, "out", conv, "input")
    assert graph.nodes[x].params == {"shape": [1, 28, 28]}
    assert list(graph.wires.values()) == [Wire(x, "out", conv, "input")]
    with pytest.raises(GraphError, match="out_channels"):
        graph.add("Conv2d", out_channels=0)
    with pytest.raises(GraphError, match="already a node called x"):
        graph.add("Input", name="x")


def block_graph() -> tuple[Graph, str]:
    graph = Graph()
    stem = graph.define("Stem")
    start, extra = graph.add("Input", "x", stem), graph.add("Input", "skip", stem)
    add, end = graph.add("Add", parent=stem), graph.add("Output", "y", stem)
    for source, target in ((start, add), (extra, add), (add, end)):
        graph.connect(source, target)
    return graph, stem


def test_ports_of_a_block_are_the_names_of_its_inputs_and_outputs():
    graph, stem = block_graph()
    node = graph.nodes[graph.add("Block", block=stem)]
    assert [port.name for port in ports.inputs(graph, node)] == ["x", "skip"]
    assert [port.name for port in ports.outputs(graph, node)] == ["y"]
    relu = graph.add("ReLU")
    graph.connect(relu, "output", node.id, "skip")
    graph.connect(node.id, graph.add("Linear"))
    check_document(Document(graph))


def test_a_block_node_needs_a_definition_that_does_not_hold_it():
    graph, stem = block_graph()
    with pytest.raises(GraphError, match="does not exist"):
        graph.add("Block", block="b9")
    with pytest.raises(GraphError, match="does not exist"):
        graph.add("Block")
    with pytest.raises(GraphError, match="Block Stem would hold itself"):
        graph.add("Block", parent=stem, block=stem)
    outer = graph.define("Outer")
    graph.add("Block", parent=outer, block=stem)
    with pytest.raises(GraphError, match="would hold itself"):
        graph.add("Block", parent=stem, block=outer)


def test_ports_of_a_dataset_are_its_columns():
    graph = Graph()
    for source, info in DATASETS.items():
        node = graph.nodes[graph.add("Dataset", source=source)]
        found = ports.outputs(graph, node)
        assert [port.name for port in found] == [column.name for column in info.columns]
        assert [port.flow for port in found] == ["integer" if c.dtype == "int64" else "float" for c in info.columns]


def test_datasets_describe_their_columns():
    assert set(TABLES) | set(TOYS) | {"digits"} == set(DATASETS)
    image, label = columns_for({})
    assert (image.shape, image.meaning, len(label.classes)) == ((1, 8, 8), "image", 10)
    assert all(info.summary and info.license_note and info.rows > 100 for info in DATASETS.values())
    with pytest.raises(GraphError, match="no dataset 'mnist'"):
        columns_for({"source": "mnist"})


A, B = Node("n1", "ReLU", "a"), Node("n2", "Linear", "b")


@pytest.mark.parametrize(
    ("records", "where", "words"),
    [
        ([A, Node("n2", "Foo", "b")], "graph.nodes[1].kind", "no kind of node called 'Foo'"),
        ([Node("n1", "ReLU", "a", {"slope": 1})], "graph.nodes[0].params.slope", "has no parameter"),
        ([Node("n1", "ReLU", "a", {"x'\n": 1})], 'graph.nodes[0].params."x\'\\n"', "has no parameter"),
        ([A, Node("n2", "Linear", "b", {"out_features": "10"})], "graph.nodes[1].params.out_features", "received '10'"),
        ([Node("n1", "Dropout", "a", {"p": float("nan")})], "graph.nodes[0].params.p", "received nan"),
        ([Node("n1\n", "ReLU", "a")], "graph.nodes[0].id", "an id is letters"),
        ([Node("n1", "Block", "a", {"block": "b1"})], "graph.nodes[0].params.block", "does not exist"),
        ([Node("n1", "Block", "a", {"block": ["b1"]})], "graph.nodes[0].params.block", "does not exist"),
        ([A, Node("n2", "Linear", "b", share="n1")], "graph.nodes[1].share", "b is a Linear and a is a ReLU"),
        ([Node("n1", "Add", "a"), Node("n2", "Add", "b", share="n1")], "graph.nodes[1].share", "no weights to share"),
        (
            [Node("n1", "Embedding", "a"), Node("n2", "Linear", "b", share="n1")],
            "graph.nodes[1].share",
            "only without a bias",
        ),
        ([Block("b1;", "Stem")], "graph.blocks[0].id", "an id is letters"),
        (
            [Block("b1", "S"), Node("n1", "Block", "s", {"block": "b1"}, "b1")],
            "graph.nodes[0].params.block",
            "hold itself",
        ),
        ([A, B, Wire("n1", "output", "n2", "x")], "graph.wires[0]", "has no input 'x'"),
        ([A, B, Wire("n1", "y", "n2", "input")], "graph.wires[0]", "has no output 'y'"),
        ([A, B, Wire("n1", "output", "n2", "input", 3)], "graph.wires[0]", "takes one wire"),
    ],
)
def test_check_document_says_where(records, where, words):
    with pytest.raises(DocumentError) as caught:
        check_document(document(*records))
    assert caught.value.where == where
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", 10**9),
        ("batch_size", -1),
        ("seed", -1),
        ("device", "cpu; rm"),
        ("device", ""),
        ("device", "cuda:x"),
    ],
)
def test_check_document_looks_at_the_training(name, value):
    training = msgspec.structs.replace(Training(), **{name: value})
    with pytest.raises(DocumentError) as caught:
        check_document(document(A, training=training))
    assert caught.value.where == f"training.{name}"


def test_check_document_accepts_what_is_right():
    check_document(document(A, B, Wire("n1", "output", "n2", "input"), training=Training(device="cuda:1")))


def nested(depth: int) -> Document:
    """Blocks in blocks; each hands out the parameter of the next one, twice."""
    records: list[Node | Wire | Block] = [Node("n0", "Linear", "inner", {}, "b0")]
    records.append(Block("b0", "B0", params=(Promoted("width", "n0", "out_features"),)))
    for level in range(1, depth):
        inner = f"b{level - 1}"
        records += [Node(f"n{level}", "Block", "one", {"block": inner}, f"b{level}")]
        records += [Node(f"m{level}", "Block", "two", {"block": inner}, f"b{level}")]
        handed = tuple(Promoted("width", f"{letter}{level}", "width") for letter in "nm")
        records.append(Block(f"b{level}", f"B{level}", params=handed))
    records.append(Node("top", "Block", "top", {"block": f"b{depth - 1}", "width": 8}))
    return document(*sorted(records, key=lambda each: not isinstance(each, Block)))


def test_parameters_handed_through_many_blocks_are_checked_in_no_time():
    made = nested(30)
    check_document(made)
    wrong = msgspec.structs.replace(made.graph.nodes["top"], params={"block": "b29", "width": 0})
    made.graph.apply([Change("node", "top", made.graph.nodes["top"], wrong)])
    with pytest.raises(DocumentError, match=r"width of block B29 expects a whole number of at least 1.*received 0"):
        check_document(made)


def test_blocks_too_deep_in_each_other_are_refused():
    with pytest.raises(DocumentError, match="more than 200 deep"):
        check_document(nested(205))


def test_a_document_whose_wire_waits_for_a_port_to_come_back_can_be_opened():
    graph = Graph()
    data, loss = graph.add("Dataset", "data", source="digits"), graph.add("CrossEntropyLoss", "loss")
    graph.connect(data, "label", loss, "target")
    graph.apply(set_params(graph, data, {"source": "diabetes"}).changes)
    attention = graph.add("MultiheadAttention", "attention")
    graph.connect(attention, "weights", graph.add("Output", "seen"), "input")
    graph.apply(set_params(graph, attention, {"need_weights": False}).changes)
    check_document(Document(graph))
    for name in ("weights", "label"):
        wire = next(each for each in graph.wires.values() if each.output == name)
        wrong = msgspec.structs.replace(wire, output="no name")
        graph.apply([Change("wire", wire.key, wire, wrong)])
        with pytest.raises(DocumentError, match="no output 'no name'"):
            check_document(Document(graph))
        graph.apply([Change("wire", wire.key, wrong, wire)])
