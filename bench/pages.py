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

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from buildings.models import Ward
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage

from .rounds import Ratio, throughput
from .servers import gunicorn

MANY = 5_000
VISITS_A_SECOND, SECONDS = 120, 60
PUBLISH_EVERY = 5.0  # seconds; an editor correcting an urgent notice
CORRECTED = "Thông báo được sửa nhiều lần"
AFRESH = "?xem=1"  # a parameter nobody knows: such an address is never answered from what is kept


def cases(portal: str, bare: str) -> Iterator[tuple[str, Ratio, int | None]]:
    """Before the wards have many announcements."""
    addresses = _addresses()
    with gunicorn("portal.wsgi", KEEP_PAGES="false") as nothing_kept:
        for name, path in addresses.items():
            yield f"{name}, made anew", throughput(nothing_kept + path, bare + "/"), _queries(path + AFRESH)
            yield f"{name}, made anew from kept pieces", throughput(portal + path + AFRESH, bare + "/"), None
            yield f"{name}, kept", throughput(portal + path, bare + "/"), 0
    for name, path in addresses.items():
        with _an_editor_publishing(every=0.5):
            yield f"{name}, kept, a publication each half second", throughput(portal + path, bare + "/"), None
    with _fresh_wagtail() as fresh:
        yield "home page of a fresh `wagtail start`", throughput(fresh + "/", bare + "/"), None


def many_cases(portal: str, bare: str) -> Iterator[tuple[str, Ratio, int | None]]:
    """Among thousands of announcements of one ward."""
    _seed(MANY)
    search = f"{reverse('home:search')}?q=lich+tiep+cong+dan&phuong=viet-hung"
    addresses = {**_addresses(), "list of announcements": "/viet-hung/thong-bao/"}
    for name, path in addresses.items():
        case = f"{name}, made anew, {MANY:,} announcements"
        yield case, throughput(portal + path + AFRESH, bare + "/"), _queries(path + AFRESH)
    yield f"search, {MANY:,} announcements", throughput(portal + search, bare + "/"), _queries(search)


def spike(portal: str) -> dict[str, Any]:
    """Visits at even intervals, whatever the answers take, while an editor publishes in the same ward."""
    paths = [*_addresses().values(), "/viet-hung/thong-bao/", "/viet-hung/dich-vu/", "/en/viet-hung/"]
    taken, wrong = [], []

    def visit(number: int) -> None:
        due = began + number / VISITS_A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        status = _status(portal, paths[number % len(paths)])
        taken.append(1000 * (time.monotonic() - due))  # from when it should have begun: no omission
        if status != 200:
            wrong.append(status)

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
    }


def as_table(spike: dict[str, Any]) -> str:
    return (
        f"## A minute of {VISITS_A_SECOND} visits a second while an editor publishes\n\n"
        "| Visits | A second | Publications | Errors | p50, ms | p95, ms | p99, ms |\n|---|---|---|---|---|---|---|\n"
        f"| {spike['visits']:,} | {spike['visits_a_second']} | {spike['publications']} | **{spike['errors']}** "
        f"| {spike['p50_ms']} | **{spike['p95_ms']}** | {spike['p99_ms']} |"
    )


# --- What is asked for ------------------------------------------------------------------------------
def _addresses() -> dict[str, str]:
    ward = Ward.objects.get(slug="viet-hung")
    announcement = AnnouncementPage.objects.of(ward).live().exclude(picture=None).order_by("pk").first()
    return {"ward home": ward.get_absolute_url(), "announcement": announcement.address}


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
    index = AnnouncementIndexPage.objects.child_of(Ward.objects.get(slug="viet-hung").page).get()
    notice = AnnouncementPage(title=CORRECTED, kind=Kind.OUTAGE, summary="Lần đầu")
    return index.add_child(instance=notice)


# --- Thousands --------------------------------------------------------------------------------------
def _seed(count: int) -> None:
    """Copies of one announcement, written as rows: through the tree's own methods it would take an hour."""
    template = AnnouncementPage.objects.live().filter(ward__slug="viet-hung", picture=None).first()
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
