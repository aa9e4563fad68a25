"""`make bench`: one run, one table, `build/bench.json` and docs/benchmarks.md.

Everything runs against a throwaway demo on the embedded default, on this machine alone.
"""

import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk (Debian and Ubuntu: apt-get install wrk)")
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    os.environ.update(DATA_DIR=str(folder), DEMO="true", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    try:
        import django  # noqa: PLC0415 - after the environment is set

        django.setup()
        from . import cases  # noqa: PLC0415

        rows, visits = cases.run(
            say=lambda text: print(text, file=sys.stderr, flush=True), only_pages="--pages" in sys.argv
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = {"python": platform.python_version(), "cores": os.cpu_count(), "cases": rows, "visits": visits}
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
    table = f"{as_table(rows)}\n\n{cases.pages.as_table(visits)}"
    if "--pages" in sys.argv:
        print(table)
        return
    page = f"# Benchmarks\n\nMade by `make bench` on {os.cpu_count()} cores. Ratios hold, figures belong to the machine.\n\n"
    (ROOT / "docs" / "benchmarks.md").write_text(page + table + "\n")
    print(table)


def as_table(rows: list[dict]) -> str:
    lines = ["| Case | Times the bare work | Quartiles | Measured | Bare | Queries |", "|---|---|---|---|---|---|"]
    for row in rows:
        low, high = row["quartiles"]
        lines.append(
            f"| {row['case']} | **{row['times_bare']}** | {low}–{high} | {row['target']} {row['unit']} "
            f"| {row['bare']} {row['unit']} | {row.get('queries', '')} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
