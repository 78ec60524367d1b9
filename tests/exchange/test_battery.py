"""Every kind as a file: it gives the model's answers, or the refusal says why."""

from pathlib import Path

import pytest
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case

from netloom.errors import ExportError
from netloom.exchange import export
from netloom.graph import Document
from netloom.layers.authoring import Graph

ONE_OF_EACH = list({case.kind: case for case in reversed(CASES)}.values())
AT_ONCE = 12
"""How many kinds are exported in one file: most of the time is spent for each file, whatever is in it."""

REFUSED: dict[str, frozenset[str]] = {
    ".onnx": frozenset({"Parameter"}),
    ".pt2": frozenset({"Parameter"}),
    ".py": frozenset({"Parameter"}),
}
"""What PyTorch cannot write in a format, by kind."""

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def refused(cases: list[Case], path: Path) -> dict[str, str]:
    """What is said of each kind that was not written, tried alone where not all can be written together."""
    graph = Graph()
    for number, case in enumerate(cases):
        case.draw(graph, f"_{number}")
    try:
        assert export(Document(graph), path).samples > 0
    except ExportError as error:
        if len(cases) == 1:
            assert not path.exists()
            return {cases[0].kind: str(error)}
        return {kind: said for case in cases for kind, said in refused([case], path).items()}
    assert path.exists()
    path.unlink()
    return {}


@pytest.mark.parametrize("ending", list(REFUSED))
@pytest.mark.timeout(600)  # an export for each kind
def test_each_kind_is_exported_or_refused_with_its_reason(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{ending}"
    written = [case for case in ONE_OF_EACH if case.kind not in REFUSED[ending]]
    for start in range(0, len(written), AT_ONCE):
        assert refused(written[start : start + AT_ONCE], path) == {}
    for case in (case for case in ONE_OF_EACH if case.kind in REFUSED[ending]):
        said = refused([case], path)
        assert case.kind in said
        assert "was not written: " in said[case.kind] or "Add one" in said[case.kind]
        assert "\n" not in said[case.kind]
