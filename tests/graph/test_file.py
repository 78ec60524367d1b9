"""The `.loom` file: what is written reads back the same, what is wrong is refused with its place."""

import json
import os
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from netloom.errors import DocumentError, NewerFormatError
from netloom.graph import (
    Block,
    Bookmark,
    Change,
    Document,
    Node,
    Patch,
    Remark,
    Training,
    View,
    Wire,
    file,
    load,
    save,
)
from netloom.graph.document import VIEW


def document() -> Document:
    made = Document(training=Training(epochs=7, seed=3))
    nodes = [
        Node("n1", "Input", "image", {"shape": [1, 28, 28]}),
        Node("n2", "Conv2d", "conv", {"kernel_size": [3, 3], "bias": False, "padding": "same"}),
        Node("n10", "ReLU", "relu"),
        Node("n11", "ReLU", "inner", parent="b1"),
    ]
    wires = [Wire("n1", "out", "n2", "input"), Wire("n2", "output", "n10", "input")]
    made.graph.apply(
        [
            Change("block", "b1", None, Block("b1", "Residual")),
            *(Change("node", node.id, None, node) for node in nodes),
            *(Change("wire", wire.key, None, wire) for wire in wires),
        ]
    )
    return Document(made.graph, made.training, {"n1": (0.0, 0.0), "n2": (216.5, -8.0)})


def raw() -> dict[str, Any]:
    return json.loads(file.dumps(document()))


def test_what_is_saved_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.loom"
    save(document(), path)
    found = load(path)
    expected = document()
    assert dict(found.graph.nodes) == dict(expected.graph.nodes)
    assert dict(found.graph.wires) == dict(expected.graph.wires)
    assert dict(found.graph.blocks) == dict(expected.graph.blocks)
    assert found.positions == expected.positions
    assert found.training == expected.training


def test_a_node_is_a_line_and_the_order_is_stable() -> None:
    text = file.dumps(document()).decode()
    lines = [line for line in text.splitlines() if '"kind"' in line]
    assert [json.loads(line.rstrip(","))["id"] for line in lines] == ["n1", "n2", "n10", "n11"]
    assert file.dumps(file.loads(text.encode())).decode() == text


def seen() -> Document:
    """A document with a record in every table of the view."""
    found = document()
    bends = {("n2", "input", 0): ((8.0, 16.0), (24.0, 16.0)), ("n10", "input", 0): ((300.0, 0.0),)}
    remarks = {
        "r2": Remark("r2", "note", "look here", (0.0, 80.0), (160.0, 80.0)),
        "r10": Remark("r10", "frame", "inside", (1.5, 2.5), (10.0, 20.0), "blue", "b1"),
    }
    view = View(
        found.positions,
        {"n2": True, "n10": True},
        {"n1": "pixels", "n10": "größer\nals null"},
        bends,
        remarks,
        {"1": Bookmark((5.0, 6.0), 0.5), "2": Bookmark((7.0, 8.0), 2.0, ("n3",))},
        {"b1": "down"},
    )
    return Document(found.graph, found.training, view=view)


def test_all_that_is_seen_reads_back_the_same() -> None:
    found = file.loads(file.dumps(seen()))
    for table in VIEW:
        assert found.table(table)
        assert dict(found.table(table)) == dict(seen().table(table)), table


def test_a_record_of_the_view_is_a_line_in_an_order_that_edits_do_not_change() -> None:
    text = file.dumps(seen()).decode()
    for word in ('"comments"', '"größer', '"look here"', '"inside"', '"down"', "[300.0, 0.0]", '"zoom": 2.0'):
        assert sum(word in line for line in text.splitlines()) == 1
    assert text.index('"look here"') < text.index('"inside"'), "r2 stands before r10"
    other = document()
    for table in reversed(VIEW):
        records = dict(reversed(seen().table(table).items()))
        new = [Change(table, key, other.table(table).get(key), record) for key, record in records.items()]
        other.apply(Patch("See", tuple(new)))
    assert file.dumps(other).decode() == text


@pytest.mark.parametrize(
    ("table", "record", "where"),
    [
        ("collapsed", ["n77"], "view.collapsed"),
        ("collapsed", [1], "view.collapsed[0]"),
        ("comments", {"n77": "hello"}, "view.comments"),
        ("bends", [{"target": "n1", "input": "input", "points": [[0, 0]]}], "view.bends"),
        ("bends", [{"target": "n2", "input": "input", "points": [[0]]}], "view.bends[0].points[0]"),
        ("bends", [{"target": "n2", "input": "input", "points": []}] * 2, "view.bends[1]"),
        (
            "remarks",
            [{"id": "r", "kind": "note", "text": "", "place": [0, 0], "size": [1, 1], "parent": "b7"}],
            "view.remarks",
        ),
        ("remarks", [{"id": "r", "kind": "note", "text": "", "place": [0, 0], "size": [1, 1]}] * 2, "view.remarks[1]"),
        (
            "remarks",
            [{"id": "r", "kind": "cloud", "text": "", "place": [0, 0], "size": [1, 1]}],
            "view.remarks[0].kind",
        ),
        ("remarks", [{"id": "r", "kind": "note", "text": "", "place": [0, 0], "size": [1, 1e999]}], "view.remarks"),
        ("bookmarks", {"1": {"middle": [0, 0]}}, "view.bookmarks[...]"),
        ("bookmarks", {"1": {"middle": [0, 0], "zoom": 1e999}}, "view.bookmarks"),
        ("directions", {"b7": "down"}, "view.directions"),
        ("directions", {"": "up"}, "view.directions[...]"),
        ("stars", {}, "view"),
    ],
)
def test_what_is_wrong_in_the_view_is_named_with_its_place(table: str, record: object, where: str) -> None:
    content = raw()
    content["view"][table] = record
    with pytest.raises(DocumentError) as caught:
        file.loads(json.dumps(content).replace("Infinity", "1e999").encode())
    assert caught.value.where == where


def test_an_empty_document_reads_back() -> None:
    assert file.dumps(file.loads(file.dumps(Document()))) == file.dumps(Document())


def test_a_file_of_a_newer_version_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "future.loom"
    path.write_text(json.dumps(raw() | {"format": 99}))
    with pytest.raises(NewerFormatError, match=r"future\.loom: written in format 99"):
        load(path)


def test_every_truncation_is_refused() -> None:
    data = file.dumps(document())
    for end in range(0, len(data) - 3, 7):
        with pytest.raises(DocumentError):
            file.loads(data[:end])


def change(path: list[str | int], value: Any) -> dict[str, Any]:
    found = raw()
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (change(["graph", "nodes", 1, "id"], "n1"), "graph.nodes[1]"),
        (change(["graph", "nodes", 1, "name"], "image"), "graph.nodes[1]"),
        (change(["graph", "nodes", 1, "name"], 'x"); import os'), "graph.nodes[1]"),
        (change(["graph", "nodes", 1, "name"], "lambda"), "graph.nodes[1]"),
        (change(["graph", "nodes", 1, "kind"], 5), "graph.nodes[1].kind"),
        (change(["graph", "nodes", 3, "parent"], "nowhere"), "graph.nodes[3]"),
        (change(["graph", "wires", 0, "source"], "n77"), "graph.wires[0]"),
        (change(["graph", "wires", 0], raw()["graph"]["wires"][1]), "graph.wires[1]"),
        (change(["graph", "wires"], {}), "graph.wires"),
        (change(["graph", "blocks", 0, "name"], "a\nb"), "graph"),
        (change(["training", "epochs"], "many"), "training.epochs"),
        (change(["view", "positions", "n77"], [0, 0]), "view.positions"),
        (change(["view", "positions", "n1"], [0]), "view.positions"),
        (change(["extra"], 1), "extra"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(broken: dict[str, Any], where: str) -> None:
    with pytest.raises(DocumentError) as caught:
        file.loads(json.dumps(broken).encode())
    assert where in str(caught.value)


NO_NUMBER = b'{"format": 1, "graph": {"nodes": []}, "view": {"positions": {"a": [NaN, 0]}}}'
TWICE = b'{"format": 1, "format": 1}'


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"null", b"\xff\xfe", b'{"format": true}', b'{"format": 0}', b"[" * 100_000, NO_NUMBER, TWICE),
        b'{"format": 1' + b"0" * 5000 + b"}",
        b'{"format": 1, "graph": {"\\ud800": 1}}',
    ],
    ids=range(11),
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError):
        file.loads(data)


def test_what_a_file_says_of_itself_cannot_write_on_the_terminal() -> None:
    with pytest.raises(DocumentError) as caught:
        file.loads(b'{"format": 1, "graph": {"\\u001b[31m\\nred": 1}}')
    assert str(caught.value).isprintable()
    with pytest.raises(DocumentError) as caught:
        file.loads(json.dumps(change(["graph", "wires", 0, "source"], "n" * 10_000)).encode())
    assert len(str(caught.value)) < 200


def test_a_large_file_is_refused_as_fast_as_it_is_read() -> None:
    keys = ", ".join(f'"n{index}": [0, 0]' for index in range(20_000))
    start = time.process_time()
    with pytest.raises(DocumentError, match="'n9' stands twice"):
        file.loads(f'{{"format": 1, "view": {{"positions": {{{keys}, "n9": [0, 0]}}}}}}'.encode())
    nodes = [Node(f"n{index}", "Add", f"a{index}") for index in range(5_000)]
    wires = [Wire(f"n{index}", "output", f"n{index + 1}", "inputs") for index in range(4_999)]
    wires.append(Wire("n4999", "output", "n4999", "inputs", 1))
    raw = {"format": 1, "graph": msgspec.to_builtins({"nodes": nodes, "wires": wires})}
    with pytest.raises(DocumentError, match="close a loop: a4999 → a4999"):
        file.loads(json.dumps(raw).encode())
    assert time.process_time() - start < 5


def test_a_long_loop_is_told_in_short() -> None:
    nodes = [Node(f"n{index}", "Add", f"a{index}") for index in range(100)]
    wires = [Wire(f"n{index}", "output", f"n{(index + 1) % 100}", "inputs") for index in range(100)]
    raw = {"format": 1, "graph": msgspec.to_builtins({"nodes": nodes, "wires": wires})}
    with pytest.raises(DocumentError, match=r"close a loop: a\d+ → a\d+ → a\d+ → … → a\d+ → a\d+\."):
        file.loads(json.dumps(raw).encode())


def test_older_formats_are_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "FORMAT", 3)
    monkeypatch.setitem(file.MIGRATIONS, 1, lambda old: old | {"training": {"epochs": 5}})
    monkeypatch.setitem(file.MIGRATIONS, 2, lambda old: old | {"training": old["training"] | {"seed": 9}})
    found = file.loads(json.dumps(raw() | {"format": 1}).encode())
    assert found.training == Training(epochs=5, seed=9)


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.loom"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DocumentError, match="No space left on device"):
        save(document(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be saved"):
        save(document(), tmp_path / "nowhere" / "a.loom")
    with pytest.raises(DocumentError, match="cannot be read"):
        load(tmp_path / "missing.loom")
