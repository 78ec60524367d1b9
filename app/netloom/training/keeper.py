"""Which weights of a run are kept on disk, and how often that may cost time."""

import shutil
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TypeAlias

from torch import Tensor

from netloom.training import checkpoint
from netloom.training.checkpoint import Place
from netloom.training.engine import Engine
from netloom.training.events import CheckpointSaved, Logged

Said: TypeAlias = Generator[CheckpointSaved | Logged, None, None]

BEST, LAST = "best.safetensors", "last.safetensors"
SHARE = 0.01
"""At most this share of the time goes into writing; what falls due in between is written a little later."""
SHORTEST_SECONDS = 5.0


class Keeper:
    """Writes the best and the last weights and the whole state into a run's folder. A full disk does not end a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for left in folder.glob(".*.safetensors.*"):  # of a write that a killed run did not finish
            left.unlink(missing_ok=True)
        self._best: tuple[dict[str, Tensor], int] | None = None
        self._due = 0.0

    @property
    def files(self) -> tuple[Path, ...]:
        """What there is to take away."""
        paths = (self.folder / name for name in (BEST, LAST, checkpoint.STATE))
        return tuple(path for path in paths if path.exists())

    @property
    def has_best(self) -> bool:
        """Whether there are weights to go back to."""
        return self._best is not None or (self.folder / BEST).exists()

    @property
    def best_file(self) -> Path | None:
        """The best weights on disk."""
        path = self.folder / BEST
        return path if path.exists() else None

    def forget_best(self) -> None:
        """What was best belongs to another network now."""
        self._best = None
        (self.folder / BEST).unlink(missing_ok=True)

    def take_best(self, path: Path | None) -> None:
        """Have these weights as the best."""
        self.forget_best()
        if path is not None:
            shutil.copyfile(path, self.folder / BEST)

    def offer_best(self, engine: Engine, step: int) -> None:
        """Remember the weights as they are judged as the best; they are written with the next save."""
        with engine.averaged():
            weights = engine.network.compiled.model.state_dict()
            self._best = ({name: value.detach().clone() for name, value in weights.items()}, step)

    def adopt_best(self, folder: Path) -> None:
        """Begin with the best weights of the run that is continued, where that has another folder."""
        if folder.resolve() != self.folder.resolve() and (folder / BEST).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / BEST, self.folder / BEST)

    def is_due(self) -> bool:
        """Whether saving again keeps within the share of time."""
        return time.perf_counter() >= self._due

    def save(self, engine: Engine, randomness: Mapping[str, Tensor], place: Place) -> Said:
        """Write everything; what could not be written is said, and the run goes on."""
        yield from self._save_last(engine, place)
        yield from self.save_state(engine, randomness, place)

    def save_best(self) -> Said:
        """Write the best weights, if there are better ones than on disk."""
        if self._best is not None:
            weights, step = self._best
            try:
                checkpoint.save_weights(self.folder / BEST, weights, {"step": str(step)})
            except OSError as error:
                yield _refused(BEST, error)
            else:
                self._best = None
                yield CheckpointSaved(self.folder / BEST, "best", step)

    def _save_last(self, engine: Engine, place: Place) -> Said:
        try:
            with engine.averaged():
                weights = engine.network.compiled.model.state_dict()
                checkpoint.save_weights(self.folder / LAST, weights, {"step": str(place.step)})
        except OSError as error:
            yield _refused(LAST, error)
        else:
            yield CheckpointSaved(self.folder / LAST, "last", place.step)

    def save_state(self, engine: Engine, randomness: Mapping[str, Tensor], place: Place) -> Said:
        """Write what an exact continuation needs, the best weights first, and find out how soon that is due again."""
        yield from self.save_best()
        began = time.perf_counter()
        try:
            checkpoint.save(self.folder, engine.state, randomness, place)
        except OSError as error:
            yield _refused(checkpoint.STATE, error)
        ended = time.perf_counter()
        self._due = ended + max(SHORTEST_SECONDS, (ended - began) / SHARE)


def _refused(name: str, error: OSError) -> Logged:
    return Logged(f"{name} could not be written: {error.strerror or error}.", "warning")
