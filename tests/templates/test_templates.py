"""Every template is a valid document, laid out without overlaps, that plans without a problem and learns."""

from itertools import combinations

import pytest

from netloom.compiler import plan_graph
from netloom.compiler.module import compile_plan
from netloom.errors import DocumentError
from netloom.graph.file import dumps, loads
from netloom.layers.edit import check_document
from netloom.templates import TEMPLATES, document

CARD = (160, 200)
GAP = 8
VIEW = (1180 / 0.88, 600 / 0.88)

every_template = pytest.mark.parametrize("name", TEMPLATES)


def test_the_gallery_is_complete():
    assert list(TEMPLATES) == ["digits-cnn", "digits-mlp", "moons-mlp", "iris-mlp", "diabetes-regression"]
    assert all(found.title and found.summary.endswith(".") and found.name == name for name, found in TEMPLATES.items())
    with pytest.raises(DocumentError, match="digits-cnn"):
        document("mnist")


@every_template
def test_template_is_valid_and_survives_the_file(name):
    made = document(name)
    check_document(made)
    again = loads(dumps(made))
    check_document(again)
    assert dumps(again) == dumps(made) == dumps(document(name))


@every_template
def test_template_is_laid_out(name):
    made = document(name)
    places = made.positions
    assert set(places) == set(made.graph.nodes)
    assert all(x % 8 == 0 and y % 8 == 0 for x, y in places.values())
    for a, b in combinations(places.values(), 2):
        assert abs(a[0] - b[0]) >= CARD[0] + GAP or abs(a[1] - b[1]) >= CARD[1] + GAP
    width, height = (max(place[side] for place in places.values()) + CARD[side] for side in (0, 1))
    assert (width, height) <= VIEW


@every_template
def test_template_plans_without_problems(name):
    plan = plan_graph(document(name).graph)
    assert plan.problems == ()
    assert plan.parameters > 100


@every_template
def test_template_learns(name):
    import torch

    from netloom import data

    torch.manual_seed(0)
    made = document(name)
    plan = plan_graph(made.graph)
    compiled = compile_plan(plan)
    found = data.load(plan.nodes[compiled.inputs[0][0]].arguments)
    rows = found.splits["train"][:64]
    inputs, targets = (
        [found.columns[column][rows] for _, column in each] for each in (compiled.inputs, compiled.columns)
    )
    rate = compiled.optimizers[0].arguments["lr"]
    optimizer = torch.optim.AdamW(compiled.model.parameters(), lr=rate)
    losses = []
    for _ in range(200):
        (loss,) = compiled.objective(compiled.model(*inputs), *targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.75 * losses[0]
