"""Every template is valid, laid out without overlaps, and plans without a problem; those with data learn."""

import itertools

import pytest

from netloom.compiler import plan_graph
from netloom.compiler.module import compile_plan
from netloom.errors import DocumentError
from netloom.graph.file import dumps, loads
from netloom.layers.catalogue import spec
from netloom.layers.edit import check_document
from netloom.templates import GALLERY, TEMPLATES, document

CARD, INNER_CARD = (160, 200), (160, 136)
GAP = 8
VIEW = (1180, 600)
SMALLEST_ZOOM = 0.5
MOST_CARDS = 24

every_template = pytest.mark.parametrize("name", TEMPLATES)
every_training = pytest.mark.parametrize("name", [name for name, found in TEMPLATES.items() if found.trains])


def test_the_gallery_is_complete():
    groups = itertools.groupby(TEMPLATES.values(), lambda found: found.group)
    assert [group for group, _ in groups] == list(GALLERY)
    assert all(found.title and found.summary.endswith(".") and found.name == name for name, found in TEMPLATES.items())
    with pytest.raises(DocumentError, match="digits-cnn"):
        document("mnist")


@every_template
def test_template_says_whether_it_trains(name):
    kinds = {node.kind for node in document(name).graph.nodes.values()}
    assert TEMPLATES[name].trains == ("Dataset" in kinds) == any(spec(kind).role == "optimizer" for kind in kinds)


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
    for parent in ("", *made.graph.blocks):
        level = [places[node.id] for node in made.graph.level(parent)]
        wide, high = INNER_CARD if parent else CARD
        for a, b in itertools.combinations(level, 2):
            assert abs(a[0] - b[0]) >= wide + GAP or abs(a[1] - b[1]) >= high + GAP


@every_template
def test_the_top_level_fits_a_screen(name):
    made = document(name)
    level = [made.positions[node.id] for node in made.graph.level()]
    assert len(level) <= MOST_CARDS
    width, height = (max(place[side] for place in level) + CARD[side] for side in (0, 1))
    assert min(VIEW[0] / width, VIEW[1] / height) >= SMALLEST_ZOOM


@every_template
def test_no_block_stands_alone(name):
    graph = document(name).graph
    shown = {node.params["block"] for node in graph.nodes.values() if node.kind == "Block"}
    assert shown == set(graph.blocks)


@every_template
def test_template_plans_without_problems(name):
    plan = plan_graph(document(name).graph)
    assert plan.problems == ()
    assert plan.parameters > 100


@every_training
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
        answers = compiled.model(*inputs)
        loss = sum(compiled.objective(*(answers if isinstance(answers, tuple) else (answers,)), *targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.75 * losses[0]
