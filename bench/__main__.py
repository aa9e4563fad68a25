"""`make bench`: one run, one table, `build/bench.json` and docs/benchmarks.md.

Everything runs against a throwaway demo on the embedded default, on this machine alone. With names of
`cases.MODULES` (`python -m bench pages`) only these are measured, and printed; on PostgreSQL and Redis behind
`python deploy/throwaway_servers.py`.
"""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
WHAT_IS_COMPARED = """Ratios hold, figures belong to the machine. A round is a second of bare Django, one of the case, one of \
bare Django again; a row is the median of its rounds. Other work on the machine makes both slower, and not evenly; the \
time the servers' processors worked for a request says the same with less noise, and is harder on us: a bare view is \
held up by its server more than by its work.

A public page is measured in three states. *Kept*: the whole page is in the page cache. *Made anew from kept pieces*: the \
page is not in the cache, the parts of it that are the same for everybody are in the process's memory; so it is for the first \
visitor after a page ran out, for an address with an unknown parameter, and for whoever is signed in. This is what the goal \
of a twelfth of the bare view calls uncached. *Nothing kept at all*: page cache and pieces are off (KEEP_PAGES=false); so it \
is for the first visitor of a process that just began. After a publication only what its ward shows is made again."""


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk (Debian and Ubuntu: apt-get install wrk)")
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    os.environ.update(DATA_DIR=str(folder), DEMO="true", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    began, load = time.monotonic(), os.getloadavg()[0]
    try:
        import django  # noqa: PLC0415 - after the environment is set

        django.setup()
        from . import cases, goals, pages  # noqa: PLC0415

        names = sys.argv[1:] or list(cases.MODULES)
        report = cases.run(names, say=lambda text: print(text, file=sys.stderr, flush=True))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report |= {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": round(load, 1)}
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
    measured = f"{of_goals(goals.judged(report['cases']))}\n\n{as_table(report['cases'])}"
    if "visits" in report:
        measured += f"\n\n{pages.as_table(report['asked'], report['visits'])}"
    print(measured)
    if not sys.argv[1:]:
        minutes = (time.monotonic() - began) / 60
        when = f"Made by `make bench` on {os.cpu_count()} cores in {minutes:.0f} minutes; load average before it {load:.1f}."
        _write(f"# Benchmarks\n\n{when} {WHAT_IS_COMPARED}\n\n{measured}\n")


def _write(text: str) -> None:
    """What is measured elsewhere (`bench.years`, `bench.flat`) stands below and stays."""
    _old, heading, rest = PAGE.read_text().partition("## The desk over the years")
    PAGE.write_text(f"{text}\n{heading}{rest}" if heading else text)


def of_goals(judged: list[tuple[str, str, bool]]) -> str:
    lines = ["| Goal | Measured | Kept |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {goal} | {said} | {'yes' if kept else '**no**'} |" for goal, said, kept in judged)])


def as_table(rows: list[dict]) -> str:
    lines = [
        "| Case | Times the bare work | Quartiles | By processor time | Measured | Bare | Queries |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        low, high = row["quartiles"]
        worked = f"**{row['by_processor']}** ({row['processor_ms']} ms)" if row["by_processor"] else ""
        lines.append(
            f"| {row['case']} | **{row['times_bare']}** | {low}–{high} | {worked} | {row['target']} {row['unit']} "
            f"| {row['bare']} {row['unit']} | {row.get('queries', '')} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
