"""Which epoch was the best, and whether going on is still worth it."""

import math
from collections.abc import Mapping

from netloom.errors import TrainingError
from netloom.training.evaluate import Evaluation, Score

Rank = tuple[float, float]


def check(evaluation: Evaluation, by: str) -> None:
    """TrainingError where nothing of that name is measured."""
    known = (*evaluation.rising, *evaluation.losses)
    if by and by not in known:
        raise TrainingError(f"best_by is {by!r}, expected a metric or loss of this document: {', '.join(known)}.")


class Ranking:
    """Compares the scores of epochs: by what the settings name, else highest accuracy, then lowest loss."""

    def __init__(self) -> None:
        self.best: Rank | None = None
        self.waited = 0
        self._by = ""
        self._patience = 0
        self._rising: Mapping[str, bool] = {}
        self._accuracies: tuple[str, ...] = ()

    def follow(self, evaluation: Evaluation, by: str, patience: int) -> None:
        """Judge by this metric or loss from now on; by another one than before everything begins anew."""
        if by != self._by:
            self.begin_anew()
        self._by, self._patience = by, patience
        self._rising, self._accuracies = evaluation.rising, evaluation.accuracies

    def begin_anew(self) -> None:
        """What was best does not count any more."""
        self.best, self.waited = None, 0

    def restore(self, best: Rank | None, waited: int, by: str) -> None:
        """Go on from there, if the same counted then."""
        if by == self._by:
            self.best, self.waited = best, waited

    @property
    def is_hopeless(self) -> bool:
        """Whether so many epochs brought nothing better that the run should end."""
        return 0 < self._patience <= self.waited

    def offer(self, score: Score) -> bool:
        """Take in the score of an epoch; whether it is the best yet."""
        found = self._rank(score)
        is_best = math.isfinite(found[0]) and math.isfinite(found[1]) and (self.best is None or found > self.best)
        if is_best:
            self.best = found
        self.waited = 0 if is_best else self.waited + 1
        return is_best

    def _rank(self, score: Score) -> Rank:
        total = -sum(score.losses.values())
        if not self._by:
            return sum(score.metrics[name] for name in self._accuracies), total
        if self._by in self._rising:
            value = score.metrics[self._by]
            return value if self._rising[self._by] else -value, total
        return -score.losses[self._by], total
