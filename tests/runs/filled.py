"""A store with as many runs as wanted, written straight into its database."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from netloom import templates
from netloom.graph.file import dumps
from netloom.runs import rows
from netloom.runs.database import connect
from netloom.runs.record import about, fingerprint

NAMES = ("digits-cnn", "moons-mlp", "iris-mlp", "vae")
STATES = ("finished", "finished", "stopped", "failed", "interrupted")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def fill(folder: Path, count: int, *, steps: int = 0, epochs: int = 0) -> None:
    """Add runs of the small templates, with curves where steps are wanted."""
    documents = [templates.document(name) for name in NAMES]
    texts = [(dumps(document).decode(), fingerprint(document), about(document)) for document in documents]
    curve = (1 / np.sqrt(np.arange(1, steps + 1, dtype=np.float32))).tobytes()
    with contextlib.closing(connect(folder)) as connection, connection:
        for number in range(count):
            text, print_of, words = texts[number % len(texts)]
            run = values(number) | {"document": text, "fingerprint": print_of, "about": words, "steps": steps}
            rows.insert(connection, run)
            if steps:
                connection.execute("INSERT INTO steps VALUES (?, 'loss', 1, ?)", (run["id"], curve))
            connection.executemany(
                "INSERT INTO epochs VALUES (?, ?, ?, ?)",
                [(run["id"], each, each * max(1, steps // epochs), scores(each)) for each in range(1, epochs + 1)],
            )


def values(number: int) -> dict[str, object]:
    began = BEGAN + timedelta(minutes=40 * number)
    return {
        "id": f"{began:%Y%m%d-%H%M%S}-run-{number % 1000:03}",
        "name": f"{NAMES[number % len(NAMES)]} {number}",
        "state": STATES[number % len(STATES)],
        "started": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "epochs": 20,
        "seconds": 12.5 + number % 90,
        "losses": json.dumps({"loss": 0.05 + (number % 97) / 100}),
        "metrics": json.dumps({"train": {"accuracy": 0.99}, "val": {"accuracy": 0.9 + (number % 91) / 1000}}),
        "settings": json.dumps({"epochs": 20, "batch_size": 32, "seed": number, "device": "auto"}),
        "device": "cpu",
        "tags": "\n".join(["baseline"] * (number % 7 == 0) + ["paper"] * (number % 11 == 0)),
        "notes": "the learning rate was too high" if number % 13 == 0 else "",
        "pinned": int(number % 2500 == 0),
    }


def scores(epoch: int) -> str:
    losses = {"train": {"loss": 1 / epoch}, "val": {"loss": 1.1 / epoch}}
    metrics = {"train": {"accuracy": 1 - 0.5 / epoch}, "val": {"accuracy": 1 - 0.6 / epoch}}
    return json.dumps({"losses": losses, "metrics": metrics, "best": True, "confusion": None})
