"""What `--set` of the command line changes: settings of the training, and parameters of nodes."""

from collections.abc import Iterable, Mapping

from netloom.cli.output import WrongUsageError
from netloom.errors import GraphError
from netloom.graph import Document, Graph, Node, Value, edit
from netloom.graph.patch import Patch
from netloom.layers import custom, ports, training_settings, values
from netloom.layers.custom_edit import set_code
from netloom.layers.promotion import value_refusal
from netloom.layers.spec import Param
from netloom.layers.training_settings import BY_NAME, FROZEN, RATE
from netloom.layers.typed import parsed

KNOWN = f"Known are {', '.join(BY_NAME)}, and parameters of nodes, such as optimizer.lr"


def split(given: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that are set, by the name of a training setting and by the name of a node with its parameter."""
    settings: dict[str, str] = {}
    nodes: dict[str, str] = {}
    for each in given:
        key, is_set, text = (part.strip() for part in each.partition("="))
        if not (key and is_set):
            raise WrongUsageError(f"--set takes key=value, such as epochs=5; received {each!r}.")
        if "." not in key and key not in BY_NAME:
            raise WrongUsageError(f"--set knows no {key!r}. {KNOWN}.")
        (nodes if "." in key else settings)[key] = text
    return settings, nodes


def settings_of(texts: Mapping[str, str]) -> dict[str, Value]:
    """The values of training settings; WrongUsageError says what one expects."""
    found = {name: _read(BY_NAME[name].param, text) for name, text in texts.items()}
    for name, value in found.items():
        if wrong := training_settings.problem_of(name, value):
            raise WrongUsageError(f"{name} {wrong}")
    return found


def _read(param: Param, text: str) -> Value:
    if param.type == "choice":
        return text
    try:
        return parsed(param, text)
    except GraphError as error:
        raise WrongUsageError(str(error)) from error


def set_in(document: Document, texts: Mapping[str, str]) -> None:
    """Set parameters of nodes in a document; WrongUsageError says what is not there or does not suit."""
    for key, text in texts.items():
        path, _, name = key.rpartition(".")
        node = _found(document.graph, path)
        try:
            document.apply(_patch(document.graph, node, name, text))
        except GraphError as error:
            raise WrongUsageError(str(error)) from error


def _found(graph: Graph, path: str) -> Node:
    """The node of a name; inside blocks the names from the top level on, with points between them."""
    level, node = "", None
    for name in path.split("."):
        node = graph.named(name, level)
        if node is None:
            known = ", ".join(each.name for each in graph.level(level))
            raise WrongUsageError(f"there is no node called {name!r}. There are {known}.")
        level = str(node.params.get("block", "no level"))
    if node is None:
        raise WrongUsageError(f"{path!r} names no node.")
    return node


def _patch(graph: Graph, node: Node, name: str, text: str) -> Patch:
    params = ports.params(graph, node)
    own = [param for param in params if param.name == name]
    if not own and name in (FROZEN.name, RATE.name):
        return _learning(graph, node, name, text)
    value = _read(own[0], text) if own else text
    if wrong := value_refusal(node.name, params, own, name, value):
        raise WrongUsageError(wrong + ("" if own else f" It has {', '.join(param.name for param in params)}."))
    made = set_code if node.kind in custom.KINDS else edit.set_params
    return made(graph, node.id, {name: value})


def _learning(graph: Graph, node: Node, name: str, text: str) -> Patch:
    param = FROZEN if name == FROZEN.name else RATE
    value = _read(param, text)
    if expected := values.expected(param, value):
        raise WrongUsageError(f"{name} of {node.name} expects {expected}; received {values.received(value)}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return edit.freeze(graph, [node.id], frozen=bool(value))
    return edit.set_rate(graph, node.id, value)
