"""Code of the user's own, and of installed packages."""

from collections.abc import Mapping
from functools import partial

from netloom.graph.model import Value
from netloom.layers import custom
from netloom.layers.declare import Declaration
from netloom.layers.spec import Param, Port, PortRule

EXAMPLE = '''class Scale(nn.Module):
    """Learns one factor for all values."""

    def __init__(self, start: float = 1.0) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(start))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor
'''
SETTINGS = Param(
    "arguments",
    "text",
    "",
    'What the class is made with, or the function called with, such as channels=8, mode="fast".',
    check=custom.arguments_problem,
)


def _example(kind: str, params: Mapping[str, Value], *, inputs: bool) -> tuple[Port, ...]:
    known = {**DEFAULTS, **params}
    return custom.inputs_of(kind, known) if inputs else custom.outputs_of(kind, known)


def _rule(kind: str, *, inputs: bool) -> PortRule:
    return partial(_example, kind, inputs=inputs)


DEFAULTS: Mapping[str, Value] = {
    "code": EXAMPLE,
    "target": "torch.nn.functional.relu",
    "inputs": "input",
    "outputs": "output",
}

KINDS = (
    Declaration(
        "Python",
        "block",
        "custom",
        "Code of your own: a function, or a class with a method forward. It runs only after you trust it.",
        inputs=_rule("Python", inputs=True),
        outputs=_rule("Python", inputs=False),
        stem="code",
        keywords=("custom", "code", "script", "function", "class", "lambda"),
        own=(
            Param(
                "code",
                "code",
                EXAMPLE,
                "The text. torch, nn and Tensor are at hand; what comes in are the arguments without a default.",
                start=EXAMPLE,
                check=custom.code_problem,
            ),
            SETTINGS,
        ),
    ),
    Declaration(
        "Package",
        "block",
        "custom",
        "A class or function of an installed package. It runs only after you trust it.",
        inputs=_rule("Package", inputs=True),
        outputs=_rule("Package", inputs=False),
        stem="package",
        keywords=("custom", "import", "library", "installed", "torchvision", "timm"),
        own=(
            Param(
                "target",
                "text",
                DEFAULTS["target"],
                "Its dotted name. A name with a capital is a class, another one a function.",
                check=custom.target_problem,
            ),
            SETTINGS,
            Param(
                "inputs", "text", DEFAULTS["inputs"], "Names of what comes in, in order.", check=custom.ports_problem
            ),
            Param("outputs", "text", DEFAULTS["outputs"], "Names of what goes out.", check=custom.ports_problem),
        ),
    ),
)
