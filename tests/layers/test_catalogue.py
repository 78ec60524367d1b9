"""Every kind is well formed, and the search ranks as a person expects."""

import importlib
import inspect
import subprocess
import sys
from typing import get_args

import pytest

from netloom.errors import GraphError
from netloom.graph.model import name_problem
from netloom.layers import values
from netloom.layers.catalogue import SPECS, TITLES, search, spec
from netloom.layers.families import DECLARATIONS
from netloom.layers.spec import Category, Flow

every_kind = pytest.mark.parametrize("kind", SPECS)


def test_categories_come_in_the_order_of_the_palette():
    assert get_args(Category) == tuple(TITLES)
    places = [list(TITLES).index(found.category) for found in SPECS.values()]
    assert places == sorted(places)


@every_kind
def test_kind_explains_itself(kind):
    found = spec(kind)
    assert found.kind == kind
    assert found.summary.endswith(".")
    assert 20 < len(found.summary) < 130
    assert name_problem(found.stem) is None
    assert all(param.help.endswith((".", "!", "?")) for param in found.params)


@every_kind
def test_ports_are_well_formed(kind):
    found = spec(kind)
    for ports in (found.inputs_for({}), found.outputs_for({})):
        names = [port.name for port in ports]
        assert len(set(names)) == len(names)
        assert all(name_problem(name) is None for name in names)
        assert all(port.flow in get_args(Flow) for port in ports)


@every_kind
def test_params_are_well_formed(kind):
    found = spec(kind)
    inputs = {port.name for port in found.inputs_for({})}
    assert len({param.name for param in found.params}) == len(found.params)
    for param in found.params:
        assert param.derived is None or param.derived.port in inputs
        assert param.when is None or found.param(param.when[0]) is not None
        assert not (param.default is None and param.derived is None) or param.optional
        if not (param.derived and param.default is None):
            assert values.expected(param, param.default) is None, param
        if param.start is not None:
            assert values.expected(param, param.start) is None, param
        assert (param.type == "choice") <= bool(param.choices)


@every_kind
def test_positional_params_come_first_in_the_target(kind):
    found = spec(kind)
    if not found.target.startswith("torch.nn."):
        return
    positional = [param.positional for param in found.params]
    assert positional == sorted(positional, reverse=True)


@every_kind
def test_target_accepts_the_params(kind):
    """What is not required has the target's own default, so that source may leave it out."""
    found = spec(kind)
    if not found.target.startswith(("torch.nn.", "torch.optim.")):
        return
    module, _, name = found.target.rpartition(".")
    known = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    declared = next(each for each in DECLARATIONS if each.kind == kind)
    ours = (*declared.own, *declared.closing)
    for param in (each for each in found.params if each not in ours and not each.call):
        assert param.name in known or "kwargs" in known
        if param.name in known and not param.required and not callable(known[param.name].default):
            default = known[param.name].default
            assert param.default == (list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("conv", "Conv2d"),
        ("Conv1", "Conv1d"),
        ("bn", "BatchNorm2d"),
        ("bn1d", "BatchNorm1d"),
        ("relu", "ReLU"),
        ("fully connected", "Linear"),
        ("dense", "Linear"),
        ("pool", "MaxPool2d"),
        ("avg pool", "AvgPool2d"),
        ("attention", "MultiheadAttention"),
        ("residual", "Add"),
        ("cat", "Concatenate"),
        ("cross entropy", "CrossEntropyLoss"),
        ("regression", "MSELoss"),
        ("iris", "Dataset"),
        ("drpout", "Dropout"),
        ("transpose", "Transpose"),
        ("ADAM", "Adam"),
    ],
)
def test_search_finds_the_meant_kind_first(words, first):
    assert search(words)[0].kind == first


def test_search_ranks_prefix_before_part_before_summary():
    kinds = [found.kind for found in search("relu")]
    assert kinds.index("ReLU") < kinds.index("LeakyReLU") < kinds.index("GELU")


def test_search_for_nothing_gives_all_and_for_nonsense_none():
    assert [found.kind for found in search("  ")] == list(SPECS)
    assert search("zzqx") == []
    assert search("conv zzqx") == []


def test_unknown_kind_names_the_nearest():
    with pytest.raises(GraphError, match="Is Conv2d meant"):
        spec("conv2D")
    with pytest.raises(GraphError, match="no kind of node"):
        spec("__import__('os')" * 100)


def test_catalogue_needs_neither_torch_nor_qt():
    code = "import sys, netloom.layers.authoring, netloom.templates; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "PySide6", "sklearn", "networkx", "pyqtgraph"} & set(out)
