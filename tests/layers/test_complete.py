"""The catalogue has everything that the installed release of PyTorch offers, or says why not."""

import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest
from torch import nn, optim
from torch.optim import lr_scheduler

from netloom.compiler.rules import RULES
from netloom.errors import GraphError
from netloom.layers.catalogue import SPECS, spec
from netloom.layers.exclusions import EXCLUDED

TARGETS = {found.target: found for found in SPECS.values()}


def classes(module: ModuleType, base: type) -> Iterator[str]:
    for name, found in vars(module).items():
        if inspect.isclass(found) and issubclass(found, base) and not name.startswith("_"):
            yield f"{module.__name__}.{name}"


MODULES = [*classes(nn, nn.Module)]
OPTIMIZERS = [*classes(optim, optim.Optimizer)]
SCHEDULES = [f"torch.optim.lr_scheduler.{name}" for name in lr_scheduler.__all__]
OFFERED = [*MODULES, *OPTIMIZERS, *SCHEDULES]


def test_the_release_is_looked_through() -> None:
    assert len(MODULES) > 150
    assert len(OPTIMIZERS) > 12
    assert len(SCHEDULES) > 12


@pytest.mark.parametrize("name", OFFERED)
def test_what_torch_offers_is_a_kind_or_left_out_with_a_reason(name: str) -> None:
    assert (name in TARGETS) != (name in EXCLUDED)


@pytest.mark.parametrize("name", EXCLUDED)
def test_what_is_left_out_exists_and_has_a_reason(name: str) -> None:
    assert name in OFFERED
    assert EXCLUDED[name].endswith(".")
    assert len(EXCLUDED[name]) > 20


def test_a_loss_an_optimizer_and_a_schedule_play_their_part() -> None:
    roles = {name: TARGETS[name].role for name in OFFERED if name in TARGETS}
    assert {roles[name] for name in OPTIMIZERS if name in roles} == {"optimizer"}
    assert {roles[name] for name in SCHEDULES if name in roles} == {"schedule"}
    losses = {name for name, role in roles.items() if role == "loss"}
    with_weights = {"torch.nn.AdaptiveLogSoftmaxWithLoss", "torch.nn.LinearCrossEntropyLoss"}
    assert losses == {name for name in roles if "Loss" in name} - with_weights


def test_every_kind_has_a_rule() -> None:
    walked = {"dataset", "input", "output", "block", "custom"}
    assert {kind for kind, found in SPECS.items() if found.role not in walked} - set(RULES) <= {"Python", "Package"}


def test_whoever_asks_for_what_is_left_out_reads_the_reason() -> None:
    with pytest.raises(GraphError, match="here the wires say them before"):
        spec("LazyLinear")
