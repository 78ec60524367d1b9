"""Runs code of the user's own on tensors without data: `python -m netloom.compiler.trial < request > reply`.

Only code that is trusted gets here. A window runs it as a process of its own, which can be ended.
"""

import contextlib
import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
import torch

from netloom.compiler.custom import Reply, Request, Tensors
from netloom.errors import GraphError
from netloom.layers import custom

Sample: TypeAlias = Mapping[str, tuple[list[int], str]]

LONGEST_REASON = 200
HEAD = "import torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F\n"


def tried(request: Request) -> Reply:
    """What the code of a node answers; whatever goes wrong becomes a sentence."""
    try:
        definition = custom.definition(request.kind, request.arguments)
        made, parameters = _made(definition, request)
        return Reply([_run(made, definition, sample) for sample in request.samples], parameters)
    except GraphError as error:
        return Reply(error=f"The code of {{node}} cannot be used: {error}.")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises is theirs to read
        words = " ".join(str(error).split())[:LONGEST_REASON].replace("{node}", "")
        text = "".join(sign for sign in words if sign.isprintable())
        return Reply(error=f"The code of {{node}} raised {type(error).__name__}: {text}")


def _made(definition: custom.Definition, request: Request) -> tuple[Callable[..., Any], int]:
    """The function, or the module with weights that hold no data, and the number of its parameters."""
    settings: dict[str, Any] = custom.keywords(str(request.arguments.get("arguments", "")))
    found = _defined(definition, request)
    if not definition.is_class:
        return lambda *given, **named: found(*given, **named, **settings), 0
    with torch.device("meta"):
        module = found(**settings)
    if not isinstance(module, torch.nn.Module):
        raise GraphError(f"{definition.name} is no nn.Module")
    return module, sum(weight.numel() for weight in module.parameters())


def _defined(definition: custom.Definition, request: Request) -> Any:
    if request.kind == "Package":
        return getattr(importlib.import_module(definition.module), definition.name)
    scope: dict[str, Any] = {"__name__": "netloom_custom"}
    exec(compile(HEAD + str(request.arguments["code"]), "<code of a node>", "exec"), scope)  # noqa: S102 - trusted
    return scope[definition.name]


def _run(made: Callable[..., Any], definition: custom.Definition, sample: Sample) -> Tensors:
    given = {
        name: torch.empty(shape, dtype=getattr(torch, dtype), device="meta") for name, (shape, dtype) in sample.items()
    }
    required = [given[port.name] for port in definition.inputs if not port.optional]
    named = {port.name: given[port.name] for port in definition.inputs if port.optional and port.name in given}
    with torch.device("meta"), torch.no_grad():
        answer = made(*required, **named)
    found = (answer,) if isinstance(answer, torch.Tensor) else answer
    if not isinstance(found, tuple | list) or not all(isinstance(each, torch.Tensor) for each in found):
        raise GraphError("it must return a tensor, or several with commas between them")
    return [(list(each.shape), str(each.dtype).removeprefix("torch.")) for each in found]


def main() -> int:
    """Answer one request; what the code prints goes to standard error."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    with contextlib.redirect_stdout(sys.stderr):
        reply = tried(request)
    sys.stdout.buffer.write(msgspec.json.encode(reply))
    return 0


if __name__ == "__main__":
    sys.exit(main())
