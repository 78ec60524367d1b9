"""One parameter in the inspector: label, field or where the value comes from, help, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from netloom.graph import Value
from netloom.layers.spec import Param
from netloom.layers.typed import NONE
from netloom.ui import icons, theme, widgets
from netloom.ui.panels.param_text import STEPPED, shown
from netloom.ui.panels.special_editors import CodeEditor, NodesEditor
from netloom.ui.panels.texts import Line, Words
from netloom.ui.panels.value_editors import Check, ChoiceEditor, StepArrows, TextEditor, WordMenu

Origin: TypeAlias = Literal["typed", "default", "wire"]
"""Where a value comes from: a person, the catalogue, or what arrives at the node."""

LABEL_WIDTH = 112
FIELD_HEIGHT = 28
INDENT = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """What a row shows: a value (None where a wire is still missing) and where it comes from."""

    value: Value
    origin: Origin


class Switch(widgets.Toggle):
    """A parameter that is on or off."""

    committed = Signal(object)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param.name, parent)
        self.clicked.connect(lambda: self.committed.emit(self.isChecked()))

    def show_value(self, value: Value) -> None:
        """Show a value without telling anybody."""
        self.setChecked(bool(value))


Editor: TypeAlias = TextEditor | ChoiceEditor | NodesEditor | CodeEditor | Switch


def editor_for(param: Param, check: Check) -> Editor:
    """The editor for a type of parameter."""
    if param.type == "bool" and not param.optional:
        return Switch(param)
    if param.type == "choice":
        return ChoiceEditor(param)
    if param.type == "nodes":
        return NodesEditor(param)
    if param.type == "code":
        return CodeEditor(param, check)
    return TextEditor(param, check)


def _is_stepped(param: Param) -> bool:
    return param.type in STEPPED and not param.choices


class Field(QWidget):
    """The box around an editor, and the small buttons in it. It paints focus and refusal; a switch needs no box.

    On a ground of its own colour the box `is_framed`.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_refused = False
        self.is_framed = False
        self._editor = editor
        self.setFixedHeight(FIELD_HEIGHT)
        self.layout_ = QHBoxLayout(self)
        self.layout_.setContentsMargins(INDENT if isinstance(editor, Switch) else 0, 0, 4, 0)
        self.layout_.setSpacing(2)
        self.layout_.addWidget(editor, 0 if isinstance(editor, Switch) else 1)
        if isinstance(editor, Switch):
            self.layout_.addStretch(1)
        editor.installEventFilter(self)

    def add(self, widget: QWidget) -> None:
        """Put a small button at the right end."""
        self.layout_.addWidget(widget)

    def refuse(self, is_refused: bool) -> None:
        """Show or take away the red border."""
        self.is_refused = is_refused
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint anew when the keyboard comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """The box belongs to its editor."""
        self._editor.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The box in the colours of its state."""
        if isinstance(self._editor, Switch):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, has_focus = theme.current(), self._editor.hasFocus()
        width = 2 if has_focus else 1 if self.is_refused or self.is_framed else 0
        token = "error" if self.is_refused else "accent" if has_focus else "line-strong"
        painter.setPen(QPen(look.color(token), width) if width else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 4, 4)


class FromWire(QPushButton):
    """A value that a wire decides: no field, a link and two words. A press turns it into a field."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(FIELD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setToolTip(f"The wire decides {name}. Click to set it by hand.")
        self._name = name
        self._text = ""

    def show_text(self, text: str) -> None:
        """Show the value that the wire brings, or that there is none yet."""
        self._text = text
        self.setAccessibleName(f"{self._name} {text or 'unknown'}, from wire. Press to set it by hand.")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The value left, the link and its words right."""
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hover"))
            inset = 1 if self.hasFocus() else 0
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        room = self.rect().adjusted(INDENT, 0, -INDENT, 0)
        words = "from wire" if self._text else "needs a wire"
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-3"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), words)
        left = room.right() - painter.fontMetrics().horizontalAdvance(words) - 18
        icons.icon("link-2", "text-3").paint(painter, left, (self.height() - 14) // 2, 14, 14)
        painter.setFont(theme.font("shape"))
        painter.setPen(look.color("text-2"))
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, left - room.left() - 4)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


class ParamRow(QWidget):
    """A parameter with everything that belongs to it.

    `changed` carries name and value, `unset` the name of one that goes back to its wire or default, `focused` the name,
    `hand_out_requested` the name of one that the block around is to show, or no longer.
    """

    hand_out_requested = Signal(str)
    changed = Signal(str, object)
    unset = Signal(str)
    focused = Signal(str)

    def __init__(self, param: Param, check: Check, *, title: str = "", prefix: str = "param") -> None:
        super().__init__()
        self.param = param
        self._prefix = prefix
        self._setting = Setting(None, "default")
        self._is_by_hand = False
        self.editor = editor_for(param, check)
        self.field = Field(self.editor)
        self.wire = FromWire(param.name) if param.derived else None
        self.reset = self._small_button(*self._way_back())
        self.none = self._small_button("x", f"Set {param.name} to none")
        self.hand_out = self._small_button("arrow-up-right", "Show on the block")
        self._outside: str | None = None
        self._offered: Sequence[tuple[Value, str]] = ()
        self._menu = WordMenu(param) if param.choices and isinstance(self.editor, TextEditor) else None
        self._arrows = StepArrows() if _is_stepped(param) else None
        self._help, self._refusal = Words(param.help, "level", "3"), Words("", "tone", "error")
        self._taken = Words("", "tone", "warning")
        self._label = Line(title or param.name, "body", "text-2")
        self._lay_out()
        self._describe()
        self.name_parts(is_shown=True)
        self._connect()

    def _small_button(self, icon: str, tip: str) -> widgets.IconButton:
        button = widgets.IconButton(icon, tip, size=20, parent=self)
        button.setIconSize(QSize(14, 14))
        button.hide()
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self._label.setFixedSize(LABEL_WIDTH, FIELD_HEIGHT)
        grid.addWidget(self._label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.field, 0, 1)
        if self.wire is not None:
            grid.addWidget(self.wire, 0, 1)
        for row, words in enumerate((self._refusal, self._taken, self._help), start=1):
            words.setContentsMargins(INDENT, 4, 0, 4)
            words.hide()
            grid.addWidget(words, row, 1)
        self.field.add(self.none)
        self.field.add(self.hand_out)
        self.field.add(self.reset)
        for end in (self._menu, self._arrows):
            if end is not None:
                self.field.add(end)

    def _describe(self) -> None:
        name = self.param.name
        self.editor.setAccessibleName(self._label.text())
        self.editor.setAccessibleDescription(f"{name}: {self.param.help}" if self.param.help else name)
        self._label.set_tip(f"{name}: {self.param.help}" if self.param.help else name)

    def name_parts(self, *, is_shown: bool) -> None:
        """Give the parts their object names; only in the form that is shown, so that each is there once."""
        parts: dict[str, QWidget] = {
            self._prefix: self.editor,
            "refusal": self._refusal,
            "help": self._help,
            "taken": self._taken,
        }
        parts |= {"reset": self.reset, "none": self.none, "hand_out": self.hand_out}
        parts |= {"derived": self.wire} if self.wire is not None else {}
        parts |= {"words": self._menu} if self._menu is not None else {}
        for purpose, widget in parts.items():
            widget.setObjectName(f"{purpose}_{self.param.name}" if is_shown else "")

    def _connect(self) -> None:
        for widget in (self.editor, self.reset, self.none, self.hand_out):
            widget.installEventFilter(self)
        self.editor.committed.connect(lambda value: self.changed.emit(self.param.name, value))
        if isinstance(self.editor, TextEditor):
            self.editor.emptied.connect(self._hand_back)
            self.editor.refused.connect(self._refuse)
            self.editor.left.connect(self._leave_field)
        if self._menu is not None and isinstance(self.editor, TextEditor):
            self._menu.chosen.connect(self.editor.choose)
        if self._arrows is not None:
            self._arrows.stepped.connect(self._count)
        if self.wire is not None:
            self.wire.clicked.connect(self.set_by_hand)
        self.reset.clicked.connect(self._hand_back)
        self.none.clicked.connect(lambda: self.changed.emit(self.param.name, None))
        self.hand_out.clicked.connect(lambda: self.hand_out_requested.emit(self.param.name))

    def offer(self, choices: Sequence[tuple[Value, str]]) -> None:
        """Let a person choose among these values, each shown under its title."""
        if not isinstance(self.editor, ChoiceEditor) or choices == self._offered:
            return
        self._offered = choices
        self.editor.set_choices(choices)
        words = f"Set {self._label.text().lower()} back to {dict(choices).get(self.param.default, NONE)}"
        self.reset.setToolTip(words)
        self.reset.setAccessibleName(words)

    def _count(self, steps: int) -> None:
        if isinstance(self.editor, TextEditor):
            self.editor.setFocus(Qt.FocusReason.MouseFocusReason)
            self.editor.step(steps)

    def _refuse(self, sentence: str) -> None:
        self.field.refuse(bool(sentence))
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def tell(self, sentence: str) -> None:
        """Say what is wrong with a value that is kept all the same."""
        if sentence:
            self._refuse(sentence)

    def warn(self, sentence: str) -> None:
        """Say what a person should know of a value that is right in itself."""
        self._taken.setText(sentence)
        self._taken.setVisible(bool(sentence))

    def set_by_hand(self) -> None:
        """Turn a value that comes from a wire into a field, with the keyboard in it."""
        self._is_by_hand = True
        self._arrange()
        self.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _hand_back(self) -> None:
        self.forget()
        if self._setting.origin == "typed":
            self.unset.emit(self.param.name)
        self._arrange()

    def show_setting(self, setting: Setting) -> None:
        """Show a value and where it comes from; what the person is typing stays."""
        if setting.origin == "typed" and self._setting.origin == "wire":
            self._is_by_hand = False
        self._setting = setting
        self.editor.show_value(setting.value)
        if self.wire is not None:
            self.wire.show_text("" if setting.value is None else shown(self.param, setting.value))
        self._arrange()

    def show_outside(self, name: str | None, taken: str) -> None:
        """Say under which name the block around shows this: "" where it does not, None where it cannot.

        `taken` says that the block sets another value, or is empty.
        """
        self.warn(taken)
        self._outside = name
        words = f"On the block as {name}. Click to take it back." if name else "Show on the block"
        self.hand_out.setToolTip(words)
        self.hand_out.setAccessibleName(words)
        self.hand_out.set_icon("arrow-up-right", "accent" if name else "text-2")
        self._show_buttons()

    def commit(self) -> None:
        """Read what is still being typed."""
        if isinstance(self.editor, TextEditor):
            self.editor.commit()

    def forget(self) -> None:
        """Drop what is typed and not read: another node comes."""
        self._is_by_hand = False
        if isinstance(self.editor, TextEditor):
            self.editor.forget()

    def _recolour(self) -> None:
        is_bright = self._setting.origin == "typed" or self._is_by_hand
        widgets.set_tone(self.editor, "level", None if is_bright else "2")

    def _arrange(self) -> None:
        self._recolour()
        from_wire = self._setting.origin == "wire" and not self._is_by_hand
        if self.wire is not None:
            self.wire.setVisible(from_wire)
        self.field.setVisible(not from_wire)
        self._show_buttons()

    def _show_buttons(self) -> None:
        near = self.underMouse() or any(each.hasFocus() for each in (self.editor, self.reset, self.none, self.hand_out))
        is_typed = self._setting.origin == "typed" or self._is_by_hand
        self.reset.setVisible(near and is_typed and (self._has_way_back() or self._is_by_hand))
        can_be_none = self.param.optional and self.param.default is not None and self._setting.value is not None
        self.none.setVisible(near and can_be_none)
        self.hand_out.setVisible(self._outside is not None and (near or bool(self._outside)))
        if self._arrows is not None:
            self._arrows.setVisible(near)

    def _has_way_back(self) -> bool:
        return self.param.derived is not None or self.param.default is not None or self.param.optional

    def _way_back(self) -> tuple[str, str]:
        name = self.param.name
        if self.param.derived is not None:
            return "link-2", f"Take {name} from the wire"
        if self.param.default is None:
            return "x", f"Set {name} back to none"
        return "rotate-ccw", f"Set {name} back to {shown(self.param, self.param.default)}"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Help comes and goes with the keyboard."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_buttons()
            if watched is self.editor:
                self._show_help(event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def _show_help(self, has_focus: bool) -> None:
        self._help.setVisible(has_focus and bool(self.param.help))
        if has_focus:
            self.focused.emit(self.param.name)

    def _leave_field(self) -> None:
        if isinstance(self.editor, TextEditor) and not self.editor.isModified():
            self._is_by_hand = False
            self._arrange()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The way back shows under the mouse."""
        super().enterEvent(event)
        self._show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        """The way back goes with the mouse."""
        super().leaveEvent(event)
        self._show_buttons()
