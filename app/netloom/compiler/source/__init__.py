"""From a plan to the Python that an expert would have written. The module that trains is made from this very text."""

from collections.abc import Sequence

from netloom.compiler import naming
from netloom.compiler.plan import Plan
from netloom.compiler.source.body import Body
from netloom.compiler.source.classes import Classes
from netloom.compiler.source.custom import Customs, clash, customs
from netloom.compiler.source.draft import Use
from netloom.compiler.source.interface import (
    Place,
    column_places,
    loss_places,
    model_interface,
    objective_interface,
)
from netloom.compiler.source.lines import INDENT, Line, Source, imports, joined

__all__ = [
    "Place",
    "Source",
    "clash",
    "column_places",
    "loss_places",
    "model_interface",
    "objective_source",
    "source",
    "training_lines",
    "watch_source",
]


def source(plan: Plan, name: str = "Model") -> Source:
    """The whole module as text; nodes that cannot work yet are comments. The same plan always gives the same text.

    The class is called `name`, as far as that can name a class.
    """
    own = customs(plan, "model")
    name = naming.class_name(name, own.reserved)
    return _whole(own, Classes({name: Use(plan, model_interface(plan, own))}).lines())


def objective_source(plan: Plan) -> Source:
    """The class that turns what the model puts out, and the dataset's columns, into losses."""
    own = customs(plan, "objective")
    return _whole(own, Classes({"Objective": Use(plan, objective_interface(plan, own))}).lines())


def training_lines(plan: Plan) -> tuple[Customs, list[Line]]:
    """Model and objective as the lines of one file, and the custom code that stands before them."""
    own = customs(plan)
    model, objective = Use(plan, model_interface(plan, own)), Use(plan, objective_interface(plan, own))
    return own, Classes({"Model": model, "Objective": objective}).lines()


def watch_source(plan: Plan) -> Source:
    """The model's `forward` as a function that shows `see` what each node puts out; it runs beside the model's text."""
    own = customs(plan, "model")
    body = Body(plan, model_interface(plan, own), see=True)
    names = ", ".join(["self", "see", *body.interface.arguments.values()])
    lines = [Line(f"def watch({names}):"), *body.statements(INDENT)]
    return joined([*imports(lines), Line(""), Line(""), *lines])


def _whole(own: Customs, lines: Sequence[Line]) -> Source:
    body = [*own.lines, *lines]
    return joined([*imports(body, own.imports), *body])
