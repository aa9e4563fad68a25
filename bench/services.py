"""A form step, a submission with its files, an officer's list."""

import io
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from buildings.models import Membership, Ward
from portal.core.models import User
from portal.core.text import fold
from services.catalogue.models import Procedure
from services.dossiers import journey
from services.dossiers.models import Dossier, DossierState, Step

from .people import Person, Visitor, browser, queries_of, queries_of_post
from .rounds import Case, throughput, times

OPEN_DOSSIERS = 10_000


def cases(portal: str, bare: str) -> Iterator[Case]:
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
    seed_open_dossiers(OPEN_DOSSIERS)
    yield from desk_cases(portal, bare, f"{OPEN_DOSSIERS:,} open dossiers")


def desk_cases(portal: str, bare: str, how_many: str) -> Iterator[Case]:
    clerk = Person(portal, User.objects.get(email="mot-cua@viet-hung.example"))
    address = reverse("desk:work")
    yield (
        f"officer's list, {how_many}",
        throughput(portal + address, bare + "/", headers={"Cookie": clerk.cookies}),
        queries_of(address, clerk.user),
    )


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
