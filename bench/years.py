"""How the desk bears its own history: a thousand, a hundred thousand and a million dossiers on PostgreSQL.

The rows are copied from the demo's own dossiers by SQL. A ward's history grows, its load does not: as many
dossiers are open at every size as a ward has open that is sent 24,000 a year; a last office, with the longest
history, has two in a hundred open. Each office is a database of its own, and all are asked in turns, so that
whatever else the machine does falls on all of them. Each figure is the 95th percentile of requests made in
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
TURNS, RUNS = 3, 12
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
RARE, OF_RARE = "Âu Dương Thị Bích", 777  # one person, and the number of their dossier
HEADING = "## The desk over the years (PostgreSQL)"

HELD = """Held constant from a thousand dossiers to a million: what is open, 400 dossiers, as at a desk that is sent \
24,000 a year and takes four working days over each; forty of them are the officer's, one in ten is late. What \
grows is the history. In the last office of each case what is open has grown as well, to two in a hundred. \
Counts and lists stop at 1,000, as the screens say ("1.000+"). Tables are vacuumed and analysed after they are \
filled, as autovacuum does. The offices are asked in turns. A common name is borne by two people in the \
smallest office and fills the page in the others; one person's is the same one row in all of them."""


def run() -> None:

    call_command("prepare", demo=True, verbosity=0, stdout=io.StringIO())
    offices = {}
    for size in SIZES:
        _say(f"Seeding {size:,} dossiers")
        _fill(size)
        offices[f"{size:,}"] = _copy_database(f"scale_{size}")
    _open_ones(SIZES[-1] // 50)
    offices[f"{SIZES[-1]:,}, 2 % open"] = connection.settings_dict["NAME"]
    rows = _measured_in_turns(offices)
    report = {"flat": rows, "once": [_night(), _long_history()]}
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench-scale.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
    page = ROOT / "docs" / "benchmarks.md"
    above, _heading, below = page.read_text().partition(HEADING)
    _old, heading, others = below.partition("\n## ")  # what is measured elsewhere stays
    page.write_text(f"{above.rstrip()}\n\n{HEADING}\n\n{HELD}\n\n{as_table(report)}\n{heading}{others}")
    print(as_table(report))


def as_table(report: dict[str, Any]) -> str:
    lines = [
        "| Case | Dossiers | p95, ms | Times the first | Median | Queries | Pages read |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['case']} | {row['office']} | {row['p95']} | **{row['times_first']}** | {row['median']} "
        f"| {row['queries']} | {row['pages']} |"
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
    at_risk = Dossier.objects.at_desk_of(clerk).filter(ward=ward).at_risk(timezone.now())
    return [
        ("my work", lambda: _page(client, desk)),
        ("the ward's work", lambda: _page(client, f"{desk}?xem=phuong")),
        ("one person's name without diacritics", lambda: _page(client, f"{desk}?q={fold(RARE).replace(' ', '+')}")),
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


def _measured_in_turns(offices: dict[str, str]) -> list[dict[str, Any]]:
    """A row a case and office, the cases in order."""

    taken: dict[tuple[str, str], list[float]] = {}
    asked: dict[tuple[str, str], dict[str, int]] = {}
    for turn in range(TURNS):
        _say(f"Turn {turn + 1} of {TURNS}")
        for office, database in offices.items():
            _connect(database)
            for case, work in _cases():
                work()
                if not turn:
                    asked[case, office] = asks(work)
                taken.setdefault((case, office), []).extend(_timed(work, RUNS))
    rows = []
    for case in dict.fromkeys(case for case, _office in taken):
        first = _p95(taken[case, next(iter(offices))])
        for office in offices:
            times = taken[case, office]
            rows.append(
                {
                    "case": case,
                    "office": office,
                    "p95": round(_p95(times), 1),
                    "median": round(statistics.median(times), 1),
                    "times_first": round(_p95(times) / first, 2),
                    **asked[case, office],
                }
            )
    return rows


def _timed(work: Callable[[], object], runs: int) -> list[float]:
    """How long each run took, in milliseconds."""

    taken = []
    for _run in range(runs):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def asks(work: Callable[[], object]) -> dict[str, int]:
    """How many queries, and how many pages of the database these read: what no other work on the machine changes."""

    asked: list[tuple[str, Any]] = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    pages = 0
    with connection.cursor() as cursor:
        for sql, params in asked:
            if sql.startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                [plan] = cursor.fetchone()[0]
                pages += plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    return {"queries": len(asked), "pages": pages}


def _night() -> dict[str, str]:
    """The watch over ten thousand dossiers that become late on the same day, turn after turn."""

    at = timezone.now()
    Dossier.objects.filter(next_watch_at__isnull=False).update(next_watch_at=None)
    open_ones = Dossier.objects.filter(state="processing", lateness=None, current_step__isnull=False)
    chosen = list(open_ones.values_list("pk", flat=True)[:DUE_THE_SAME_DAY])
    late = at - timedelta(minutes=5)
    Step.objects.filter(dossier__in=chosen, finished_at=None).update(due_at=late)
    Dossier.objects.filter(pk__in=chosen).update(next_watch_at=late, next_due_at=late)
    processor, turns = time.process_time(), []
    while Dossier.objects.filter(next_watch_at__lte=at).exists():
        turns += _timed(lambda: watch.watch(at=at), 1)
    processor = time.process_time() - processor
    opened = Dossier.objects.filter(pk__in=chosen, lateness__isnull=False).count()
    [again] = _timed(lambda: watch.watch(at=at), 1)
    return {
        "case": f"{len(chosen):,} dossiers become late on one day: the watch",
        "said": f"{sum(turns) / 1000:.0f} s in {len(turns)} turns, the longest {max(turns) / 1000:.1f} s; "
        f"{processor:.0f} s of this process's own; {opened:,} cases opened; run again: {again:.0f} ms",
    }


def _long_history() -> dict[str, str]:
    """The desk's page of a dossier to which five hundred things have happened."""

    clerk = User.objects.get(email="mot-cua@viet-hung.example")
    dossier = Dossier.objects.filter(ward__slug="viet-hung", state="accepted").order_by("submitted_at").last()
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    address = reverse("desk:dossier", args=[dossier.pk])
    few = _page_of_dossier(client, address)
    for _event in range(EVENTS):
        audit.record(dossier, "take", by=clerk, at=timezone.now())
    many = _page_of_dossier(client, address)
    return {
        "case": f"a dossier's page with {EVENTS} more events",
        "said": f"p95 {many['p95']} ms against {few['p95']} ms, {many['queries']} queries against {few['queries']}",
    }


def _page_of_dossier(client, address: str) -> dict[str, Any]:

    def work() -> None:
        _page(client, address)

    work()
    return {"p95": round(_p95(_timed(work, 5 * RUNS)), 1), **asks(work)}


# --- Databases, and rows by SQL --------------------------------------------------------------------------


def _copy_database(name: str) -> str:
    """The database as it is now, under another name."""

    source = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


def _connect(database: str) -> None:

    connection.close()
    connection.settings_dict["NAME"] = database


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
        "applicant_name": f"CASE WHEN n = {OF_RARE} THEN '{RARE}' ELSE {_name()} END",
        "folded_name": f"CASE WHEN n = {OF_RARE} THEN '{fold(RARE)}' ELSE {_name(fold)} END",
        "current_step_id": "NULL",
        "lateness_id": "NULL",
        "next_watch_at": "NULL",
        "submitted_at": f"submitted_at - n * interval '{'20 minutes' if past else '1 second'}'",
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
