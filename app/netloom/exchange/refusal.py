"""Why a file was not written, in the words of the document instead of those of an exporter."""

import re
from collections.abc import Iterator

from netloom.compiler import Plan
from netloom.compiler.plan import NodePlan
from netloom.errors import ExportError
from netloom.exchange.ready import Ready

LINE = re.compile(r'"<netloom \w+>", line (\d+)')
COLOURS = re.compile("\x1b\\[[0-9;]*m")
UNKNOWN = ("No ONNX function found", "No decompositions", "not support", "InferenceError")


def refusal(name: str, ready: Ready, error: Exception) -> ExportError:
    """What to say of an exporter's error: the node where it is known, the reason, and a next step."""
    texts = list(_texts(error))
    node = _node(ready, error, texts)
    found = _found(ready.plan, node) if node else None
    where = f"{found[0]} ({found[1].node.kind})" if found else "this network"
    return ExportError(f"{name} was not written: {_reason(texts, where, name)}", node=node)


def _reason(texts: list[str], where: str, name: str) -> str:
    others = " or ".join(ending for ending in (".pt2", ".py") if not name.endswith(ending))
    fixed = next((match for text in texts if (match := re.search(r"Constraints violated \(([^)]*)\)", text))), None)
    if fixed and fixed[1] != "N":
        return f"PyTorch can write {where} only with a fixed {fixed[1]}. Type a number in the Input, or export to .py."
    if fixed:
        return f"PyTorch can write {where} only for batches of one size. Export to .py instead."
    if any("data-dependent" in text for text in texts):
        return f"what {where} does depends on the values that flow in, and the format cannot say that. Export to .py."
    if any(word in text for text in texts for word in UNKNOWN):
        return f"{where} cannot be expressed in this format. Export to {others} instead, or use another layer."
    return f"{where} could not be expressed in this format: {_first(texts)} Export to {others} instead."


def _first(texts: list[str]) -> str:
    """The first line of the error at the root of all, as a sentence."""
    lines = [line.strip() for line in COLOURS.sub("", texts[-1]).splitlines() if line.strip()]
    return (lines[0] if lines else "the exporter does not say why").rstrip(".:") + "."


def _texts(error: BaseException) -> Iterator[str]:
    """What an error says, and those that led to it, that which came first at the end."""
    for each in _chain(error):
        yield "\n".join([str(each) or type(each).__name__, *getattr(each, "__notes__", ())])


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _node(ready: Ready, error: Exception, texts: list[str]) -> str | None:
    """The node at which PyTorch stopped, by the line of the model's source."""
    for each in _chain(error):
        if node := ready.compiled.node_at(each.__traceback__):
            return node
    for text in texts:
        for line in reversed(LINE.findall(text)):
            if node := ready.compiled.source.lines.get(int(line)):
                return node
    return None


def _found(plan: Plan, node: str) -> tuple[str, NodePlan] | None:
    """A node's name, with the blocks around it, and what is known of it."""
    for key, item in plan.nodes.items():
        if key == node:
            return item.node.name, item
        if item.block is not None and (inner := _found(item.block, node)):
            return f"{inner[0]} in {item.node.name}", inner[1]
    return None
