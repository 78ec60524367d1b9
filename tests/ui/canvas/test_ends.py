"""The ends of a wire follow a card whose measures change, however that comes about."""

import pytest
from tests.ui.canvas.sameness import differences
from tests.ui.person import Person

from netloom import templates
from netloom.graph import Change, Patch, edit


def odd(person: Person) -> list[str]:
    return differences(person.canvas.graph_scene, person.editor.shown_plan)


@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_value_that_widens_a_card_takes_the_ends_of_its_wires_along(person: Person, direction: str) -> None:
    person.editor.new(templates.document("digits-cnn"), "digits")
    if direction == "down":
        person.editor.do(Patch("Turn", (Change("direction", "", None, "down"),)))
    flatten = person.node("flatten").id
    for value in (9, 1, -9):
        person.editor.do(edit.set_params(person.editor.document.graph, flatten, {"start_dim": value}))
        assert odd(person) == []
    person.editor.undo()
    assert odd(person) == []
    person.editor.do(edit.rename(person.editor.document.graph, flatten, "a_name_with_more_room_than_flatten"))
    assert odd(person) == []
