"""What was promised of the measured, and whether this run keeps it. A goal whose case was not measured is left out."""

from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
Goal = tuple[str, str, Callable[[dict[str, Row]], tuple[str, bool]]]  # the case it is about, in words, how it is judged

HALF, TWELFTH, FLAT = 2.0, 12.0, 1.25
MOST_QUERIES, FORM_STEP, A_SECOND = 8, 60.0, 1000.0  # a second in milliseconds
MOST_OF_AN_INBOX = 12


def judged(rows: list[Row]) -> list[tuple[str, str, bool]]:
    """(goal, what was measured, whether it is kept), of those whose cases are among the rows."""
    measured = {row["case"]: row for row in rows}
    return [(words, *judge(measured)) for case, words, judge in _goals(measured) if case in measured]


def _goals(measured: dict[str, Row]) -> Iterator[Goal]:
    for page in ("ward home", "announcement"):
        kept, pieces, nothing = (
            f"{page}, {how}" for how in ("kept", "made anew from kept pieces", "nothing kept at all")
        )
        yield kept, f"{kept}: at least half of the bare view", _at_most(kept, HALF)
        yield pieces, f"{pieces}: at least a twelfth of the bare view", _at_most(pieces, TWELFTH)
        yield nothing, f"{nothing}: at most {MOST_QUERIES} queries", _queries(nothing, MOST_QUERIES)
    yield (
        "form step, read",
        f"form step, read: at most {FORM_STEP:.0f} times the bare view",
        _at_most("form step, read", FORM_STEP),
    )
    for case in measured:
        if case.startswith("officer's list"):
            yield case, f"{case}: at most {MOST_OF_AN_INBOX} queries", _queries(case, MOST_OF_AN_INBOX)
        elif case == "submission with three files" or case.endswith("put up"):
            yield case, f"{case}: within a second", _within_a_second(case)
        elif case.startswith("managers'") and case.endswith("100,000 requests"):
            full = case.replace("100,000", "1,000")
            yield case, f"{case}: as with 1,000", _as_with(case, full)


def _at_most(case: str, times: float):
    def judge(measured: dict[str, Row]) -> tuple[str, bool]:
        row = measured[case]
        by_processor = row.get("by_processor")
        said = f"{row['times_bare']}" + (f"; {by_processor} by processor time" if by_processor else "")
        return said, row["times_bare"] <= times

    return judge


def _queries(case: str, most: int):
    return lambda measured: (f"{measured[case]['queries']}", measured[case]["queries"] <= most)


def _within_a_second(case: str):
    return lambda measured: (f"{measured[case]['target']} ms", measured[case]["target"] <= A_SECOND)


def _as_with(case: str, other: str):
    def judge(measured: dict[str, Row]) -> tuple[str, bool]:
        ours, theirs = measured[case], measured[other]
        by_processor = round(ours["processor_ms"] / theirs["processor_ms"], 2)
        same = ours["queries"] == theirs["queries"]
        return (
            f"{by_processor} times its processor time, {ours['queries']} and {theirs['queries']} queries",
            same and by_processor <= FLAT,
        )

    return judge
