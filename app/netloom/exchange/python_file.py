"""A model as a Python file that needs torch alone, with its weights beside it."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from netloom.compiler.flow import Flow
from netloom.compiler.source.importing import sorted_imports
from netloom.exchange import weights_file
from netloom.exchange.ready import Ready, Run, Tensors, as_tuple

HEAD = '''"""{about}

The weights are in the .safetensors file of the same name beside this one.
"""

'''
NEEDED = ("import json", "import pathlib", "import torch", "from torch import Tensor", "from torch import nn")
"""What the functions around the model import."""

READER = '''

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def read_safetensors(path: pathlib.Path) -> dict[str, Tensor]:
    """Read weights: eight bytes say how long the JSON header is, the numbers follow it."""
    data = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    weights: dict[str, Tensor] = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw, dtype = data[start + begin : start + end], DTYPES[entry["dtype"]]
        values = torch.frombuffer(raw, dtype=dtype) if raw else torch.empty(0, dtype=dtype)
        weights[name] = values.reshape(entry["shape"])
    return weights


def load(path: str | pathlib.Path | None = None) -> Model:
    """Make the model with its trained weights, in eval mode."""
    weights = pathlib.Path(path) if path else pathlib.Path(__file__).with_suffix(".safetensors")
    with torch.device("meta"):  # the first weights would be thrown away at once
        model = Model()
    model.load_state_dict(read_safetensors(weights), assign=True)
    return model.eval()


if __name__ == "__main__":
    network = load()
    print(network)
    with torch.no_grad():
        answers = network(@EXAMPLE@)
    print("answers:", @SHAPES@)
'''

EXAMPLE_BATCH, EXAMPLE_LENGTH = 2, 12


def text(ready: Ready) -> str:
    """The whole file."""
    about = f"A network made with Netloom: {_flows(ready.plan.inputs)} to {_flows(ready.plan.outputs)}."
    shapes = "tuple(answers.shape)" if len(ready.plan.outputs) == 1 else "[tuple(answer.shape) for answer in answers]"
    reader = READER.replace("@EXAMPLE@", _example(ready.plan.inputs)).replace("@SHAPES@", shapes)
    imports, body = _taken_apart(ready.text)
    return "\n".join([HEAD.format(about=about) + "\n".join(sorted_imports([*NEEDED, *imports])), "", "", body + reader])


def _flows(flows: Mapping[str, Flow]) -> str:
    return ", ".join(f"{name} {flow}" for name, flow in flows.items())


def _example(inputs: Mapping[str, Flow]) -> str:
    return ", ".join(_zeros(flow) for flow in inputs.values())


def _zeros(flow: Flow) -> str:
    known = [dim if isinstance(dim, int) else EXAMPLE_LENGTH for dim in flow.shape[1:]]
    dtype = "" if flow.dtype == "float32" else f", dtype=torch.{flow.dtype}"
    return f"torch.zeros({', '.join(map(str, (EXAMPLE_BATCH, *known)))}{dtype})"


def _taken_apart(source: str) -> tuple[list[str], str]:
    """The imports of the generated text, and all that follows them."""
    statements = ast.parse(source).body
    imports = [item for item in statements if isinstance(item, ast.Import | ast.ImportFrom)]
    first = next(item for item in statements if item not in imports)
    start = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", []))])
    return [ast.unparse(item) for item in imports], "".join(source.splitlines(keepends=True)[start - 1 :])


def write(ready: Ready, path: Path, say: Callable[[str], None]) -> Run:
    """Write both files; the model as the written file loads it."""
    weights_file.save(ready.model, path.with_suffix(".safetensors"))
    path.write_text(text(ready), "utf-8")
    say("Running the file")
    space: dict[str, Any] = {"__name__": "netloom_export", "__file__": str(path)}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), space)  # noqa: S102 - the text that was just written
    model = space["load"]()

    def run(batch: Tensors) -> Tensors:
        return as_tuple(model(*batch))

    return run
