"""Networks to begin with as cards in groups, each drawn small; for the welcome page and the gallery of templates."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

from netloom.ui import theme
from netloom.ui.thumbnails import Sketch, Sketcher, file_sketch, paint, sketch
from netloom.ui.widgets import Caption, SectionTitle

if TYPE_CHECKING:
    from netloom.templates import Template

LEAST, MOST, COLUMNS = 208, 320, 5
GAP, ROW_GAP = 16, 20
LINE = 30
"""Room for the title below a drawing."""
TITLE, TITLE_GAP, GROUP_GAP = 20, 10, 12
SHARE = 0.44
"""Height of a drawing to its width."""
TRAINS = "trains"
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


@dataclass(frozen=True, slots=True)
class Choice:
    """One card: what it is called, two lines about it, a word at its right, and what is chosen with it."""

    name: str
    title: str
    text: str
    note: str
    group: str
    what: "Template | Path"
    sketch: Callable[[], Sketch | None]

    def matches(self, words: str) -> bool:
        """Whether all words stand in what is written on the card."""
        text = f"{self.title} {self.text} {self.group} {self.note} {self.name}".lower()
        return all(word in text for word in words.lower().split())


@cache
def _template_sketch(name: str) -> Sketch:
    from netloom.templates import document

    return sketch(document(name))


def template_choices() -> Iterator[Choice]:
    """All templates in the order of the gallery."""
    from netloom.templates import TEMPLATES  # slow to import, so that it waits for the first paint

    for template in TEMPLATES.values():
        yield Choice(
            f"template-{template.name}",
            template.title,
            template.summary,
            TRAINS if template.trains else "",
            template.group,
            template,
            partial(_template_sketch, template.name),
        )


def file_choice(number: int, path: Path, folder: str, when: str) -> Choice:
    """A network that was open before."""
    return Choice(f"recent-{number}", path.stem, folder, when, "Recent", path, partial(file_sketch, path))


class Grid(NamedTuple):
    """How cards stand in a width: how many beside each other, how wide, how far from the left."""

    columns: int
    card: int
    left: int

    @property
    def width(self) -> int:
        """From the first card to the last."""
        return self.columns * (self.card + GAP) - GAP


def grid(width: int, margin: int) -> Grid:
    """The grid for a width, in the middle of it."""
    room = width - 2 * margin
    columns = max(min((room + GAP) // (LEAST + GAP), COLUMNS), 1)
    card = min((room + GAP) // columns - GAP, MOST)
    return Grid(columns, card, (width - columns * (card + GAP) + GAP) // 2)


class Gallery(QScrollArea):
    """`chosen` carries a Template or a Path, `typed` a letter that was typed on a card; `left`: Up left the cards."""

    chosen = Signal(object)
    typed = Signal(str)
    left = Signal()

    def __init__(self, margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._margin = margin
        self._text = ""
        self._ground = QWidget()
        self._titles: dict[str, SectionTitle] = {}
        self._nothing = Caption("Nothing called that.", 2, self._ground)
        self._nothing.hide()
        self.cards: list[ChoiceCard] = []
        self._sketcher = Sketcher(self)
        self._sketcher.made.connect(self._take_sketch)
        self.setWidget(self._ground)

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Show these cards instead of those before."""
        self._sketcher.close()
        for old in (*self.cards, *self._titles.values()):
            old.deleteLater()
        self.cards = [self._card(choice) for choice in choices]
        groups = dict.fromkeys(card.choice.group for card in self.cards)
        self._titles = {group: SectionTitle(group, self._ground) for group in groups}
        self.search(self._text)
        self._sketcher.ask([(card.choice.name, card.choice.sketch) for card in self.cards])

    @property
    def is_busy(self) -> bool:
        """Whether networks are still being drawn small."""
        return self._sketcher.is_busy

    def _card(self, choice: Choice) -> "ChoiceCard":
        card = ChoiceCard(choice, self._ground)
        card.clicked.connect(lambda: self.chosen.emit(choice.what))
        card.reached.connect(lambda: self._reach(card))
        card.moved.connect(lambda x, y: self._step(card, x, y))
        card.typed.connect(self.typed)
        return card

    def search(self, text: str) -> None:
        """Show the cards with these words only."""
        self._text = text
        for card in self.cards:
            card.setVisible(card.choice.matches(text))
        self._nothing.setVisible(bool(self.cards) and not self.found)
        self.arrange()

    @property
    def found(self) -> Sequence["ChoiceCard"]:
        """The cards that are shown."""
        return [card for card in self.cards if not card.isHidden()]

    def enter(self) -> None:
        """Take the keyboard to the first card."""
        if self.found:
            self.found[0].setFocus(Qt.FocusReason.TabFocusReason)

    def choose_first(self) -> None:
        """Choose the first card that is shown."""
        if self.found:
            self.found[0].click()

    def arrange(self) -> None:
        """Put the cards into the grid of this width."""
        place = grid(self.width(), self._margin)
        well = round(place.card * SHARE)
        y = 0
        for title in self._titles.values():
            title.hide()
        for group, found in groupby(self.found, lambda card: card.choice.group):
            cards = list(found)
            title = self._titles[group]
            title.setGeometry(place.left, y, place.width, TITLE)
            title.show()
            y += TITLE + TITLE_GAP
            high = well + LINE + max(card.text_height(place.card) for card in cards)
            for number, card in enumerate(cards):
                row, column = divmod(number, place.columns)
                card.setGeometry(place.left + column * (place.card + GAP), y + row * (high + ROW_GAP), place.card, high)
            y += (row + 1) * (high + ROW_GAP) + GROUP_GAP
        self._nothing.setGeometry(place.left, 0, place.width, TITLE)
        self._ground.resize(self.viewport().width(), max(y, TITLE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cards beside each other as fit."""
        super().resizeEvent(event)
        self.arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw no more, unless it is the whole window that is put away for a while."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._sketcher.close()

    def _take_sketch(self, name: str, found: Sketch | None) -> None:
        for card in self.cards:
            if card.choice.name == name:
                card.set_sketch(found)

    def _reach(self, card: "ChoiceCard") -> None:
        self.ensureWidgetVisible(card, 0, TITLE + TITLE_GAP + GROUP_GAP)

    def _step(self, card: "ChoiceCard", x: int, y: int) -> None:
        """Go to the next card to a side; up from the first row leaves the cards."""
        shown = list(self.found)
        if x:
            place = shown.index(card) + x
            target = shown[place] if 0 <= place < len(shown) else None
        else:
            target = _nearest(card, shown, y)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        elif y < 0:
            self.verticalScrollBar().setValue(0)
            self.left.emit()


def _nearest(card: "ChoiceCard", shown: Iterable["ChoiceCard"], y: int) -> "ChoiceCard | None":
    """The card of the next row above or below that stands most nearly under this one."""
    others = [each for each in shown if (each.y() - card.y()) * y > 0]
    return min(others, key=lambda each: (abs(each.y() - card.y()), abs(each.x() - card.x())), default=None)


class ChoiceCard(QAbstractButton):
    """A small drawing with words below. `moved` carries the step of an arrow key, `reached` that the keyboard came."""

    reached = Signal()
    moved = Signal(int, int)
    typed = Signal(str)

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = choice
        self._sketch: Sketch | None = None
        self.setObjectName(choice.name)
        self.setText(choice.title)
        self.setAccessibleName(choice.title)
        self.setAccessibleDescription(", ".join(part for part in (choice.text, choice.note) if part))
        self.setToolTip(str(choice.what) if isinstance(choice.what, Path) else "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def text_height(self, width: int) -> int:
        """How high the text is below a drawing of this width; a folder is cut to one line."""
        metrics = QFontMetrics(theme.font("caption"))
        if isinstance(self.choice.what, Path):
            return metrics.height()
        return metrics.boundingRect(QRect(0, 0, width, 1 << 16), Qt.TextFlag.TextWordWrap, self.choice.text).height()

    def set_sketch(self, found: Sketch | None) -> None:
        """Show how the network looks."""
        self._sketch = found
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, as Space does; arrows go on; letters search."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key in ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(*ARROWS[key])
        elif event.text().isalnum():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Ask to be brought into sight."""
        super().focusInEvent(event)
        self.reached.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the network, and the words below."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        well = QRectF(0, 0, self.width(), round(self.width() * SHARE))
        token, width = ("accent", 2) if self.hasFocus() else ("text-3" if self.underMouse() else "line-strong", 1)
        painter.setPen(QPen(look.color(token), width))
        painter.setBrush(look.color("pressed" if self.isDown() else "canvas"))
        inset = width / 2
        painter.drawRoundedRect(well.adjusted(inset, inset, -inset, -inset), 8, 8)
        if self._sketch is not None:
            paint(painter, self._sketch, well.adjusted(16, 14, -16, -14))
        self._draw_words(painter, QRect(0, round(well.height()) + 8, self.width(), 18))

    def _draw_words(self, painter: QPainter, line: QRect) -> None:
        look, choice = theme.current(), self.choice
        painter.setFont(theme.font("caption"))
        note_width = painter.fontMetrics().horizontalAdvance(choice.note)
        painter.setPen(look.color("ok" if choice.note == TRAINS else "text-3"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.note)
        painter.setFont(theme.font("strong"))
        painter.setPen(look.color("text"))
        room = line.adjusted(0, 0, -note_width - 8 if note_width else 0, 0)
        title = painter.fontMetrics().elidedText(choice.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-2"))
        below = QRect(0, line.bottom() + 3, self.width(), 0)
        below.setHeight(self.height() - below.top())
        if isinstance(choice.what, Path):
            text = painter.fontMetrics().elidedText(choice.text, Qt.TextElideMode.ElideMiddle, below.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignTop, text)
        else:
            painter.drawText(below, Qt.TextFlag.TextWordWrap, choice.text)
