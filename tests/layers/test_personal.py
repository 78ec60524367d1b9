"""Blocks of one's own: kept, listed, renamed, deleted and put into other documents; damaged files do no harm."""

import pytest

import netloom
from netloom.errors import GraphError
from netloom.graph import Document, file
from netloom.layers.authoring import Graph
from netloom.layers.edit import check_document
from netloom.layers.library import insert
from netloom.layers.personal import delete, insert_personal, keep, personal, rename


@pytest.fixture
def document() -> Document:
    made = Document(Graph())
    made.apply(insert(made, "dense_block", (0.0, 0.0)))
    return made


def block_of(document: Document, name: str) -> str:
    return next(key for key, each in document.graph.blocks.items() if each.name == name)


def test_a_block_is_kept_with_all_that_stands_in_it_and_comes_back(document, tmp_path):
    folder = tmp_path / "blocks"
    assert personal(folder) == ([], [])
    path = keep(document, block_of(document, "DenseBlock"), folder)
    assert path.name == "DenseBlock.loom"
    (found,), damaged = personal(folder)
    assert (found.name, damaged) == ("DenseBlock", [])
    target = Document(Graph())
    for x in (0.0, 300.0):
        target.apply(insert_personal(target, found, (x, 0.0)))
    check_document(file.loads(file.dumps(target)))
    assert sorted(each.name for each in target.graph.blocks.values()) == ["DenseBlock", "DenseLayer"]
    shape = target.graph.add("Input", "x", shape=(8, 6, 6))
    for name in ("dense_block", "dense_block2"):
        target.graph.connect(shape, target.graph.named(name).id)
    plan = netloom.plan(target.graph)
    assert {plan.nodes[target.graph.named(name).id].block.parameters for name in ("dense_block", "dense_block2")} != {0}


def test_kept_blocks_are_the_same_bytes_each_time(document, tmp_path):
    block = block_of(document, "DenseLayer")
    first, second = keep(document, block, tmp_path / "a"), keep(document, block, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_names_are_checked_before_a_file_is_touched(document, tmp_path):
    block = block_of(document, "DenseLayer")
    for name in ("../evil", "a b", "class", "x" * 60, "/etc/passwd", "."):
        with pytest.raises(GraphError, match="Not a name"):
            keep(document, block, tmp_path, name)
        with pytest.raises(GraphError, match="Not a name"):
            delete(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_taken_is_replaced_only_on_request(document, tmp_path):
    keep(document, block_of(document, "DenseLayer"), tmp_path, "Mine")
    with pytest.raises(GraphError, match="called Mine already"):
        keep(document, block_of(document, "DenseBlock"), tmp_path, "Mine")
    keep(document, block_of(document, "DenseBlock"), tmp_path, "Mine", replace=True)
    (found,), _ = personal(tmp_path)
    assert len(found.document.graph.blocks) == 2


def test_blocks_are_renamed_and_deleted(document, tmp_path):
    keep(document, block_of(document, "DenseLayer"), tmp_path, "Mine")
    keep(document, block_of(document, "DenseBlock"), tmp_path, "Other")
    with pytest.raises(GraphError, match="called Other already"):
        rename(tmp_path, "Mine", "Other")
    rename(tmp_path, "Mine", "Yours")
    found, _ = personal(tmp_path)
    assert [each.name for each in found] == ["Other", "Yours"]
    assert found[1].document.graph.blocks[found[1].block].name == "Yours"
    delete(tmp_path, "Yours")
    delete(tmp_path, "Yours")
    assert [each.name for each in personal(tmp_path)[0]] == ["Other"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("cut.loom", '{"format": 1, "graph"', "not complete JSON"),
        ("binary.loom", "\udcff", "not UTF-8"),
        ("empty.loom", '{"format": 1, "graph": {}}', "holds no single block"),
        ("newer.loom", '{"format": 99, "graph": {}}', "format 99"),
        ("kind.loom", '{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "Foo", "name": "a"}]}}', "no kind"),
    ],
)
def test_damaged_files_are_told_and_skipped(document, tmp_path, name, text, words):
    keep(document, block_of(document, "DenseLayer"), tmp_path)
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    found, (damaged,) = personal(tmp_path)
    assert [each.name for each in found] == ["DenseLayer"]
    assert damaged.path.name == name
    assert words in damaged.reason


def test_a_file_with_a_name_that_no_block_can_have_is_told(document, tmp_path):
    path = keep(document, block_of(document, "DenseLayer"), tmp_path)
    path.rename(tmp_path / "my block.loom")
    (tmp_path / "huge.loom").write_bytes(b" " * ((16 << 20) + 1))
    found, damaged = personal(tmp_path)
    assert not found
    assert ["larger than 16 MB" in damaged[0].reason, "no name of a block" in damaged[1].reason] == [True, True]


def test_a_folder_that_refuses_is_told(document, tmp_path):
    (tmp_path / "blocks").write_text("a file where the folder should be")
    with pytest.raises(GraphError, match="cannot be saved"):
        keep(document, block_of(document, "DenseLayer"), tmp_path / "blocks")
