"""Whatever is typed into whatever field, the document can still be loaded, and what is refused is still there."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from tests.ui.panels.conftest import Desk

from netloom.graph import Document, edit
from netloom.layers import catalogue
from netloom.layers.authoring import Graph
from netloom.layers.edit import check_document, new_node
from netloom.ui.panels.value_editors import TextEditor

TEXTS = [
    "",
    "   ",
    "-1",
    "0",
    "7",
    "1e400",
    "1e-3",
    "inf",
    "99999999999999999999",
    "3 × x",
    "3,,3",
    "(2, 2)",
    "none",
    "None",
    "true",
    "__import__('os')",
    "'); exit(",
    "a\u202eb",
    "N",
    "L × 64",
    "٣",
]


@pytest.fixture
def desk(shown: Callable[[QWidget], QWidget]) -> Desk:
    made = Desk(Document(Graph()))
    shown(made.inspector)
    return made


def type_in(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        QApplication.clipboard().setText(text)  # the keys of a test are those of an American keyboard
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Return)


SET = [spec for spec in catalogue.SPECS.values() if spec.role != "block" and spec.params]
FIRST = {spec.category: spec.kind for spec in reversed(SET)}.values()
"""One kind of each category; all of them take minutes."""


@pytest.mark.parametrize(
    "kind", [pytest.param(each.kind, marks=() if each.kind in FIRST else pytest.mark.slow) for each in SET]
)
def test_every_field_takes_anything(desk: Desk, kind: str) -> None:
    node = new_node(desk.document.graph, kind)
    desk.history.do(edit.add(node, f"Add {kind}"))
    desk.inspector.show_node(node.id)
    for name, row in desk.inspector.node_page.form_rows.items():
        if not isinstance(row.editor, TextEditor) or not row.isVisible():
            continue
        row.set_by_hand()
        for text in TEXTS:
            before = dict(desk.document.graph.node(node.id).params)
            type_in(row.editor, text)
            check_document(desk.document)
            if desk.inspector.findChild(QLabel, f"refusal_{name}").isVisible():
                assert row.editor.text() == text
                assert dict(desk.document.graph.node(node.id).params) == before


def test_any_name_is_taken_or_refused(desk: Desk) -> None:
    for text in (*TEXTS, "class", "self", "x" * 49, "conv 1", "名前", "ﬁ"):
        node = new_node(desk.document.graph, "ReLU")
        desk.history.do(edit.add(node, "Add relu"))
        desk.inspector.show_node(node.id)
        name = desk.part("node_name")
        name.setFocus()
        type_in(name, text)
        check_document(desk.document)
        is_refused = desk.inspector.findChild(QLabel, "refusal_name").isVisible()
        kept = desk.document.graph.node(node.id).name
        assert kept == (node.name if is_refused else text.strip()), text
