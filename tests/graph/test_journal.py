"""The journal: what is read back is what was there, whatever was done, and whatever happened to the files."""

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from zlib import crc32

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from netloom.errors import DocumentError, GraphError
from netloom.graph import (
    Block,
    Bookmark,
    Change,
    Document,
    History,
    Node,
    Patch,
    Remark,
    Training,
    Wire,
    edit,
    file,
    journal_folder,
    lock,
    recovery,
)
from netloom.graph import journal as journal_module
from netloom.graph.difference import difference
from netloom.graph.document import VIEW
from netloom.graph.history import Deed
from netloom.graph.journal import Journal
from netloom.graph.journal_folder import BASE, STEPS
from netloom.graph.journal_lines import RECORDS, Kept
from netloom.graph.patch import Table

PLACES = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.lists(st.integers()),
)


def nothing(text: str) -> None:
    raise AssertionError(text)


def journalled(folder: Path, document: Document | None = None, tell=nothing) -> tuple[History, Journal]:
    history = History(document or Document())
    return history, Journal(folder, history, Kept("digits"), tell)


def add(name: str) -> Patch:
    return edit.add(Node(f"n{name}", "ReLU", name), f"Add {name}")


def only(folder: Path) -> Path:
    [left] = recovery.found(folder)
    return left.place


def recovered(place: Path) -> recovery.Recovered:
    """What a journal knows, which is then let go."""
    found = recovery.take(place)
    found.folder.leave()
    return found


class MadUser(RuleBasedStateMachine):
    """Changes every table in every way, saves, undoes; the journal knows it all."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.history, self.journal = journalled(self.folder)
        self.document = self.history.document
        self.is_kept = True

    def _do(self, patch: Patch, gesture=None) -> None:
        try:
            self.history.do(patch, gesture=gesture)
        except GraphError:
            return
        self.is_kept &= not patch

    def _node(self, number: int) -> str:
        nodes = sorted(self.document.graph.nodes)
        return nodes[number % len(nodes)]

    def _write(self, table, key, new, gesture=None) -> None:
        old = self.document.table(table).get(key)
        if old != new:
            self._do(Patch(f"Set {table}", (Change(table, key, old, new),)), gesture)

    @rule(
        kind=st.sampled_from(["ReLU", "Add"]), params=st.dictionaries(TEXTS, VALUES, max_size=3), inside=st.booleans()
    )
    def add(self, kind, params, inside) -> None:
        graph = self.document.graph
        parent = next(iter(graph.blocks), "") if inside else ""
        node = Node(edit.free_id(graph), kind, edit.free_name(graph, kind.lower(), parent), params, parent)
        self._do(edit.add(node, "Add"))

    @rule(name=st.sampled_from(["a", "b"]))
    def block(self, name) -> None:
        self._write("block", f"b{name}", Block(f"b{name}", name))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(
        a=st.integers(0, 9), b=st.integers(0, 9), slot=st.integers(0, 2), bend=st.lists(PLACES, min_size=1, max_size=3)
    )
    def wire(self, a, b, slot, bend) -> None:
        wire = Wire(self._node(a), "output", self._node(b), "input", slot)
        self._do(edit.add(wire, "Wire"))
        if wire.key in self.document.graph.wires:
            self._write("bend", wire.key, tuple(bend))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 9), place=PLACES, gesture=st.sampled_from([None, "drag"]))
    def move(self, number, place, gesture) -> None:
        self._write("position", self._node(number), place, gesture)

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 9), places=st.lists(PLACES, min_size=1, max_size=3))
    def drag_there_and_back(self, number, places) -> None:
        key = self._node(number)
        start = self.document.positions.get(key)
        for place in (*places, start, *places):
            self._write("position", key, place, gesture=(key, len(places)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 9), text=st.none() | TEXTS.filter(bool), collapsed=st.sampled_from([True, None]))
    def say(self, number, text, collapsed) -> None:
        self._write("comment", self._node(number), text)
        self._write("collapsed", self._node(number), collapsed)

    @rule(place=PLACES, text=TEXTS, kind=st.sampled_from(["frame", "note"]), direction=st.sampled_from([None, "down"]))
    def remark(self, place, text, kind, direction) -> None:
        self._write("remark", f"r{kind}", Remark(f"r{kind}", kind, text, place, (10.0, 20.0)))
        self._write("bookmark", "3", Bookmark(place, 0.5, ("n1",)))
        self._write("direction", "", direction)

    @rule(epochs=st.integers(1, 99))
    def train_longer(self, epochs) -> None:
        self._write("training", "training", Training(epochs=epochs))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 9))
    def remove(self, number) -> None:
        self._do(edit.remove(self.document, [self._node(number)]))

    @rule(steps=st.integers(1, 5))
    def undo(self, steps) -> None:
        for _ in range(steps):
            self.is_kept &= self.history.undo() is None

    @rule(steps=st.integers(1, 5))
    def redo(self, steps) -> None:
        for _ in range(steps):
            self.is_kept &= self.history.redo() is None

    @rule()
    def save(self) -> None:
        self.history.mark_saved()
        self.journal.keep(Kept("digits", "/home/digits.loom", "5a7e"))
        self.is_kept = True

    @rule()
    def die_and_come_back(self) -> None:
        self.journal.leave()
        found = recovery.found(self.folder)
        assert len(found) == (not self.is_kept)
        if not found:
            self.history, self.journal = journalled(self.folder, file.loads(file.dumps(self.document)))
            self.document = self.history.document
            return
        back = recovery.take(found[0].place)
        self._compare(back)
        self.history, self.document = back.history, back.document
        self.journal = Journal.resumed(back.folder, back.checksum, back.history, back.kept, nothing)

    def _compare(self, back: recovery.Recovered) -> None:
        assert back.complaint == ""
        assert file.dumps(back.document) == file.dumps(self.document)
        assert back.document.graph.nodes == self.document.graph.nodes
        assert list(back.history.labels) == list(self.history.labels)
        assert back.history.done == self.history.done
        assert back.history.is_saved == self.history.is_saved

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)


MadUser.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestMadUser = MadUser.TestCase


def test_the_journal_speaks_of_every_table() -> None:
    assert set(RECORDS) == {"node", "wire", "block", "training", *VIEW}


def test_nothing_is_written_before_the_first_change(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    journal.keep(Kept("digits", "/digits.loom"))
    journal.flush()
    assert not list(tmp_path.iterdir())
    history.do(add("a"))
    journal.flush()
    assert len(list(tmp_path.iterdir())) == 1
    journal.close()


def test_a_living_journal_is_not_offered_and_a_closed_one_is_gone(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    history.do(add("a"))
    journal.flush()
    assert recovery.found(tmp_path) == []
    with pytest.raises(DocumentError, match="another window"):
        recovery.take(next(tmp_path.iterdir()))
    recovery.drop(next(tmp_path.iterdir()))
    assert list(tmp_path.iterdir())
    journal.close()
    assert not list(tmp_path.iterdir())


def test_what_was_saved_at_last_is_not_offered(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    history.do(add("a"))
    history.mark_saved()
    journal.keep(Kept("other", "/tmp/other.loom", "aa"))
    journal.leave()
    assert recovery.found(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_the_offer_knows_name_and_steps_since_the_last_save(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    history.do(add("a"))
    history.mark_saved()
    journal.keep(Kept("other", "/tmp/other.loom", "aa"))
    history.do(add("b"))
    history.do(add("c"))
    journal.leave()
    [left] = recovery.found(tmp_path)
    assert (left.name, left.steps) == ("other", 2)
    assert abs(left.when - time.time()) < 60
    back = recovered(left.place)
    assert back.kept == Kept("other", "/tmp/other.loom", "aa")
    assert list(back.history.labels) == ["Add a", "Add b", "Add c"]


def test_undo_below_what_was_saved_is_known(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    for name in "abc":
        history.do(add(name))
    history.mark_saved()
    journal.keep(Kept("digits", "/digits.loom"))
    history.undo()
    history.undo()
    journal.leave()
    back = recovered(only(tmp_path))
    assert set(back.document.graph.nodes) == {"na"}
    assert (back.history.done, back.history.is_saved) == (1, False)
    back.history.redo()
    back.history.redo()
    assert back.history.is_saved


def test_a_document_that_its_file_does_not_hold_any_more_is_kept_without_a_step(tmp_path: Path) -> None:
    _, journal = journalled(tmp_path)
    journal.part()
    journal.leave()
    back = recovered(only(tmp_path))
    assert back.is_apart
    assert not back.history.labels


def died(tmp_path: Path) -> tuple[Path, list[bytes]]:
    """A journal of three steps, and the document after each number of them."""
    history, journal = journalled(tmp_path / "journals")
    states = [file.dumps(history.document)]
    for name in "abc":
        history.do(add(name).then(edit.move(history.document, {})))
        states.append(file.dumps(history.document))
    journal.leave()
    return only(tmp_path / "journals"), states


def test_a_line_that_is_torn_at_any_byte_takes_nothing_else_along(tmp_path: Path) -> None:
    place, states = died(tmp_path)
    whole = (place / STEPS).read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for end in range(start, len(whole)):
        (place / STEPS).write_bytes(whole[:end])
        back = recovered(place)
        assert (file.dumps(back.document), back.complaint) == (states[2], "")
    (place / STEPS).write_bytes(whole)
    assert file.dumps(recovered(place).document) == states[3]


def test_a_torn_journal_is_gone_on_with(tmp_path: Path) -> None:
    place, _ = died(tmp_path)
    (place / STEPS).write_bytes((place / STEPS).read_bytes()[:-9])
    back = recovery.take(place)
    journal = Journal.resumed(back.folder, back.checksum, back.history, back.kept, nothing)
    back.history.do(add("d"))
    journal.leave()
    assert list(recovered(place).document.graph.nodes) == ["na", "nb", "nd"]


def test_any_byte_that_changes_costs_no_step_before_it_and_is_told(tmp_path: Path) -> None:
    place, states = died(tmp_path)
    whole = (place / STEPS).read_bytes()
    head = whole.index(b"\n") + 1
    for at in range(head, len(whole) - 1):
        (place / STEPS).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        back = recovered(place)
        assert back.complaint
        assert file.dumps(back.document) == states[whole[head:at].count(b"\n")]


def test_another_base_does_not_fit(tmp_path: Path) -> None:
    place, _ = died(tmp_path)
    (place / BASE).write_bytes(file.dumps(Document(training=Training(epochs=3))))
    with pytest.raises(DocumentError, match="checksum"):
        recovery.take(place)
    assert (place / STEPS).is_file()


@given(st.binary(max_size=200))
def test_foreign_bytes_give_a_clear_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "journals" / "20260101-120000-one"
        place.mkdir(parents=True)
        (place / BASE).write_bytes(file.dumps(Document()))
        (place / STEPS).write_bytes(data)
        with pytest.raises(DocumentError):
            recovery.take(place)
        assert len(recovery.found(place.parent)) <= 1


def forged(place: Path, *lines: str) -> recovery.Recovered:
    """A journal with right checksums around whatever somebody put into it."""
    base = file.dumps(Document())
    checksum, data = crc32(base), b""
    for line in ('["kept","digits",null,""]', *lines):
        checksum = crc32(line.encode(), checksum)
        data += b"%08x %s\n" % (checksum, line.encode())
    (place / BASE).write_bytes(base)
    (place / STEPS).write_bytes(data)
    return recovered(place)


@pytest.mark.parametrize(
    "line",
    [
        '["do","x",[["node","a",{"id":"b","kind":"ReLU","name":"b"}]]]',
        '["do","x",[["node","a",{"id":"a","kind":"ReLU","name":"not a name"}]]]',
        '["do","x",[["node","a",{"id":"a","kind":"ReLU"}]]]',
        '["do","x",[["node",["a"],null]]]',
        '["do","x",[["node",{},null]]]',
        '["do","x",[["position","b",[1,2]]]]',
        '["do","x",[["position","a",[1e999,2]]]]',
        '["do","x",[["position","a",[NaN,2]]]]',
        '["do","x",[["wire",["a","input",0],{"source":"a","output":"o","target":"b","input":"input"}]]]',
        '["do","x",[["wire","a",null]]]',
        '["do","x",[["training","training",null]]]',
        '["do","x",[["training","other",{}]]]',
        '["do","x",[["collapsed","a",false]]]',
        '["do","x",[["direction","","up"]]]',
        '["do","x",[["code","a","import os"]]]',
        '["do","x",[["comment","a","b","c"]]]',
        '["do",1,[]]',
        '["do"]',
        '["redo"]',
        '["undo",1]',
        '["kept","x","/a\\u0000b",""]',
        '["run","rm"]',
        '{"do":1,"do":2}',
        "[" * 100_000,
        '["do","x",[["comment","a",' + "9" * 5000 + "]]]",
        '["do","\\ud800",[["bookmark","1",{"middle":[0,0],"zoom":"\\ud800"}]]]',
    ],
)
def test_what_somebody_put_into_a_journal_is_refused_as_in_a_file(tmp_path: Path, line: str) -> None:
    good = '["do","good",[["comment","a","hello"],["node","a",{"id":"a","kind":"ReLU","name":"relu"}]]]'
    back = forged(tmp_path, good, line, '["undo"]')
    assert back.complaint.startswith("Line 3 of its journal is damaged")
    assert back.document.comments == {"a": "hello"}
    assert len(back.history.labels) == 1


def test_records_that_change_twice_in_one_step_are_known(tmp_path: Path) -> None:
    history, journal = journalled(tmp_path)
    one, two = Node("a", "ReLU", "one"), Node("a", "ReLU", "two")
    history.do(Patch("Twice", (Change("node", "a", None, one), Change("node", "a", one, two))))
    journal.leave()
    assert recovered(only(tmp_path)).document.graph.nodes == {"a": two}


def test_a_disk_that_refuses_is_told_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    place = tmp_path / "journals"
    place.write_text("a file where the folder should be")
    history, journal = journalled(place, tell=said.append)
    history.do(add("a"))
    journal.flush()
    history.do(add("b"))
    journal.flush()
    assert len(said) == 1
    assert "cannot be written down" in said[0]
    place.unlink()
    history.do(add("c"))
    journal.leave()
    assert set(recovered(only(place)).document.graph.nodes) == {"na", "nb", "nc"}


def test_a_line_that_the_disk_took_half_of_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    history, journal = journalled(tmp_path, tell=said.append)
    history.do(add("a"))
    journal.flush()
    write = os.write

    def half(handle: int, data: bytes) -> int:
        write(handle, data[:7])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(journal_folder.os, "write", half)
        history.do(add("b"))
        journal.flush()
    assert said == ["Your steps cannot be written down: No space left on device. Save often."]
    history.do(add("c"))
    journal.leave()
    back = recovered(only(tmp_path))
    assert (set(back.document.graph.nodes), back.complaint) == ({"na", "nb", "nc"}, "")


def test_a_disk_that_refuses_to_sync_is_told_once_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    asked: list[int] = []
    history, journal = journalled(tmp_path, tell=said.append)
    history.do(add("a"))
    journal.flush()

    def refuse(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        for name in "bcd":
            history.do(add(name))
            journal.flush()
    assert said == ["Your steps cannot be written down: Input/output error. Save often."]
    monkeypatch.setattr(os, "fsync", asked.append)
    journal.flush()
    assert len(asked) == 1
    journal.leave()
    assert len(asked) == 1, "there is nothing new to wait for"


def test_a_disk_that_does_not_answer_keeps_its_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history, journal = journalled(tmp_path)
    history.do(add("a"))
    journal.flush()
    writer, answers = journal._writer, threading.Event()
    assert writer is not None
    assert writer.folder is not None
    with monkeypatch.context() as slow:
        slow.setattr(journal_module, "LONGEST_END", 0.05)
        slow.setattr(os, "fsync", lambda _handle: answers.wait(10.0))
        history.do(add("b"))
        assert not journal.leave()
        assert os.fstat(writer.folder._steps).st_size > 0
        answers.set()
        assert writer.finish()
    writer.folder.leave()
    assert set(recovered(only(tmp_path)).document.graph.nodes) == {"na", "nb"}


def test_parts_of_a_drag_that_wait_for_the_disk_become_one(tmp_path: Path) -> None:
    document = Document()
    document.apply(add("a"))
    history, journal = journalled(tmp_path, document)
    for step in range(500):
        history.do(edit.move(document, {"na": (float(step), 0.0)}), gesture="drag")
    journal.leave()
    lines = (only(tmp_path) / STEPS).read_bytes().count(b"\n")
    assert lines < 400
    back = recovered(only(tmp_path))
    assert back.document.positions == {"na": (499.0, 0.0)}
    assert len(back.history.labels) == 1


def test_what_deaths_left_half_made_is_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half = tmp_path / "20260101-120000-abc"
    half.mkdir()
    for name in (BASE, f".{STEPS}.12ab", lock.LOCK):
        (half / name).write_bytes(b"")
    assert journal_folder.abandoned(tmp_path) == []
    assert half.is_dir(), "another process may be making it"
    monkeypatch.setattr(journal_folder, "FORGOTTEN", -1.0)
    assert journal_folder.abandoned(tmp_path) == []
    assert not half.exists()


def test_nothing_but_journals_is_ever_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may be one in which the user keeps things, old ones too."""
    monkeypatch.setattr(journal_folder, "FORGOTTEN", -1.0)
    for name in ("holidays", "20260101-120000-mine", ".cache"):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "diary.txt").write_text("dear diary")
    (tmp_path / "20260101-120000-mine" / STEPS).write_bytes(b"")
    (tmp_path / "letter.txt").write_text("dear reader")
    before = {path for path in tmp_path.rglob("*") if path.name != STEPS}
    recovery.found(tmp_path)
    recovery.drop(tmp_path / "20260101-120000-mine")
    assert before <= set(tmp_path.rglob("*"))


def test_a_step_costs_the_caller_next_to_nothing(tmp_path: Path) -> None:
    document = Document()
    document.apply(add("a"))
    history, journal = journalled(tmp_path, document)
    history.do(edit.move(document, {"na": (-1.0, 0.0)}))
    journal.flush()
    taken = []
    for step in range(200):
        patch = edit.move(document, {"na": (float(step), 0.0)})
        history.document.apply(patch)
        started = time.thread_time()
        journal._follow(Deed("do", patch))
        taken.append(time.thread_time() - started)
    journal.close()
    assert sorted(taken)[100] < 0.0002


# The difference of two documents


@st.composite
def documents(draw) -> Document:
    """A document with a few nodes, whose names, kinds, wires and places are anything."""
    count = draw(st.integers(0, 5))
    names = draw(st.permutations([f"x{number}" for number in range(6)]))
    keys = draw(st.permutations([f"n{number}" for number in range(6)]))
    parents = ["", "b1"] if draw(st.booleans()) else [""]
    document = Document()
    changes = [Change("block", "b1", None, Block("b1", draw(st.sampled_from(["one", "two"]))))] * (len(parents) - 1)
    nodes = [
        Node(keys[n], draw(st.sampled_from(["ReLU", "Add"])), names[n], {}, draw(st.sampled_from(parents)))
        for n in range(count)
    ]
    changes += [Change("node", node.id, None, node) for node in nodes]
    document.apply(Patch("", tuple(changes)))
    for a, source in enumerate(nodes):
        for target in nodes[a + 1 :]:
            if source.parent == target.parent and draw(st.booleans()):
                wire = Wire(source.id, "output", target.id, "input", draw(st.integers(0, 1)))
                if wire.key not in document.graph.wires:
                    document.apply(edit.add(wire, ""))
                    if draw(st.booleans()):
                        document.apply(Patch("", (Change("bend", wire.key, None, ((1.0, 2.0),)),)))
    for node in nodes:
        if draw(st.booleans()):
            document.apply(edit.move(document, {node.id: (float(draw(st.integers(0, 3))), 0.0)}))
    seen: list[tuple[Table, str, object]] = [
        ("remark", "r1", Remark("r1", "note", draw(st.sampled_from("ab")), (0.0, 0.0), (1.0, 1.0), "", parents[-1])),
        ("bookmark", "1", Bookmark((0.0, 0.0), draw(st.sampled_from([0.5, 1.0])))),
        ("direction", parents[-1], "down"),
        *(("collapsed", node.id, True) for node in nodes),
        *(("comment", node.id, draw(st.sampled_from("ab"))) for node in nodes),
    ]
    for table, key, new in seen:
        if draw(st.booleans()):
            document.apply(Patch("", (Change(table, key, None, new),)))
    document.apply(edit.set_training(document, Training(epochs=draw(st.integers(1, 3)))))
    return document


@given(documents(), documents())
def test_the_difference_turns_one_document_into_the_other_and_back(one: Document, two: Document) -> None:
    before, after = file.dumps(one), file.dumps(two)
    history = History(one)
    history.do(difference(one, two, "Load digits.loom"))
    assert file.dumps(one) == after
    assert len(history.labels) == (before != after)
    history.undo()
    assert file.dumps(one) == before


def test_documents_that_are_equal_differ_in_nothing() -> None:
    assert not difference(Document(), Document(), "Load")


def test_nodes_may_exchange_their_names() -> None:
    one, two = Document(), Document()
    for document, names in ((one, "ab"), (two, "ba")):
        for key, name in zip(("n1", "n2"), names, strict=True):
            document.apply(edit.add(Node(key, "ReLU", name), "Add"))
    one.apply(difference(one, two, "Load"))
    assert msgspec.to_builtins(dict(one.graph.nodes)) == msgspec.to_builtins(dict(two.graph.nodes))
