"""The rows for the settings of a training, for the inspector and the run settings alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from netloom.errors import GraphError
from netloom.graph import Training, Value
from netloom.layers import training_settings
from netloom.layers.training_settings import SETTINGS, Group, title
from netloom.ui.panels.param_row import ParamRow, Setting
from netloom.ui.panels.value_editors import ChoiceEditor

OFFERED = ("device", "best_by")
"""Settings whose choices the machine or the document knows."""


def training_rows(prefix: str, group: Group) -> dict[str, ParamRow]:
    """The rows of a group by the name of their setting; their fields are named by prefix and setting."""
    return {setting.name: _row(setting, prefix) for setting in SETTINGS if setting.group == group}


def _row(setting: training_settings.Setting, prefix: str) -> ParamRow:
    param = setting.param
    if param.name in OFFERED:
        param = replace(param, type="choice", choices=param.choices or (str(param.default),))
    row = ParamRow(param, partial(_check, param.name), title=setting.title, prefix=prefix)
    row.offer([(choice, title(choice)) for choice in param.choices])
    return row


def _check(name: str, value: Value) -> None:
    if problem := training_settings.refusal(name, value):
        raise GraphError(problem)


def offer_scores(row: ParamRow, names: Sequence[str], chosen: str, *, is_known: bool) -> None:
    """Offer these metrics and losses to keep the best weights by; say where the chosen one is known to be gone."""
    row.offer([("", title("")), *((name, name) for name in names)])
    is_gone = is_known and chosen and chosen not in names
    row.warn(f"There is no metric or loss called {chosen}." if is_gone else "")


def show_training(rows: Mapping[str, ParamRow], training: Training) -> None:
    """Show the settings; what is as it was at the start is written quietly."""
    for name, row in rows.items():
        value = getattr(training, name)
        editor = row.editor
        if isinstance(editor, ChoiceEditor) and editor.findData(value) < 0:
            editor.addItem(str(value), value)
        row.show_setting(Setting(value, "default" if value == row.param.default else "typed"))
