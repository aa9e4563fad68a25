"""Public pages: kept, made anew, while an editor publishes, among thousands, and when a whole ward looks at once."""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from buildings.models import Ward
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage

from .rounds import Case, throughput
from .servers import gunicorn

MANY = 5_000
VISITS_A_SECOND, SECONDS = 120, 60
PUBLISH_EVERY = 5.0  # seconds; an editor correcting an urgent notice
CORRECTED = "Thông báo được sửa nhiều lần"
AFRESH = "?xem=1"  # a parameter nobody knows: such an address is never answered from what is kept
WARD = "viet-hung"
LIST = f"/{WARD}/thong-bao/"
SEARCHES = {
    "search for a rare word": f"/tim-kiem/?q=tin+so+4321&phuong={WARD}",
    "search for a common word": f"/tim-kiem/?q=lich+tiep+cong+dan&phuong={WARD}",
    "search for one letter": f"/tim-kiem/?q=t&phuong={WARD}",
    "search that finds nothing": f"/tim-kiem/?q=khong+co+gi+nhu+the&phuong={WARD}",
}
_asked: dict[str, dict[str, int]] = {}


def cases(portal: str, bare: str) -> Iterator[Case]:
    """Few announcements first, then thousands. Counts what each page asks with both (`asked`)."""
    yield from _few_cases(portal, bare)
    _count_queries("few")
    _seed(MANY)
    _count_queries("many")
    many = f"{MANY:,} announcements"
    for name, path in {**_addresses(), "list of announcements": LIST}.items():
        queries = _asked[name]["many"]
        yield f"{name}, made anew from kept pieces, {many}", throughput(portal + path + AFRESH, bare + "/"), queries
    for name, path in SEARCHES.items():
        yield f"{name}, {many}", throughput(portal + path, bare + "/"), _queries(path)


def _few_cases(portal: str, bare: str) -> Iterator[Case]:
    addresses = _addresses()
    with gunicorn("portal.wsgi", KEEP_PAGES="false") as nothing_kept, _keeping_nothing():
        for name, path in addresses.items():
            queries = _queries(path + AFRESH)
            yield f"{name}, nothing kept at all", throughput(nothing_kept + path, bare + "/"), queries
    for name, path in addresses.items():
        queries = _queries(path + AFRESH)
        yield f"{name}, made anew from kept pieces", throughput(portal + path + AFRESH, bare + "/"), queries
        yield f"{name}, kept", throughput(portal + path, bare + "/"), 0
    for name, path in addresses.items():
        with _an_editor_publishing(every=0.5):
            yield f"{name}, a publication each half second", throughput(portal + path, bare + "/"), None
    with _fresh_wagtail() as fresh:
        yield "home page of a fresh `wagtail start`", throughput(fresh + "/", bare + "/"), None


def asked() -> list[dict[str, Any]]:
    """How many queries each page asks of few announcements and of thousands. Known after `cases`."""
    return [{"page": name, **numbers} for name, numbers in _asked.items()]


def _count_queries(number: str) -> None:
    paths = {**_addresses(), "list of announcements": LIST, "archive": f"{LIST}luu-tru/"}
    paths |= {"RSS": f"{LIST}rss/", "Atom": f"{LIST}atom/", "calendar": reverse("home:ward_calendar", args=[WARD])}
    for name, path in (paths | SEARCHES).items():
        with _keeping_nothing():
            _asked.setdefault(name, {})[number] = _queries(path)


def spike(portal: str) -> dict[str, Any]:
    """Visits at even intervals, whatever the answers take, while an editor publishes in the same ward."""
    paths = [*_addresses().values(), LIST, f"/{WARD}/dich-vu/", f"/en/{WARD}/"]
    taken, wrong = [], []

    def visit(number: int) -> None:
        due = began + number / VISITS_A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        status = _status(portal, paths[number % len(paths)])
        taken.append(1000 * (time.monotonic() - due))  # from when it should have begun: no omission
        if status != 200:
            wrong.append(status)

    before = os.getloadavg()[0]
    with _an_editor_publishing(every=PUBLISH_EVERY) as published, ThreadPoolExecutor(64) as visitors:
        began = time.monotonic() + 0.5
        list(visitors.map(visit, range(VISITS_A_SECOND * SECONDS)))
        lasted = time.monotonic() - began
    middle, high = statistics.median(taken), statistics.quantiles(taken, n=100)
    return {
        "visits": len(taken),
        "visits_a_second": round(len(taken) / lasted, 1),
        "publications": len(published),
        "errors": len(wrong),
        "p50_ms": round(middle, 1),
        "p95_ms": round(high[94], 1),
        "p99_ms": round(high[98], 1),
        "load": f"{before:.1f}, {os.getloadavg()[0]:.1f}",
    }


def as_table(asked: list[dict[str, Any]], spike: dict[str, Any]) -> str:
    lines = [f"| Page, nothing kept | Queries, the demo's announcements | {MANY:,} more |", "|---|---|---|"]
    lines += [f"| {each['page']} | {each['few']} | {each['many']} |" for each in asked]
    return "\n".join(lines) + (
        f"\n\n## A minute of {VISITS_A_SECOND} visits a second while an editor publishes\n\n"
        f"Among {MANY:,} announcements of the ward: its home, an announcement, the list, the services, the home in "
        "English. Times count from when a visit should have begun.\n\n"
        "| Visits | A second | Publications | Errors | p50, ms | p95, ms | p99, ms | Load before and after |\n"
        "|---|---|---|---|---|---|---|---|\n"
        f"| {spike['visits']:,} | {spike['visits_a_second']} | {spike['publications']} | **{spike['errors']}** "
        f"| {spike['p50_ms']} | **{spike['p95_ms']}** | {spike['p99_ms']} | {spike['load']} |"
    )


# --- What is asked for ------------------------------------------------------------------------------
def _addresses() -> dict[str, str]:
    ward = Ward.objects.get(slug=WARD)
    announcement = AnnouncementPage.objects.of(ward).live().exclude(picture=None).order_by("pk").first()
    return {"ward home": ward.get_absolute_url(), "announcement": announcement.address}


@contextmanager
def _keeping_nothing() -> Iterator[None]:
    """In this process; a server is told by KEEP_PAGES."""
    nothing = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(CACHES=nothing):
        yield


def _queries(path: str) -> int:
    client = Client(headers={"host": "localhost"})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        if client.get(path).status_code != 200:
            raise RuntimeError(path)
    return len(captured)


def _status(base: str, path: str) -> int:
    """Of one visit on a connection of its own, the whole page read; 0 when there was no answer."""
    asked = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        asked.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = asked.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        asked.close()
    return answer.status


@contextmanager
def _an_editor_publishing(*, every: float) -> Iterator[list[float]]:
    """A notice of the ward is corrected and published again and again, as the admin does it."""
    page = AnnouncementPage.objects.filter(title=CORRECTED).first() or _notice_to_correct()
    stop, published = threading.Event(), []

    def publish() -> None:
        while not stop.wait(every):
            page.summary = f"Lần sửa thứ {len(published)}"
            page.save_revision().publish()
            published.append(time.monotonic())
        connection.close()

    editor = threading.Thread(target=publish)
    editor.start()
    try:
        yield published
    finally:
        stop.set()
        editor.join()


def _notice_to_correct() -> AnnouncementPage:
    index = AnnouncementIndexPage.objects.child_of(Ward.objects.get(slug=WARD).page).get()
    notice = AnnouncementPage(title=CORRECTED, kind=Kind.OUTAGE, summary="Lần đầu")
    return index.add_child(instance=notice)


# --- Thousands --------------------------------------------------------------------------------------
def _seed(count: int) -> None:
    """Copies of one announcement, written as rows: through the tree's own methods it would take an hour."""
    template = AnnouncementPage.objects.live().filter(ward__slug=WARD, picture=None).first()
    index, now = template.get_parent(), timezone.now()
    last = int(index.get_last_child().path[-Page.steplen :], 36)
    own = [field for field in AnnouncementPage._meta.local_concrete_fields if field.name != "page_ptr"]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in own)
    marks = ", ".join(["%s"] * (len(own) + 1))
    values = [field.get_db_prep_save(field.pre_save(template, add=False), connection) for field in own]
    shared = {
        field.attname: getattr(template, field.attname)
        for field in Page._meta.local_concrete_fields
        if field.name not in {"id", "path", "translation_key", "slug", "title", "live_revision", "latest_revision"}
    }
    pages = []
    for number in range(1, count + 1):
        when = now - timedelta(hours=number + 24)
        page = Page(**shared, path=index.path + Page._int2str(last + number).rjust(Page.steplen, "0"))
        page.slug, page.title = f"tin-{number}", f"Tin số {number}: lịch tiếp công dân, cắt điện, tiêm chủng"
        page.draft_title, page.url_path = page.title, f"{index.url_path}{page.slug}/"
        page.first_published_at = page.last_published_at = when
        pages.append(page)
    with transaction.atomic(), connection.cursor() as cursor:
        Page.objects.bulk_create(pages, batch_size=500)
        cursor.executemany(
            f"INSERT INTO home_announcementpage (page_ptr_id, {columns}) VALUES ({marks})",  # noqa: S608
            [[page.pk, *values] for page in pages],
        )
        Page.objects.filter(pk=index.pk).update(numchild=last + count)
    call_command("update_index", verbosity=0)


# --- The yardstick ----------------------------------------------------------------------------------
SETTINGS = """
from .base import *

SECRET_KEY = "measured and thrown away"
ALLOWED_HOSTS = ["*"]
DEBUG = False
LOGGING_CONFIG = None
"""


@contextmanager
def _fresh_wagtail() -> Iterator[str]:
    """What `wagtail start` of the installed package makes, served like the portal."""
    with tempfile.TemporaryDirectory(prefix="wagtail-start-") as folder:
        plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        plain["PYTHONPATH"] = folder

        def run(*command: str) -> None:
            subprocess.run([sys.executable, *command], cwd=folder, env=plain, check=True, capture_output=True)  # noqa: S603

        run("-c", "from wagtail.bin.wagtail import main; main()", "start", "yardstick", folder)
        (Path(folder) / "yardstick" / "settings" / "measured.py").write_text(SETTINGS)
        plain["DJANGO_SETTINGS_MODULE"] = "yardstick.settings.measured"
        run("manage.py", "migrate", "-v0")
        run("manage.py", "collectstatic", "--noinput", "-v0")
        settings = {"DJANGO_SETTINGS_MODULE": plain["DJANGO_SETTINGS_MODULE"], "PYTHONPATH": folder}
        with gunicorn("yardstick.wsgi", folder=Path(folder), **settings) as address:
            yield address
