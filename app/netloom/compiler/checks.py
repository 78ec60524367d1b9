"""What a document needs before it can train."""

from netloom.compiler.plan import Plan


def untrainable(plan: Plan) -> str | None:
    """Why a document cannot be trained yet, with the next step; None where it can."""
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    if errors:
        return f"{errors[0].message} {f'({len(errors)} errors)' if len(errors) > 1 else ''}".strip()
    if not any(item.part == "data" for item in plan.working):
        return "There is no data. Add a dataset and wire it to an Input and a loss."
    if "Output" not in plan.by_kind:
        return "The model has no Output. Add one after the last layer and wire it to a loss."
    if not any("loss" in item.outputs for item in plan.working):
        return "There is no loss. Add one, such as CrossEntropyLoss, after the Output."
    if not any(wire.input == "losses" for item in plan.working for wire in item.wires):
        return "There is no optimizer. Add one, such as AdamW, and wire a loss into it."
    if any(not item.wires for item in plan.by_kind.get("Input", ())):
        return "An Input has no data. Wire a column of the dataset into it."
    return None
