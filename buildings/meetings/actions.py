"""The meeting of a building's owners: prepared, held, decided, closed. Each locks the meeting's row.

It is convened, moved and called off as its notice is (`notices.actions`). Here is what happens in the room.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit, outbox, workflow
from portal.core.models import User

from ..models import Apartment, Building, Residency
from ..notices import actions as notices
from ..notices.models import NoticeState
from .counting import count, in_words, may_count_by_area
from .models import Attendance, Meeting, MeetingAnswer, MeetingState, Resolution
from .rules import RULES, Share
from .transitions import ADJOURN, BEGIN, CLOSE, INVITATION, may_lead, may_tick

S = MeetingState
MINUTES = "meetings.minutes"


def prepare(
    building: Building,
    *,
    by: User,
    at: datetime,
    content: Mapping[str, Any],
    files: Iterable[File] = (),
    token: uuid.UUID | None = None,
    occasion: str,
    share: str,
    again_after: Meeting | None = None,
) -> Meeting:
    """A meeting with its invitation as a draft. The same token twice is one.

    Raises PermissionDenied, notices.Refused, UploadRefused.
    """
    if share == Share.AREA and not may_count_by_area(building):
        raise notices.Refused(_("Chưa có diện tích của mọi căn hộ: chưa tính phiếu theo diện tích được."))
    with transaction.atomic():
        (notice,) = notices.draft(
            [building], kind=INVITATION.key, by=by, at=at, content=content, files=files, token=token
        )
        meeting, _made = Meeting.objects.get_or_create(
            notice=notice, defaults={"occasion": occasion, "share": share, "again_after": again_after}
        )
    return meeting


def begin(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Open the door. Raises IllegalMove, Blocked while it is too early, PermissionDenied."""
    with transaction.atomic():
        locked = _lock(meeting)
        workflow.apply(locked, BEGIN, by=by, at=at, set={"opened_at": at}, ward_id=locked.notice.building.ward_id)
    return locked


class NotOpen(Exception):
    """Nobody is counted before the meeting begins or after it has ended."""


def tick(meeting: Meeting, apartment: Apartment, *, by: User, at: datetime, proxy: str = "") -> Attendance:
    """A flat is represented. Twice is once; the latest proxy counts. Raises PermissionDenied, NotOpen."""
    with transaction.atomic():
        locked = _open(meeting, by)
        attendance, _made = Attendance.objects.update_or_create(
            meeting=locked, apartment=apartment, defaults={"proxy": proxy, "by": by, "at": at}
        )
    return attendance


def untick(meeting: Meeting, apartment: Apartment, *, by: User) -> None:
    """Ticked by mistake. Raises PermissionDenied, NotOpen."""
    with transaction.atomic():
        locked = _open(meeting, by)
        Attendance.objects.filter(meeting=locked, apartment=apartment).delete()


def resolve(
    meeting: Meeting, *, by: User, at: datetime, text: str, votes_for: int, votes_against: int, abstained: int
) -> Resolution:
    """Record a vote; pressed twice is once. Raises PermissionDenied, NotOpen, and ValidationError when the figures cannot be right."""
    with transaction.atomic():
        locked = _open(meeting, by)
        if not may_lead(by, locked):
            raise PermissionDenied("resolve")
        present = count(locked)
        if not present.is_enough:
            raise ValidationError(_("Chưa đủ điều kiện họp: chưa biểu quyết được."))
        if votes_for + votes_against + abstained > present.votes:
            raise ValidationError(
                _("Cộng lại nhiều hơn số có mặt (%(present)s).") % {"present": in_words(locked, present.votes)}
            )
        voted = {"text": text, "votes_for": votes_for, "votes_against": votes_against, "abstained": abstained}
        if recorded := locked.resolutions.filter(**voted).first():
            return recorded
        resolution = Resolution.objects.create(
            meeting=locked,
            number=locked.resolutions.count() + 1,
            **voted,
            passed=votes_for * 100 > present.votes * RULES.majority_percent,
        )
        audit.record(locked, "resolve", by=by, at=at, ward_id=locked.notice.building.ward_id, number=resolution.number)
    return resolution


def close(
    meeting: Meeting, *, by: User, at: datetime, chair: str, secretary: str, witness: str, discussion: str
) -> Meeting:
    """End it, freeze the count, promise the minutes. Raises IllegalMove, Blocked without a quorum, PermissionDenied."""
    with transaction.atomic():
        locked = _lock(meeting)
        workflow.apply(
            locked,
            CLOSE,
            by=by,
            at=at,
            set={
                **_frozen(locked, at),
                "chair": chair,
                "secretary": secretary,
                "witness": witness,
                "discussion": discussion,
            },
            ward_id=locked.notice.building.ward_id,
        )
        outbox.enqueue(MINUTES, str(locked.pk), at=at, payload={"meeting_id": str(locked.pk)})
    return locked


def adjourn(meeting: Meeting, *, by: User, at: datetime, why: str) -> Meeting:
    """Too few came. It is convened again as another meeting. Raises IllegalMove, Blocked, PermissionDenied."""
    with transaction.atomic():
        locked = _lock(meeting)
        workflow.apply(
            locked,
            ADJOURN,
            by=by,
            at=at,
            set={**_frozen(locked, at), "why_adjourned": why},
            ward_id=locked.notice.building.ward_id,
            reason=why,
        )
    return locked


def answer(meeting: Meeting, *, by: User, at: datetime, answer: str, proxy: str = "") -> list[MeetingAnswer]:
    """What an owner answers for all the flats they own here; the latest counts. Raises PermissionDenied, NotOpen."""
    flats = owned_flats(meeting, by)
    if not flats:
        raise PermissionDenied("answer")
    if meeting.state != S.TO_COME or meeting.notice.state != NoticeState.PUBLISHED:
        raise NotOpen
    given = {"answer": answer, "proxy": proxy if answer == MeetingAnswer.Answer.PROXY else "", "by": by, "at": at}
    with transaction.atomic():
        return [
            MeetingAnswer.objects.update_or_create(meeting=meeting, apartment=flat, defaults=given)[0] for flat in flats
        ]


def owned_flats(meeting: Meeting, user) -> list[Apartment]:
    homes = Residency.objects.confirmed().filter(
        user=user, role=Residency.Role.OWNER, apartment__building=meeting.notice.building_id
    )
    return list(Apartment.objects.filter(pk__in=homes.values("apartment_id")).order_by("floor", "number"))


def _frozen(meeting: Meeting, at: datetime) -> dict[str, Any]:
    now = count(meeting)
    return {
        "ended_at": at,
        "present_flats": now.flats,
        "all_flats": now.all_flats,
        "present_votes": now.votes,
        "all_votes": now.all_votes,
    }


def _lock(meeting: Meeting) -> Meeting:
    locked = workflow.lock(meeting)
    locked.notice = type(meeting.notice).objects.select_related("building__ward").get(pk=locked.pk)
    return locked


def _open(meeting: Meeting, by: User) -> Meeting:
    locked = _lock(meeting)
    if not may_tick(by, locked):
        raise PermissionDenied("tick")
    if locked.state != S.OPEN:
        raise NotOpen
    return locked
