"""Ratios that survive a noisy machine: bare, target, bare again; the median of many such rounds."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

UNSTEADY = 0.25  # a round whose two bare halves differ by more says nothing
ROUNDS = 9


@dataclass(frozen=True)
class Ratio:
    """How many times the bare work the target takes, with the spread of the rounds."""

    times_bare: float
    quartiles: tuple[float, float]
    target_ms: float
    bare_ms: float
    rounds: int


def compare(target: Callable[[], object], bare: Callable[[], object], *, runs: int, bare_runs: int = 0) -> Ratio:
    """Median time per call of `target` over that of `bare`, in interleaved rounds."""
    bare_runs = bare_runs or runs
    target(), bare()  # noqa: B018 - caches and imports are warm before the first round
    ratios, targets, bares = [], [], []
    for _round in range(3 * ROUNDS):
        before = _seconds(bare, bare_runs)
        taken = _seconds(target, runs)
        after = _seconds(bare, bare_runs)
        steady = abs(before - after) <= UNSTEADY * max(before, after)
        if steady or len(ratios) < 3:
            ratios.append(2 * taken / (before + after))
            targets.append(taken)
            bares.append((before + after) / 2)
        if len(ratios) == ROUNDS:
            break
    low, _middle, high = statistics.quantiles(ratios, n=4)
    return Ratio(
        round(statistics.median(ratios), 2),
        (round(low, 2), round(high, 2)),
        round(1000 * statistics.median(targets), 2),
        round(1000 * statistics.median(bares), 2),
        len(ratios),
    )


def _seconds(work: Callable[[], object], runs: int) -> float:
    times = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
