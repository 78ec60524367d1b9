"""Run the benchmarks, print a table and write build/bench.json: `python -m tests.benchmarks [WORD]`.

Each `bench_*.py` beside this file has a function `rows()`, which measures and returns one dictionary for each figure:
name, value, unit, mark (what is asked for) and holds (whether it is met), and where there is something to compare with,
peer and peer_value. WORD picks the modules whose name contains it; if there is none, the rows. Slowness is reported and
never fails.
"""

import importlib.util
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
REPORT = HERE.parent.parent / "build" / "bench.json"
Row = dict[str, Any]
console = Console()


def main(word: str = "", folder: Path = HERE, report: Path = REPORT) -> int:
    """Return 1 if a benchmark could not be run; a slow one is no failure."""
    files = sorted(folder.glob("bench_*.py"))
    named = [file for file in files if word in file.stem]
    rows, failures = [], 0
    for file in named or files:
        console.print(f"[dim]{file.stem} …[/]")
        try:
            rows += [complete(row) for row in load_rows(file)]
        except Exception:  # noqa: BLE001 – the others are still to run
            traceback.print_exc()
            failures += 1
    rows = rows if named else [row for row in rows if word in row["name"]]
    console.print(table(rows))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 1 if failures else 0


def load_rows(file: Path) -> list[Row]:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module.rows()


def complete(row: Row) -> Row:
    """Return the row with exactly the keys of the report, in order; the ratio is computed where it is not given."""
    peer_value = row.get("peer_value")
    ratio = row.get("ratio", row["value"] / peer_value if peer_value else None)
    given = {"peer": row.get("peer"), "peer_value": peer_value, "ratio": ratio}
    order = ("name", "value", "unit", "peer", "peer_value", "ratio", "mark", "holds")
    return {key: given[key] if key in given else row[key] for key in order}


def table(rows: list[Row]) -> Table:
    result = Table("name", "peer", "holds")
    for title in ("value", "peer value", "ratio", "mark"):
        result.add_column(title, justify="right")
    for row in rows:
        result.add_row(*cells(row))
    return result


def cells(row: Row) -> Iterator[str]:
    yield row["name"]
    yield row["peer"] or "–"
    yield "[green]yes[/]" if row["holds"] else "[red]no[/]"
    yield f"{figure(row['value'])} {row['unit']}"
    yield figure(row["peer_value"])
    yield figure(row["ratio"])
    yield figure(row["mark"])


def figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
