"""A training script does with each setting of a document what a run does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.exchange.test_script import run, scores, short, trained, with_node

import netloom
from netloom.errors import ExportError
from netloom.exchange import script
from netloom.graph import Change, Document, Patch, edit
from netloom.layers import blocks

Edit = Callable[[Document], object]


def training(made: Document, **values: Any) -> None:
    made.training = msgspec.structs.replace(made.training, **values)


def optimizer(made: Document, **params: Any) -> None:
    (node,) = [node for node in made.graph.nodes.values() if node.kind == "AdamW"]
    made.apply(edit.set_params(made.graph, node.id, params))


def freeze(made: Document, *names: str) -> None:
    made.apply(edit.freeze(made.graph, [made.graph.named(name).id for name in names], frozen=True))


def rate(made: Document, name: str, factor: float) -> None:
    made.apply(edit.set_rate(made.graph, made.graph.named(name).id, factor))


def second(made: Document, *updates: str, **params: Any) -> None:
    """Another optimizer, which updates these nodes; the first one updates the head."""
    graph = made.graph
    optimizer(made, updates=[graph.named("head").id])
    (loss,) = [node for node in graph.nodes.values() if node.kind == "CrossEntropyLoss"]
    given = {"lr": 0.1, "updates": [graph.named(name).id for name in updates], **params}
    node = netloom.layers.edit.new_node(graph, "SGD", params=given)
    made.apply(edit.add(node, "Add"))
    made.apply(netloom.layers.connect.connect(graph, loss.id, "loss", node.id, "losses"))


def block(made: Document) -> str:
    """The hidden layers as a block that is repeated."""
    keys = [made.graph.named(name).id for name in ("hidden2",)]
    made.apply(blocks.make_block(made, keys, "hidden"))
    (node,) = [node for node in made.graph.nodes.values() if node.kind == "Block"]
    made.apply(edit.set_params(made.graph, node.id, {"repeat": 2}))
    return node.params["block"]


def frozen_in_block(made: Document) -> None:
    inner = made.graph.named("hidden2", block(made))
    made.apply(edit.freeze(made.graph, [inner.id], frozen=True))


def slow_in_block(made: Document) -> None:
    inner = made.graph.named("hidden2", block(made))
    made.apply(edit.set_rate(made.graph, inner.id, 0.2))


def one_cycle(made: Document) -> None:
    rate(made, "head", 0.1)
    with_node(made, "OneCycleLR", "optimizer", "schedule", "schedule", max_lr=0.02, step="batch")
    training(made, accumulate=2)


CASES: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "accumulate": (lambda made: training(made, accumulate=4), ("(loss / ACCUMULATE).backward()",)),
    "ema": (lambda made: training(made, ema_decay=0.9), ("averaged.update_parameters(model)",)),
    "bfloat16": (lambda made: training(made, precision="bfloat16"), ("with torch.autocast(DEVICE, torch.bfloat16):",)),
    "float16": (lambda made: training(made, precision="float16"), ("scaler.step(optimizer)",)),
    "deterministic": (lambda made: training(made, deterministic=True), ("torch.use_deterministic_algorithms(True)",)),
    "warm-up": (lambda made: optimizer(made, warmup_steps=20), ("warmed_step(optimizer, min(1.0, warm / 20))",)),
    "clipped": (
        lambda made: optimizer(made, clip_norm=0.5, clip_value=0.1),
        ("nn.utils.clip_grad_value_(model.parameters(), 0.1)", "nn.utils.clip_grad_norm_(model.parameters(), 0.5)"),
    ),
    "period": (lambda made: optimizer(made, period=3), ("if step % PERIOD == 0:",)),
    "period of cycles": (
        lambda made: (optimizer(made, period=2), training(made, accumulate=2)),
        ("if ((step - 1) // ACCUMULATE + 1) % PERIOD == 0:",),
    ),
    "spared": (lambda made: optimizer(made, spare_biases=True, weight_decay=0.5), ('"weight_decay": 0.0',)),
    "frozen": (lambda made: freeze(made, "hidden1"), ("model.hidden1.requires_grad_(False)", "if each.requires_grad]")),
    "rates": (
        lambda made: (rate(made, "hidden1", 0.1), optimizer(made, clip_norm=0.5)),
        ("layers_2 = [*model.hidden1.parameters()]",),
    ),
    "frozen and spared": (
        lambda made: (freeze(made, "hidden2"), rate(made, "head", 3.0), optimizer(made, spare_biases=True)),
        ("model.hidden2.requires_grad_(False)",),
    ),
    "frozen in a block": (frozen_in_block, ("model.hidden[0].hidden2.requires_grad_(False)",)),
    "slow in a block": (slow_in_block, ("*model.hidden[1].hidden2.parameters()",)),
    "one cycle": (one_cycle, ("max_lr=(0.02, 0.002)", "max(1, EPOCHS * len(batches(train)) // 2)")),
    "order": (
        lambda made: second(made, "hidden1", "hidden2", order=2, clip_norm=0.3),
        ("for stage in STAGES:", "STAGES = [[0], [1]]"),
    ),
    "periods": (lambda made: second(made, "hidden1", "hidden2", period=3), ("PERIODS = [1, 3]",)),
    "several with ice and rates": (
        lambda made: (second(made, "hidden1", "hidden2"), freeze(made, "hidden2"), rate(made, "head", 0.5)),
        ("owned.append", "model.hidden2.requires_grad_(False)"),
    ),
}


QUICK = ("accumulate", "rates", "order")
RUNS = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in CASES]


@pytest.mark.parametrize("name", RUNS)
def test_a_script_trains_as_the_run_does(name: str, tmp_path: Path) -> None:
    change, said = CASES[name]
    made = short("iris-mlp")
    change(made)
    training(made, autotune=False)
    text = script(made)
    for words in said:
        assert words in text, text
    end, _ = trained(made, tmp_path / "run")
    tolerance = 2e-3 if made.training.precision != "float32" else 2e-4
    assert scores(run(text, tmp_path))["loss"] == pytest.approx(end.losses["loss"], abs=tolerance)


@pytest.mark.parametrize(("best_by", "said"), [("", 'scores["accuracy"]'), ("loss", '-scores["loss"]')])
def test_a_script_ends_where_no_better_epoch_comes(best_by: str, said: str, tmp_path: Path) -> None:
    made = short("iris-mlp")
    training(made, epochs=60, patience=2, best_by=best_by, autotune=False)
    optimizer(made, lr=0.1)
    text = script(made)
    assert f"rank = ({said}, -sum(scores[name] for name in LOSSES))" in text
    end, _ = trained(made, tmp_path / "run")
    printed = run(text, tmp_path)
    last = [line for line in printed.splitlines() if "held out" in line][-1]
    assert last.startswith(f"epoch {end.epochs}, ")
    assert 2 < end.epochs < 60


def test_a_script_with_nothing_set_says_nothing_of_it() -> None:
    text = script(short("iris-mlp"))
    for word in ("ACCUMULATE", "PATIENCE", "averaged", "scaler", "autocast", "step +=", "best", "requires_grad"):
        assert word not in text


def search(made: Document) -> None:
    old = next(node for node in made.graph.nodes.values() if node.kind == "AdamW")
    made.apply(Patch("Swap", (Change("node", old.id, old, type(old)(old.id, "LBFGS", old.name)),)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda made: training(made, precision="auto"), "precision auto"),
        (lambda made: (second(made, "hidden1"), training(made, accumulate=2)), "accumulate with several optimizers"),
        (lambda made: (second(made, "hidden1"), training(made, precision="float16")), "precision float16"),
        (lambda made: second(made, "hidden1", warmup_steps=3), "warmup_steps"),
        (lambda made: (search(made), training(made, accumulate=2)), "accumulate with LBFGS"),
        (lambda made: training(made, best_by="beauty"), "best_by is 'beauty', expected a metric or loss"),
    ],
)
def test_what_a_script_cannot_do_is_refused_by_name(change: Edit, words: str) -> None:
    made = short("iris-mlp")
    change(made)
    with pytest.raises(ExportError, match=words):
        script(made)
