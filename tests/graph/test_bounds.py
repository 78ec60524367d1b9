"""What of the view is too much to be shown is refused, in a file and in a patch alike."""

import json
from typing import Any

import pytest

from netloom.errors import DocumentError, GraphError
from netloom.graph import Change, Document, Patch, Remark, file
from netloom.graph.remarks import FARTHEST, LONGEST_TEXT, MOST_BENDS, MOST_REMARKS, Bookmark
from netloom.layers.authoring import Graph

BEND = {"target": "n2", "input": "input"}
NOTE = {"id": "r1", "kind": "note", "text": "", "place": [0.0, 0.0], "size": [10.0, 10.0]}
VIEWS: dict[str, tuple[dict[str, Any], str]] = {
    "place": ({"positions": {"n1": [2 * FARTHEST, 0.0]}}, "too far out"),
    "endless": ({"positions": {"n1": [1e308, 0.0]}}, "too far out"),
    "bend": ({"bends": [BEND | {"points": [[0.0, -1e30]]}]}, "too far out"),
    "bends": ({"bends": [BEND | {"points": [[0.0, 1.0]] * (MOST_BENDS + 1)}]}, "bends of a wire"),
    "size": ({"remarks": [NOTE | {"size": [1e9, 1.0]}]}, "too far out"),
    "negative": ({"remarks": [NOTE | {"size": [-1.0, 1.0]}]}, "below nothing"),
    "text": ({"remarks": [NOTE | {"text": "x" * (LONGEST_TEXT + 1)}]}, "letters"),
    "comment": ({"comments": {"n1": "x" * (LONGEST_TEXT + 1)}}, "letters"),
    "bookmark": ({"bookmarks": {"1": {"middle": [1e300, 0.0], "zoom": 1.0}}}, "too far out"),
}


def small() -> Document:
    graph = Graph()
    graph.connect(graph.add("Input", "x", shape=[4]), graph.add("ReLU", "act"))
    return Document(graph)


@pytest.mark.parametrize("name", VIEWS)
def test_a_file_that_holds_too_much_is_refused_in_words(name: str) -> None:
    view, words = VIEWS[name]
    raw = json.loads(file.dumps(small()))
    raw["view"] |= view
    with pytest.raises(DocumentError, match=words):
        file.loads(json.dumps(raw).encode())


def notes(count: int) -> list[Change]:
    made = (Remark(f"r{index}", "note", "", (0.0, 0.0), (8.0, 8.0)) for index in range(count))
    return [Change("remark", each.id, None, each) for each in made]


def test_there_are_as_many_frames_and_notes_as_may_be_and_no_more() -> None:
    document = small()
    document.apply(Patch("Add notes", tuple(notes(MOST_REMARKS))))
    one, other = notes(MOST_REMARKS + 1)[-2:]
    with pytest.raises(GraphError, match=r"1,001 frames and notes, of at most 1,000\. Delete some"):
        document.apply(Patch("Add note", (other,)))
    document.apply(Patch("Replace note", (one.inverse(), other)))
    data = file.dumps(document)
    assert file.dumps(file.loads(data)) == data
    raw = json.loads(data)
    raw["view"]["remarks"].append(NOTE | {"id": "more"})
    with pytest.raises(DocumentError, match="1,001 frames and notes"):
        file.loads(json.dumps(raw).encode())


CHANGES = [
    *(Change("position", "n1", None, (0.0, 1e8)), Change("comment", "n1", None, "x" * (LONGEST_TEXT + 1))),
    *(Change("bend", ("n2", "input", 0), None, ((0.0, -1e8),)), Change("position", "n1", None, (float("nan"), 0.0))),
    Change("remark", "r1", None, Remark("r1", "note", "", (0.0, 0.0), (-1.0, 1.0))),
    Change("bookmark", "1", None, Bookmark((0.0, 0.0), float("inf"))),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_step_to_too_much_is_refused_and_changes_nothing(change: Change) -> None:
    document = small()
    before = file.dumps(document)
    with pytest.raises(GraphError, match="That would be"):
        document.apply(Patch("Do", (change,)))
    assert file.dumps(document) == before


@pytest.mark.parametrize(
    "view",
    [
        {"comments": {"n1": "\ud800"}},
        {"remarks": [{"id": "r1", "kind": "note", "text": "\udfff", "place": [0, 0], "size": [8, 8]}]},
        {"remarks": [{"id": "\ud800", "kind": "note", "text": "", "place": [0, 0], "size": [8, 8]}]},
        {"bookmarks": {"1": {"middle": [0, 0], "zoom": 1.0, "way": ["\ud800"]}}},
        {"bookmarks": {"\ud800": {"middle": [0, 0], "zoom": 1.0}}},
    ],
)
def test_half_of_a_character_is_refused_as_it_could_not_be_saved(view: dict[str, object]) -> None:
    graph = {"nodes": [{"id": "n1", "kind": "ReLU", "name": "relu"}]}
    data = json.dumps({"format": 1, "graph": graph, "view": view}).encode()
    with pytest.raises(DocumentError, match="lone surrogate"):
        file.loads(data)
