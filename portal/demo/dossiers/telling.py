"""Walks each dossier through the real actions, at the times it would have happened."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from buildings.models import Ward, holders_of
from portal.core.calendar import WorkingCalendar, load_calendar
from portal.core.models import User
from services.catalogue.answers import file_fields
from services.catalogue.models import Procedure, ProcedureVersion
from services.documents import issuing, rendering
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, slips, watch
from services.dossiers.actions import signing
from services.dossiers.models import Dossier

from ..lateness import answer_for
from .answers import answers_of
from .findings import FOUND
from .stories import BIRTH, MARITAL, SAID, STORIES, Story, Way

TODAY_SINCE = 100  # minutes ago that today's dossiers came


def load_dossiers(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """Every story of one ward, oldest first, so that codes and numbers rise with time; then two drafts.

    At the end the watch does what time has brought about meanwhile.
    """
    calendar = load_calendar(ward)
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        tell(story, ward, residents[story.resident], calendar, at=at)
    for procedure in (MARITAL, BIRTH):
        _draft(procedure, ward, residents[0], at=at)
    watch.watch(at=at)


def tell(story: Story, ward: Ward, owner: User, calendar: WorkingCalendar, *, at: datetime) -> Dossier:
    moment = _working_moment(calendar, at, story.days_ago)
    version = _version(story.procedure)
    dossier = Dossier.objects.create(
        ward=ward,
        version=version,
        owner=owner,
        delivery=story.delivery,
        answers=answers_of(version, owner, ward, at=at) | story.answers,
        created_at=moment,
        changed_at=moment,
    )
    for page in version.spec.pages:
        for paper in file_fields(page, dossier.answers):
            if paper.required:
                filing.attach(dossier, paper, scan(paper.label, owner), by=owner, at=moment)
    dossier = actions.submit(dossier, by=owner, at=moment)
    moves = _with_confirmation(story.moves) if version.spec.confirm_draft else story.moves
    # What came today was done one after the other since.
    pace = story.pace if story.days_ago else min(story.pace, TODAY_SINCE // (len(moves) + 1))
    for move in moves:
        moment = min(calendar.add_minutes(moment, pace), at)
        if move == "deliver":
            rendering.render(str(_result_of(dossier).pk), at=moment)
            said = _handed_over(dossier, at=moment)
        else:
            said = SAID.get(move, {}) | (_asked(story, dossier) if move == "request_supplement" else {})
        if move == "approve" and version.spec.findings:
            said |= {"findings": FOUND[version.spec.code](dossier.answers, ward, moment)}
        dossier = getattr(actions, move)(dossier, by=_who(move, dossier), at=moment, **said)
    if dossier.delivered_at and story.received:
        _receive(dossier, at=min(moment + timedelta(days=2, hours=1), at))
    if story.late:
        return answer_for(dossier, story.late, calendar, latest=_latest_open(calendar, timezone.localtime(at)))
    return dossier


def _asked(story: Story, dossier: Dossier) -> dict[str, Any]:
    """What is to complete, and whom to ask about it, as the form proposes."""
    contact = f"{_who('request_supplement', dossier)}, {dossier.ward.phone.as_national}"
    return {"items": story.items, "contact": contact}


def _result_of(dossier: Dossier) -> IssuedDocument:
    return IssuedDocument.objects.about(dossier).get(kind=slips.RESULT)


def _handed_over(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """What the clerk notes of it, each way its own."""
    match dossier.delivery:
        case Way.COUNTER:
            return {"received_by": dossier.applicant_name, "paper_shown": "Thẻ căn cước"}
        case Way.HOME:
            return {"received_by": "Nguyễn Thị Lan (mẹ)", "paper_shown": "Thẻ căn cước, giấy ủy quyền"}
        case Way.POST:
            number = f"EA{dossier.pk.int % 10**9:09d}VN"
            return {"tracking_number": number, "sent_on": timezone.localdate(at)}
        case _:
            return {}


def _receive(dossier: Dossier, *, at: datetime) -> None:
    """The resident has it: what came by post they say, on the portal they open it."""
    if dossier.delivery == Way.POST:
        actions.confirm_receipt(dossier, by=dossier.owner, at=at)
    elif dossier.delivery == Way.PORTAL:
        issuing.note_reading(_result_of(dossier), by=dossier.owner, at=at)
        signing.note_reading(dossier, at=at)


def _with_confirmation(moves: tuple[str, ...]) -> tuple[str, ...]:
    """The citizen looks at the e-form once before it goes on."""
    if "approve" not in moves:
        return moves
    place = moves.index("approve")
    return (*moves[:place], "ask_confirmation", "confirm", *moves[place:])


def _who(move: str, dossier: Dossier) -> User:
    if move in ("withdraw", "confirm"):
        return dossier.owner
    if move == "stop":
        return holders_of(dossier.agency.head, dossier.ward).select_related("user").first().user
    return dossier.current_step.assignee


def scan(title: str, owner: User) -> SimpleUploadedFile:
    """A sheet as a phone would photograph it: nothing real is on it."""
    sheet = Image.new("RGB", (1240, 1754), "#f4efe6")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((70, 70, 1170, 1684), outline="#8a7f70", width=4)
    pen.rectangle((160, 170, 1080, 260), fill="#d9cfbf")
    for line in range(16):
        pen.rectangle((160, 360 + 72 * line, 1080 - (line * 137) % 420, 384 + 72 * line), fill="#cfc5b5")
    pen.ellipse((760, 1380, 1000, 1620), outline="#8c1c3c", width=8)
    # One pixel for each letter: two papers are two files.
    for place, letter in enumerate(f"{title} {owner.pk}"):
        sheet.putpixel((80 + place, 1675), (ord(letter) % 256, 90, 90))
    content = BytesIO()
    sheet.save(content, "JPEG", quality=80)
    return SimpleUploadedFile("giay-to.jpg", content.getvalue(), "image/jpeg")


def _draft(procedure: str, ward: Ward, owner: User, *, at: datetime) -> None:
    """Half filled in: the first question is answered, the rest waits."""
    version = _version(procedure)
    answers = answers_of(version, owner, ward, at=at)
    first = version.spec.sections[0]
    Dossier.objects.create(
        ward=ward,
        version=version,
        owner=owner,
        answers={spec.key: answers[spec.key] for spec in first.fields if spec.key in answers},
        created_at=at - timedelta(hours=3),
        changed_at=at - timedelta(hours=3),
    )


def _working_moment(calendar: WorkingCalendar, at: datetime, days_ago: int) -> datetime:
    """Nine in the morning so many working days ago; today's dossiers came an hour and a half ago."""
    latest = _latest_open(calendar, timezone.localtime(at))
    if not days_ago:
        return latest - timedelta(minutes=TODAY_SINCE)
    day = latest.date()
    while days_ago:
        day -= timedelta(days=1)
        days_ago -= calendar.is_working(day)
    return calendar.closing(day).replace(hour=9, minute=5)


def _latest_open(calendar: WorkingCalendar, at: datetime) -> datetime:
    """This instant when the office is open, else when it last closed."""
    if calendar.is_open(at):
        return at
    day = at.date()
    while not calendar.is_working(day) or calendar.closing(day) > at:
        day -= timedelta(days=1)
    return calendar.closing(day)


def _version(code: str) -> ProcedureVersion:
    version = Procedure.objects.get(code=code).current
    if version is None:
        raise LookupError(f"{code} is not published: run load_procedures")
    return version
