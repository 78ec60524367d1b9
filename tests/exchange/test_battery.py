"""Every kind as a file: it gives the model's answers, or the refusal says why."""

from pathlib import Path

import pytest
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case

from netloom.errors import ExportError
from netloom.exchange import export
from netloom.graph import Document

ONE_OF_EACH = list({case.kind: case for case in reversed(CASES)}.values())

REFUSED: dict[str, frozenset[str]] = {
    ".onnx": frozenset({"Parameter"}),
    ".pt2": frozenset({"Parameter", "AdaptiveLogSoftmaxWithLoss", "FractionalMaxPool3d", "CrossMapLRN2d"}),
    ".py": frozenset({"Parameter"}),
}
"""What PyTorch cannot write in a format, by kind."""

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case.kind)
@pytest.mark.parametrize("ending", list(REFUSED))
def test_a_kind_is_exported_or_refused_with_its_reason(case: Case, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{ending}"
    if case.kind in REFUSED[ending]:
        with pytest.raises(ExportError, match=r"was not written: |Add one") as refused:
            export(Document(case.graph()), path)
        assert "Traceback" not in str(refused.value)
        assert not path.exists()
        return
    report = export(Document(case.graph()), path)
    assert path.exists()
    assert report.samples > 0
