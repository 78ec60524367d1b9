from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from netloom import templates
from netloom.graph import Patch, edit
from netloom.layers.edit import new_node
from netloom.ui.editor import Editor

RELU = '{"id": "n1", "kind": "ReLU", "name": "a"}'
BAD_FILES = {
    "truncated": b'{"format": 1, "graph": {"nodes": [',
    "newer": b'{"format": 99, "graph": {}}',
    "not utf-8": b"\xff\xfe\x00",
    "other json": b"[1, 2]",
    "unknown kind": b'{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "Warp", "name": "w"}]}}',
    "hostile name": b'{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "ReLU", "name": "__import__(1)"}]}}',
    "twice": f'{{"format": 1, "graph": {{"nodes": [{RELU}, {RELU}]}}}}'.encode(),
    "nowhere": b'{"format": 1, "graph": {"wires": [{"source": "a", "output": "o", "target": "b", "input": "i"}]}}',
}


class Ears:
    """Writes down what an editor says."""

    def __init__(self, editor: Editor) -> None:
        self.heard: list[tuple[str, Any]] = []
        editor.patched.connect(lambda patch: self.heard.append(("patched", patch.label)))
        editor.planned.connect(lambda plan: self.heard.append(("planned", len(plan.nodes))))
        editor.document_changed.connect(lambda: self.heard.append(("document", None)))
        editor.message_requested.connect(lambda text, severity: self.heard.append((severity, text)))


@pytest.fixture
def editor(qtbot: QtBot) -> Editor:
    return Editor()


def added(editor: Editor, kind: str) -> str:
    node = new_node(editor.document.graph, kind)
    assert editor.do(edit.add(node, f"Add {node.name}"))
    return node.id


def test_an_edit_is_told_and_planned(editor: Editor) -> None:
    ears = Ears(editor)
    added(editor, "ReLU")
    assert ears.heard == [("patched", "Add relu"), ("planned", 1)]
    assert editor.is_dirty
    assert editor.history.undo_label == "Add relu"


def test_a_move_is_not_planned_again(editor: Editor) -> None:
    key = added(editor, "ReLU")
    plan = editor.plan
    editor.do(edit.move(editor.document, {key: (8.0, 8.0)}))
    assert editor.plan is plan


def test_undo_and_redo_are_told_as_patches(editor: Editor) -> None:
    added(editor, "ReLU")
    ears = Ears(editor)
    editor.undo()
    editor.redo()
    assert [name for name, _ in ears.heard] == ["patched", "planned", "patched", "planned"]
    editor.undo()
    editor.undo()
    assert not editor.document.graph.nodes


def test_a_refused_edit_changes_nothing_and_says_why(editor: Editor) -> None:
    key = added(editor, "ReLU")
    ears = Ears(editor)
    assert not editor.do(edit.rename(editor.document.graph, key, "lambda"))
    assert editor.document.graph.node(key).name == "relu"
    [(severity, text)] = ears.heard
    assert severity == "warning"
    assert "lambda" in text


def test_patches_of_one_gesture_are_one_step(editor: Editor) -> None:
    key = added(editor, "Conv2d")
    for value in (1, 16, 160):
        editor.do(edit.set_params(editor.document.graph, key, {"out_channels": value}), gesture="typing")
    editor.undo()
    assert editor.document.graph.node(key).params.get("out_channels") != 16
    assert editor.history.undo_label == "Add conv"


def test_an_empty_patch_is_nothing(editor: Editor) -> None:
    ears = Ears(editor)
    assert editor.do(Patch("Nothing", ()))
    assert ears.heard == []
    assert not editor.is_dirty


def test_save_and_open_give_the_same_document(editor: Editor, tmp_path: Path) -> None:
    editor.new(templates.document("digits-cnn"), "digits")
    assert not editor.is_dirty
    added(editor, "ReLU")
    path = tmp_path / "mine.loom"
    assert editor.save(path)
    assert not editor.is_dirty
    assert editor.name == "mine"
    assert editor.session.saved_text.startswith("Saved ")
    nodes = dict(editor.document.graph.nodes)
    saved = editor.session
    editor.new()
    assert editor.path is None
    assert editor.open(path)
    assert editor.session is saved
    editor.close(saved)
    assert editor.open(path)
    assert dict(editor.document.graph.nodes) == nodes
    assert editor.history.undo_label is None


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_opens_nothing_and_says_where(editor: Editor, tmp_path: Path, content: bytes) -> None:
    added(editor, "ReLU")
    document = editor.document
    path = tmp_path / "bad.loom"
    path.write_bytes(content)
    ears = Ears(editor)
    assert not editor.open(path)
    assert editor.document is document
    assert editor.is_dirty
    [(severity, text)] = ears.heard
    assert severity == "error"
    assert "bad.loom" in text


def test_a_missing_file_is_told(editor: Editor, tmp_path: Path) -> None:
    ears = Ears(editor)
    assert not editor.open(tmp_path / "gone.loom")
    assert "gone.loom" in ears.heard[0][1]


def test_a_failed_save_keeps_everything(editor: Editor, tmp_path: Path) -> None:
    added(editor, "ReLU")
    ears = Ears(editor)
    assert not editor.save(tmp_path / "no such folder" / "a.loom")
    assert editor.is_dirty
    assert editor.path is None
    assert editor.history.undo_label == "Add relu"
    assert ears.heard[0][0] == "error"


def test_an_older_document_is_no_longer_heard(editor: Editor) -> None:
    old = editor.document
    editor.new()
    ears = Ears(editor)
    node = new_node(old.graph, "ReLU")
    old.apply(edit.add(node, "Add"))
    assert ears.heard == []
