"""The generated table is what the installed torch says, and its cleaning gives readable sentences."""

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from netloom.layers.table import PATH, entries, table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_torch_table", ROOT / "packaging" / "make_torch_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_is_what_the_installed_release_says(maker):
    made = maker.made()
    if made.releases != table().releases:
        pytest.skip(f"the table is for {table().releases}, installed is {made.releases}")
    assert maker.written(made) == PATH.read_bytes(), "run python packaging/make_torch_table.py"


def test_table_is_found_by_dotted_name_and_knows_defaults():
    arguments = {each.name: each for each in entries()["torch.nn.Conv2d"].arguments}
    assert arguments["kernel_size"].required
    assert (arguments["stride"].default, arguments["bias"].default) == (1, True)
    assert arguments["padding_mode"].default == "zeros"
    assert "Stride of the convolution" in arguments["stride"].help


def test_signatures_hidden_behind_overloads_are_found():
    assert [each.name for each in entries()["torch.nn.LSTM"].arguments][:3] == [
        "input_size",
        "hidden_size",
        "num_layers",
    ]
    assert next(each for each in entries()["torch.optim.Adam"].arguments if each.name == "betas").default == [
        0.9,
        0.999,
    ]


@pytest.mark.parametrize(
    ("marked", "readable"),
    [
        (":attr:`padding` adds ``0`` to :class:`~torch.Tensor`", "padding adds 0 to Tensor"),
        (r"shape :math:`(N, C_{\text{in}}, H)`", "shape (N, C_in, H)"),
        ("see :ref:`a common shape <broadcasting-semantics>`.", "see a common shape."),
        ("the paper `On Adam <https://example.org>`__ .", "the paper On Adam."),
        (r":math:`1 \times 2 \leq 3`", "1 × 2 ≤ 3"),
    ],
)
def test_markup_becomes_text(maker, marked, readable):
    assert maker.plain(marked) == readable


def test_help_keeps_two_sentences_and_drops_the_default(maker):
    doc = """Does it.

    Args:
        size (int, optional): how large. It is counted
            from one. And a third sentence. Default: 1
        rate (float): the rate (default: 0.5). Never zero
    """
    assert maker.help_texts(doc) == {"size": "How large. It is counted from one.", "rate": "The rate. Never zero."}


def test_every_module_of_torch_gives_clean_text(maker):
    from torch import nn

    names = [name for name, found in vars(nn).items() if inspect.isclass(found) and issubclass(found, nn.Module)]
    assert len(names) > 150
    for name in names:
        entry = maker.entry(f"torch.nn.{name}")
        for text in (entry.summary, *(argument.help for argument in entry.arguments)):
            assert not set(text) & set("`\\{}\n"), f"{name}: {text}"
            assert not text or (text[-1] in ".!?" and text == text.strip()), f"{name}: {text}"
