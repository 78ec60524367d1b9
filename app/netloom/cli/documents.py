"""The commands about documents: templates, new, check, code."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import trusted
from netloom.cli.output import QUIET, WrongUsageError, console, count, duration, say, show_json, table

if TYPE_CHECKING:
    from netloom.compiler.forecast import Forecast
    from netloom.compiler.plan import NodePlan, Plan, Problem
    from netloom.graph import Graph

File = Annotated[Path, typer.Argument(metavar="FILE.loom", exists=True, dir_okay=False, help="A document.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def templates(as_json: Json = False) -> int:
    """Show the gallery, a line each."""
    from netloom.templates import TEMPLATES

    if as_json:
        found = [{"name": item.name, "title": item.title, "summary": item.summary} for item in TEMPLATES.values()]
        show_json({"templates": found})
    else:
        rows = [(item.name, item.group, item.summary) for item in TEMPLATES.values()]
        console().print(table(("template", "group", "what it is"), rows))
    return 0


def new(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="One of `netloom templates`.")],
    out: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.loom", help="The document to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    as_json: Json = False,
) -> int:
    """Write a template as a document."""
    from netloom import save
    from netloom.templates import TEMPLATES, document

    if template not in TEMPLATES:
        raise WrongUsageError(f"there is no template {template!r}. There are: {', '.join(TEMPLATES)}.")
    if out.exists() and not force:
        raise WrongUsageError(f"{out} is already there. Choose another name, or overwrite it with --force.")
    made = document(template)
    save(made, out)
    if as_json:
        show_json({"template": template, "path": str(out), "nodes": len(made.graph.nodes)})
    else:
        say(f"{out}  ", quiet=f"next: netloom {out}   or   netloom train {out}")
    return 0


def check(file: File, as_json: Json = False) -> int:
    """Show shapes, parameters, multiply-adds and problems."""
    import netloom

    trusted.begin()
    document = netloom.load(file)
    plan = netloom.plan(document)
    cost = _forecast(plan, document.training.batch_size)
    if as_json:
        show_json(_checked(plan, len(document.graph.nodes), cost))
    else:
        _show_plan(document.graph, plan, _words(cost, document.training.batch_size) if cost else None)
    return 0 if plan.is_valid else 1


def _forecast(plan: "Plan", batch_size: int) -> "Forecast | None":
    """What a training would cost; None where there is none to forecast."""
    from netloom.compiler.checks import untrainable
    from netloom.compiler.forecast import forecast
    from netloom.runs.speed import remembered

    return None if not plan.is_valid or untrainable(plan) else forecast(plan, batch_size, remembered())


def _words(cost: "Forecast", batch_size: int) -> str:
    from netloom.compiler.limits import size

    time = f" and {_span(cost.step_seconds)}" if cost.step_seconds else ""
    return f"training takes about {size(cost.memory)}{time} a step, with batches of {batch_size}"


def _span(seconds: float) -> str:
    return f"{seconds * 1000:.2g} ms" if seconds < 0.1 else duration(seconds)


def _checked(plan: "Plan", nodes: int, cost: "Forecast | None") -> dict[str, Any]:
    return {
        "nodes": nodes,
        "parameters": plan.parameters,
        "macs": plan.macs,
        "inputs": {name: flow.dims() for name, flow in plan.inputs.items()},
        "outputs": {name: flow.dims() for name, flow in plan.outputs.items()},
        "problems": [
            {
                "node": problem.node,
                "port": problem.port,
                "severity": problem.severity,
                "message": problem.message,
                "fixes": [fix.label for fix in problem.fixes],
            }
            for problem in plan.problems
        ],
        "memory": cost.memory if cost else None,
        "seconds_per_step": (cost.step_seconds or None) if cost else None,
    }


def _show_plan(graph: "Graph", plan: "Plan", cost: str | None) -> None:
    screen = console()
    rows = [_row(item) for item in plan.nodes.values()]
    numbers = ("parameters", "multiply-adds")
    screen.print(table(("node", "kind", "puts out", *numbers), rows, numbers))
    total = f"{count(plan.parameters)} parameters, {count(plan.macs)} multiply-adds a sample"
    screen.print(f"\n{len(graph.nodes)} nodes, {total}")
    if cost:
        screen.print(cost)
    for problem in plan.problems:
        _show_problem(graph, problem)
    if not plan.problems:
        screen.print(f"[{QUIET}]no problems[/]")


def _row(item: "NodePlan") -> tuple[str, ...]:
    several = len(item.outputs) > 1
    flows = ", ".join(f"{port} {flow}" if several else str(flow) for port, flow in item.outputs.items())
    numbers = (count(number) if number else "" for number in (item.parameters, item.macs))
    states = (("bypassed", item.node.bypassed), ("frozen", item.node.frozen))
    kind = ", ".join((item.node.kind, *(word for word, holds in states if holds)))
    return (item.node.name, kind, flows, *numbers)


def _show_problem(graph: "Graph", problem: "Problem") -> None:
    from rich.text import Text

    colour, mark = ("red", "✕") if problem.severity == "error" else ("yellow", "!")
    name = graph.node(problem.node).name
    place = f"{name}.{problem.port}" if problem.port else name
    screen = console()
    screen.print(Text.assemble((f"{mark} {problem.severity}", colour), f"  {place}: {problem.message}"))
    for fix in problem.fixes:
        screen.print(Text.assemble(("    fix  ", QUIET), fix.label))


def code(
    file: File,
    out: Annotated[Path | None, typer.Option("-o", "--output", metavar="model.py", help="Write it to a file.")] = None,
    as_script: Annotated[bool, typer.Option("--script", help="A whole program that trains the model.")] = False,
) -> int:
    """Show the Python source, which needs torch alone; or a program that reads the data and trains."""
    import netloom

    trusted.begin()
    document = netloom.load(file)
    if as_script:
        from netloom.exchange import script

        text = script(document)
    else:
        text = netloom.source(document)
    if out is None:
        sys.stdout.write(text)
        return 0
    from netloom.exchange import write_text

    write_text(out, text)
    say(str(out))
    return 0
