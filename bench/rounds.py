"""Ratios that survive a noisy machine: bare, target, bare again; the median of many such rounds.

A round's last bare half is the next one's first.
"""

import re
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from .servers import processor_seconds

UNSTEADY = 0.15  # a round whose two bare halves differ by more says nothing
ROUNDS = 5
MOST_ROUNDS = 8
LONGER = (5, 20)  # seconds, where nothing was answered within one: a slow page on a busy machine


@dataclass(frozen=True)
class Ratio:
    """How many times the bare work the target takes, with the quartiles of the rounds."""

    times_bare: float
    quartiles: tuple[float, float]
    target: float
    bare: float
    unit: str  # "requests/s" or "ms"
    rounds: int
    # The same by the time the servers' processors worked for a request: what other work on the machine hardly changes.
    by_processor: float | None = None
    processor_ms: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


Case = tuple[str, Ratio, int | None]  # what was measured, and how many queries it asks where that is counted


def times(target: Callable[[], object], bare: Callable[[], object], *, runs: int) -> Ratio:
    """How many times the bare work a call of `target` takes, by the median of `runs` calls."""
    target(), bare()  # noqa: B018 - caches and imports are warm before the first round
    return _rounds(lambda: _milliseconds(target, runs), lambda: _milliseconds(bare, runs), unit="ms", faster_is=min)


def throughput(target: str, bare: str, *, headers: dict[str, str] | None = None) -> Ratio:
    """How many times fewer requests a second an address serves than a bare view, by wrk."""
    worked: dict[str, list[float]] = {target: [], bare: []}

    def ask(address: str, headers: dict[str, str] | None = None) -> float:
        answered, milliseconds = _second_of_requests(address, headers)
        worked[address].append(milliseconds)
        return answered

    ask(target, headers)  # caches and imports are warm before the first round
    worked[target].clear()
    ratio = _rounds(lambda: ask(target, headers), lambda: ask(bare), unit="requests/s", faster_is=max)
    ours, plain = statistics.median(worked[target]), statistics.median(worked[bare])
    return replace(ratio, by_processor=round(ours / plain, 2), processor_ms=round(ours, 2))


def _rounds(target: Callable[[], float], bare: Callable[[], float], *, unit: str, faster_is: Callable) -> Ratio:
    ratios, targets, bares = [], [], []
    after = bare()
    for number in range(MOST_ROUNDS):
        before, taken, after = after, target(), bare()
        left = MOST_ROUNDS - number
        if abs(before - after) > UNSTEADY * max(before, after) and left > ROUNDS - len(ratios):
            continue
        mean = (before + after) / 2
        ratios.append(taken / mean if faster_is is min else mean / taken)
        targets.append(taken)
        bares.append(mean)
        if len(ratios) == ROUNDS:
            break
    low, _middle, high = statistics.quantiles(ratios, n=4)
    return Ratio(
        round(statistics.median(ratios), 2),
        (round(low, 2), round(high, 2)),
        round(statistics.median(targets), 1),
        round(statistics.median(bares), 1),
        unit,
        len(ratios),
    )


def _milliseconds(work: Callable[[], object], runs: int) -> float:
    taken = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return 1000 * statistics.median(taken)


def _second_of_requests(address: str, headers: dict[str, str] | None) -> tuple[float, float]:
    """Requests a second, and the milliseconds the server's processes worked for each; longer where a second was too short."""
    for seconds in (1, *LONGER):
        answered, a_second, worked = _asked_for(seconds, address, headers)
        if answered:
            return a_second, 1000 * worked / answered
    raise RuntimeError(f"{address}: no answer within {LONGER[-1]} seconds")


def _asked_for(seconds: int, address: str, headers: dict[str, str] | None) -> tuple[int, float, float]:
    """How many were answered, how many a second, and the seconds the server's processes worked."""
    options = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t", "1", "-c", "4", "-d", f"{seconds}s", *options, address]
    before = processor_seconds(address)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    worked = processor_seconds(address) - before
    if wrong := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
        raise RuntimeError(f"{address}: {wrong[0]}")
    answered = re.search(r"(\d+) requests in", said)
    a_second = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if answered is None or a_second is None:
        raise RuntimeError(f"{address}: {said}")
    return int(answered[1]), float(a_second[1]), worked
