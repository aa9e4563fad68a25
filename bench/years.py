"""How the desk bears its own history: a thousand, a hundred thousand and a million dossiers on PostgreSQL.

The rows are copied from the demo's own
dossiers by SQL; two in a hundred are open. Each figure is the 95th percentile of requests made in
this process, in milliseconds, and how many times the thousand's it is.
"""

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buildings.models import Ward
from portal.core import audit
from portal.core.models import User
from portal.core.text import fold
from services.desk import queries
from services.dossiers import watch
from services.dossiers.models import Dossier, Step

ROOT = Path(__file__).resolve().parent.parent
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000,1000000").split(","))
RUNS = 40
DUE_THE_SAME_DAY = 10_000
EVENTS = 500
# A ward's 24,000 dossiers a year, some four working days each.
OPEN_AT_ONCE = 400
# Names as they are heard in Hanoi: every third a Nguyễn.
FAMILY = (*(["Nguyễn"] * 9), "Trần", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ")
FAMILY = (*FAMILY, "Ngô", "Dương", "Lý", "Đào", "Phan", "Trịnh")
MIDDLE = ("Thị", "Thị", "Thị", "Thị", "Văn", "Văn", "Văn", "Đức", "Minh", "Ngọc", "Quang", "Hữu", "Xuân", "Thanh")
SECOND = ("Thu", "Hồng", "Kim", "Mai", "Bích", "Hải", "Tuấn", "Anh", "Bảo", "Gia", "Khánh", "Phương", "Thùy", "Tường")
GIVEN = ("Anh", "An", "Bình", "Châu", "Chi", "Cường", "Dung", "Dũng", "Đạt", "Giang", "Hà", "Hạnh", "Hằng", "Hiền")
GIVEN = (*GIVEN, "Hiếu", "Hoa", "Hòa", "Hùng", "Huệ", "Hưng", "Hương", "Khoa", "Lan", "Linh", "Loan", "Long", "Ly")
GIVEN = (*GIVEN, "Mai", "Nam", "Nga", "Ngân", "Nhung", "Oanh", "Phúc", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo", "Trang")
HEADING = "## The desk over the years (PostgreSQL)"


def run() -> None:

    call_command("prepare", demo=True, verbosity=0, stdout=io.StringIO())
    rows: list[dict[str, Any]] = []
    for size in SIZES:
        _say(f"Seeding {size:,} dossiers")
        _fill(size)
        for case, work in _cases():
            rows.append({"case": case, "dossiers": size, **_measured(work)})
            _say(f"{case}: {rows[-1]['p95']} ms, {rows[-1]['queries']} queries")
    for row in rows:
        first = next(other for other in rows if other["case"] == row["case"])
        row["times_first"] = round(row["p95"] / first["p95"], 2)
    report = {"flat": rows, "once": [_night(), _long_history()]}
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench-scale.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
    page = ROOT / "docs" / "benchmarks.md"
    page.write_text(f"{page.read_text().partition(HEADING)[0].rstrip()}\n\n{HEADING}\n\n{as_table(report)}\n")
    print(as_table(report))


def as_table(report: dict[str, Any]) -> str:
    lines = ["| Case | Dossiers | p95, ms | Times the first | Queries |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['case']} | {row['dossiers']:,} | {row['p95']} | **{row['times_first']}** | {row['queries']} |"
        for row in report["flat"]
    ]
    lines += ["", "| Case | Measured |", "|---|---|"]
    lines += [f"| {row['case']} | {row['said']} |" for row in report["once"]]
    return "\n".join(lines)


# --- What is measured ------------------------------------------------------------------------------------


def _cases() -> list[tuple[str, Callable[[], object]]]:

    clerk = User.objects.get(email="mot-cua@viet-hung.example")
    ward = Ward.objects.get(slug="viet-hung")
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    desk, register = reverse("desk:work"), reverse("registers:follow_up")
    one_person = Dossier.objects.get(code="H26.004.127-200101-00000777").folded_name.replace(" ", "+")
    at_risk = Dossier.objects.at_desk_of(clerk).filter(ward=ward).at_risk(timezone.now())
    return [
        ("my work", lambda: _page(client, desk)),
        ("the ward's work", lambda: _page(client, f"{desk}?xem=phuong")),
        ("one person's name without diacritics", lambda: _page(client, f"{desk}?q={one_person}")),
        ("a common name without diacritics", lambda: _page(client, f"{desk}?q=nguyen+thi+lan")),
        ("the commonest family name", lambda: _page(client, f"{desk}?q=nguyen")),
        ("a code", lambda: _page(client, f"{desk}?q=H26.004.127-200101-00000777")),
        ("the register's first page", lambda: _page(client, register)),
        ("the counts", lambda: queries.counts(clerk, ward, at=timezone.now())),
        ("the forecast", lambda: list(at_risk.order_by("at_risk_at")[:25])),
    ]


def _page(client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _measured(work: Callable[[], object]) -> dict[str, Any]:

    work()
    asked: list[str] = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        work()
    taken = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return {"p95": round(statistics.quantiles(taken, n=20)[-1], 1), "queries": len(asked)}


def _night() -> dict[str, str]:
    """The watch over ten thousand dossiers that become late on the same day."""

    at = timezone.now()
    Dossier.objects.update(next_watch_at=None)
    open_ones = Dossier.objects.filter(state="processing", lateness=None, current_step__isnull=False)
    chosen = list(open_ones.values_list("pk", flat=True)[:DUE_THE_SAME_DAY])
    late = at - timedelta(minutes=5)
    Dossier.objects.filter(pk__in=chosen).update(next_watch_at=late, next_due_at=late)
    _steps_due(chosen, late)
    began = time.perf_counter()
    watch.watch(at=at)
    seconds = time.perf_counter() - began
    opened = Dossier.objects.filter(pk__in=chosen, lateness__isnull=False).count()
    began = time.perf_counter()
    watch.watch(at=at)
    again = time.perf_counter() - began
    return {
        "case": f"{len(chosen):,} dossiers become late on one day: the watch",
        "said": f"{seconds:.0f} s, {opened:,} cases opened; run again: {again * 1000:.0f} ms",
    }


def _steps_due(dossiers: list, at) -> None:

    Step.objects.filter(dossier__in=dossiers, finished_at=None).update(due_at=at)


def _long_history() -> dict[str, str]:
    """The desk's page of a dossier to which five hundred things have happened."""

    clerk = User.objects.get(email="mot-cua@viet-hung.example")
    dossier = Dossier.objects.filter(ward__slug="viet-hung", state="accepted").order_by("submitted_at").last()
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    address = reverse("desk:dossier", args=[dossier.pk])
    few = _measured(lambda: _page(client, address))
    for _event in range(EVENTS):
        audit.record(dossier, "take", by=clerk, at=timezone.now())
    many = _measured(lambda: _page(client, address))
    return {
        "case": f"a dossier's page with {EVENTS} more events",
        "said": f"p95 {many['p95']} ms against {few['p95']} ms, {many['queries']} queries against {few['queries']}",
    }


# --- Rows by SQL -----------------------------------------------------------------------------------------


def _fill(size: int) -> None:
    """Grow the history of the ward of Việt Hưng to this many dossiers; what is open stays as many as it is."""

    own = Dossier.objects.filter(ward__slug="viet-hung")
    if not own.filter(code__contains="-200101-").exists():
        _open_ones(OPEN_AT_ONCE)
    _copy(own.filter(state="delivered").order_by("submitted_at").last(), max(0, size - own.count()))
    _settle()


def _open_ones(count: int) -> None:
    """More open dossiers, each at its current step; one in ten is the clerk's, one in ten past its due time."""

    template = Dossier.objects.filter(ward__slug="viet-hung", state="processing", lateness=None).exclude(
        current_step=None
    )
    chosen = template.first()
    _copy(chosen, count)
    due = "now() + (row_number() OVER (ORDER BY d.code) %% 400 - 40) * interval '30 minutes'"
    own_step = {
        "dossier_id": "d.id",
        "due_at": due,
        "assignee_id": f"CASE WHEN right(d.code, 1) = '7' THEN {_clerk().pk} ELSE s.assignee_id END",
    }
    columns = [field.column for field in Step._meta.concrete_fields if field.column != "id"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO dossiers_step ({', '.join(columns)}) "
            f"SELECT {', '.join(own_step.get(column, f's.{column}') for column in columns)} "
            "FROM dossiers_step s, dossiers_dossier d "
            "WHERE s.id = %s AND d.current_step_id IS NULL AND d.state = 'processing'",
            [chosen.current_step_id],
        )
        cursor.execute(
            "UPDATE dossiers_dossier d SET current_step_id = s.id, next_due_at = s.due_at, "
            "at_risk_at = s.due_at - interval '20 hours' "
            "FROM dossiers_step s WHERE s.dossier_id = d.id AND d.current_step_id IS NULL AND d.state = 'processing'"
        )
    _settle()


def _copy(template: Dossier, count: int) -> None:
    """Copies of one dossier, each with a code, a name and, where it has ended, times of its own."""

    past = template.state == "delivered"
    own = {
        "id": "gen_random_uuid()",
        "code": "'H26.004.127-200101-' || lpad(n::text, 8, '0')",
        "applicant_name": _name(),
        "folded_name": _name(fold),
        "current_step_id": "NULL",
        "lateness_id": "NULL",
        "next_watch_at": "NULL",
        "submitted_at": "submitted_at - n * interval '20 minutes'" if past else "submitted_at",
    }
    if past:
        own |= {
            name: f"{name} - n * interval '20 minutes'"
            for name in ("accepted_at", "due_at", "delivered_at", "changed_at")
        }
    columns = [field.column for field in Dossier._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(right(code, 8)::int), 0) FROM dossiers_dossier WHERE code LIKE '%%-200101-%%'"
        )
        start = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO dossiers_dossier ({', '.join(columns)}) "
            f"SELECT {', '.join(own.get(column, column) for column in columns)} "
            "FROM dossiers_dossier, generate_series(%s, %s) AS n WHERE id = %s",
            [start + 1, start + count, template.pk],
        )


def _name(form: Callable[[str], str] = str) -> str:
    """The SQL of a name: family, two middle, given, each as common as its part of the list."""

    parts = []
    for salt, words in enumerate((FAMILY, MIDDLE, SECOND, GIVEN)):
        listed = ", ".join(f"'{form(word)}'" for word in words)
        parts.append(f"(ARRAY[{listed}])[1 + (hashint4(n + {salt * 1_000_003}) & 2147483647) %% {len(words)}]")
    return " || ' ' || ".join(parts)


def _settle() -> None:
    """What autovacuum does within minutes of so much being written: without it no index is read alone."""

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) dossiers_dossier, dossiers_step")


def _clerk() -> User:

    return User.objects.get(email="mot-cua@viet-hung.example")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
