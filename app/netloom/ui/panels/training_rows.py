"""The rows for epochs, batch size and seed, for the inspector and the run settings alike."""

from netloom.errors import GraphError
from netloom.graph import Value
from netloom.layers.spec import Param
from netloom.ui.panels.param_row import ParamRow, Setting

FIELDS: tuple[tuple[str, Param], ...] = (
    ("Epochs", Param("epochs", "int", 20, "How often the network sees every sample.", minimum=1, maximum=100_000)),
    ("Batch size", Param("batch_size", "int", 32, "How many samples make one step.", minimum=1, maximum=65_536)),
    ("Seed", Param("seed", "int", 0, "The same seed gives the same run.", minimum=0, maximum=2**31 - 1)),
)


def check_range(param: Param, title: str, value: Value) -> None:
    """GraphError where a number is out of the range of its field."""
    low, high = param.minimum, param.maximum
    if isinstance(value, int) and low is not None and high is not None and not low <= value <= high:
        raise GraphError(f"{title} goes from {low:,.0f} to {high:,.0f}, this is {value:,}.")


def training_row(title: str, param: Param, prefix: str) -> ParamRow:
    """A row for one setting of the training; its field is named by prefix and parameter."""
    return ParamRow(param, lambda value: check_range(param, title, value), title=title, prefix=prefix)


def training_rows(prefix: str) -> dict[str, ParamRow]:
    """The rows of the settings that are numbers, by name."""
    return {param.name: training_row(title, param, prefix) for title, param in FIELDS}


def show_training_value(row: ParamRow, value: Value) -> None:
    """Show a setting; what is as it was at the start is written quietly."""
    row.show_setting(Setting(value, "default" if value == row.param.default else "typed"))
