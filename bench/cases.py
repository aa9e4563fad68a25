"""The cases, on a demo of three wards loaded as `make run` loads it."""

import http.client
import io
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from buildings.models import Membership, Ward
from portal.core import outbox
from portal.core.models import User
from portal.core.text import fold
from services.catalogue.models import Procedure
from services.dossiers import journey
from services.dossiers.models import Dossier, DossierState, Step

from . import pages, papers
from .rounds import Ratio, throughput, times
from .servers import gunicorn

OPEN_DOSSIERS = 10_000


def run(*, say: Callable[[str], None], only_pages: bool = False) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The cases and, apart, the minute of visits."""
    say("Preparing the demo")
    call_command("prepare", demo=True, verbosity=0, stdout=io.StringIO())
    outbox.run_all(at=timezone.now())
    rows: list[dict[str, Any]] = []

    def note(case: str, ratio: Ratio, queries: int | None = None) -> None:
        row = {"case": case, **ratio.to_json()} | ({} if queries is None else {"queries": queries})
        rows.append(row)
        say(f"{case}: {ratio.times_bare} × ({ratio.target} against {ratio.bare} {ratio.unit})")

    with gunicorn("bench.bare") as bare, gunicorn("portal.wsgi") as portal:
        for case, ratio, queries in pages.cases(portal, bare):
            note(case, ratio, queries)
        for case, ratio, queries in pages.many_cases(portal, bare):
            note(case, ratio, queries)
        say("A minute of visits")
        visits = pages.spike(portal)
        if only_pages:
            return rows, visits
        say("Documents")
        for case, ratio in papers.cases():
            note(case, ratio)
        for case, ratio, queries in web_cases(portal, bare):
            note(case, ratio, queries)
        say(f"Seeding {OPEN_DOSSIERS} open dossiers")
        seed_open_dossiers(OPEN_DOSSIERS)
        for case, ratio, queries in desk_cases(portal, bare, f"{OPEN_DOSSIERS:,} open dossiers"):
            note(case, ratio, queries)
    return rows, visits


def web_cases(portal: str, bare: str) -> Iterator[tuple[str, Ratio, int | None]]:
    ward = Ward.objects.get(slug="viet-hung")
    resident = Person(portal, User.objects.get(email="cong-dan@viet-hung.example"))
    draft = new_draft(resident.user, ward)
    step = journey.first(draft).url
    yield (
        "form step, read",
        throughput(portal + step, bare + "/", headers={"Cookie": resident.cookies}),
        queries_of(step, resident.user),
    )
    fields = form_fields(resident, step)
    plain = Visitor(bare)
    _status, onward, _page = resident.post(step, fields)
    if not onward:
        raise RuntimeError("the form step was not saved")
    saving = queries_of_post(resident.user, step, urlencode(fields), "application/x-www-form-urlencoded")
    yield "form step, saved", times(lambda: resident.post(step, fields), plain.post, runs=15), saving
    sending = queries_of_filing(resident.user, ward)
    yield "submission with three files", times(lambda: file_dossier(resident, ward), plain.post, runs=3), sending
    yield from desk_cases(portal, bare, "the demo's open dossiers")


def desk_cases(portal: str, bare: str, how_many: str) -> Iterator[tuple[str, Ratio, int | None]]:
    clerk = Person(portal, User.objects.get(email="mot-cua@viet-hung.example"))
    address = reverse("desk:work")
    yield (
        f"officer's list, {how_many}",
        throughput(portal + address, bare + "/", headers={"Cookie": clerk.cookies}),
        queries_of(address, clerk.user),
    )


# --- People --------------------------------------------------------------------------------------


class Visitor:
    """One client over plain HTTP, one connection a request, as sync workers serve it."""

    cookies = ""

    def __init__(self, base: str) -> None:
        self.host = urlsplit(base).netloc

    def get(self, path: str) -> tuple[int, str, bytes]:
        return self._ask("GET", path)

    def post(self, path: str = "/", fields: list[tuple[str, str]] | None = None) -> tuple[int, str, bytes]:
        body = urlencode(fields or [("name", "value")]).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(
        self, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
    ) -> tuple[int, str, bytes]:
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields
        ]
        for name, filename, content in files:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": self.cookies} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return answer.status, answer.getheader("Location", ""), content


class Person(Visitor):
    """Signed in, with the token its forms need."""

    def __init__(self, base: str, user: User) -> None:
        super().__init__(base)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.user, self.token = user, secrets.token_hex(16)
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={self.token}"

    def post(self, path: str = "/", fields: list[tuple[str, str]] | None = None) -> tuple[int, str, bytes]:
        return super().post(path, [*(fields or []), ("csrfmiddlewaretoken", self.token)])

    def upload(
        self, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
    ) -> tuple[int, str, bytes]:
        return super().upload(path, [*fields, ("csrfmiddlewaretoken", self.token)], files)


def browser(user: User | None) -> Client:
    client = Client(headers={"host": "localhost"})
    if user:
        client.force_login(user)
    return client


def queries_of(path: str, user: User | None = None) -> int:
    """Queries of one GET, in this process; the second time, when caches are warm."""
    client = browser(user)
    if client.get(path).status_code != 200:
        raise RuntimeError(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def queries_of_post(user: User, path: str, data: Any, content_type: str = MULTIPART_CONTENT) -> int:
    """Queries of one POST, in this process."""
    client = browser(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        if client.post(path, data, content_type).status_code != 302:
            raise RuntimeError(path)
    return len(captured)


def queries_of_filing(user: User, ward: Ward) -> int:
    """Queries of the two POSTs of `file_dossier`: three files, then the sending."""
    draft = new_draft(user, ward)
    page, paper = paper_page(draft)
    files = [SimpleUploadedFile(f"anh-{number}.jpg", photo(), "image/jpeg") for number in range(3)]
    attaching = queries_of_post(user, page, {paper: files})
    return attaching + queries_of_post(user, reverse("dossiers:check", args=[draft.pk]), {"agreed": "on"})


# --- Dossiers ------------------------------------------------------------------------------------


def new_draft(owner: User, ward: Ward) -> Dossier:
    now = timezone.now()
    version = Procedure.objects.get(code="1.004873").current
    return Dossier.objects.create(
        ward=ward, version=version, owner=owner, answers=demo_answers(owner), created_at=now, changed_at=now
    )


def demo_answers(owner: User) -> dict[str, Any]:
    """The answers of the demo's first marital-status certificate."""
    answered = Dossier.objects.sent().filter(version__procedure__code="1.004873").order_by("submitted_at").first()
    return answered.answers if answered else {}


def form_fields(person: Person, path: str) -> list[tuple[str, str]]:
    """What a browser would send back of the form at this address, unchanged."""
    page = FormReader()
    page.feed(browser(person.user).get(path).text)
    return page.fields


class FormReader(HTMLParser):
    """Collects the controls of a page's main form with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.files: list[str] = []
        self._inside, self._name = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self._inside = "multipart" in (has.get("enctype") or "")
        if not self._inside:
            return
        name, value, kind = has.get("name"), has.get("value") or "", has.get("type")
        sent = "checked" in has if kind in {"radio", "checkbox"} else kind not in {"file", "submit"}
        if tag == "input" and name and kind == "file":
            self.files.append(name)
        elif tag == "input" and name and sent:
            self.fields.append((name, value))
        elif tag in {"select", "textarea"} and name:
            self._name = name
        elif tag == "option" and "selected" in has:
            self.fields.append((self._name, value))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self._name:
            self.fields.append((self._name, data.strip()))
            self._name = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def photo() -> bytes:
    """A phone's photo, other than any before."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def file_dossier(person: Person, ward: Ward) -> None:
    """Attach three photos to a complete draft and send it."""
    draft = new_draft(person.user, ward)
    page, paper = paper_page(draft)
    person.upload(page, [], [(paper, f"anh-{number}.jpg", photo()) for number in range(3)])
    person.post(reverse("dossiers:check", args=[draft.pk]), [("agreed", "on")])
    draft.refresh_from_db()
    if draft.state != DossierState.SUBMITTED or draft.attachments.kept().count() != 3:
        raise RuntimeError("the dossier was not sent with its three files")


def paper_page(draft: Dossier) -> tuple[str, str]:
    """The address of the page for papers, and the name of its first input for files."""
    address = reverse("dossiers:page", args=[draft.pk, "giay-to"])
    page = FormReader()
    page.feed(browser(draft.owner).get(address).text)
    return address, page.files[0]


def seed_open_dossiers(count: int) -> None:
    """Open dossiers of one ward, each with the step the clerk owes, by bulk: only the list reads them."""
    ward = Ward.objects.get(slug="viet-hung")
    owner = User.objects.get(email="cong-dan@viet-hung.example")
    clerk = Membership.objects.current().filter(ward=ward, position="clerk").first().user
    version = Procedure.objects.get(code="1.004873").current
    now = timezone.now()
    dossiers = [
        Dossier(
            ward=ward,
            version=version,
            owner=owner,
            state=DossierState.SUBMITTED,
            code=f"H26.004.999-{now:%y%m%d}-{number:05d}",
            applicant_name=f"Nguyễn Văn {number}",
            folded_name=fold(f"Nguyễn Văn {number}"),
            created_at=now,
            changed_at=now,
            submitted_at=now,
            next_due_at=now + timedelta(minutes=number),
        )
        for number in range(count)
    ]
    Dossier.objects.bulk_create(dossiers, batch_size=500)
    receive = version.spec.steps[0]
    Step.objects.bulk_create(
        (
            Step(
                dossier=dossier,
                seq=1,
                key=receive.key,
                kind=receive.kind,
                name=receive.name,
                position=receive.position,
                minutes=receive.minutes,
                assignee=clerk,
                started_at=now,
                due_at=dossier.next_due_at,
            )
            for dossier in dossiers
        ),
        batch_size=500,
    )
    steps = dict(Step.objects.filter(dossier__code__startswith="H26.004.999").values_list("dossier_id", "pk"))
    for dossier in dossiers:
        dossier.current_step_id = steps[dossier.pk]
    Dossier.objects.bulk_update(dossiers, ["current_step"], batch_size=500)
