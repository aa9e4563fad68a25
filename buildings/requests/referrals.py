"""What is the ward's to solve: handed over to its one-stop desk with a question, and back with an answer.

The managers' clock stands meanwhile. Due ten working days after it was asked, as the one public analogue allows
("Kiến nghị về sửa chữa chung cư", Đà Nẵng) [P]: a ward that is late is shown so, and holds up nobody else.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.core import audit, workflow
from portal.core.calendar import load_calendar
from portal.core.models import User

from ..models import Building, Ward
from . import actions, notifications
from .models import WHAT_LENGTH, BuildingRequest, WardReferral
from .permissions import answers_for_ward

WORKING_DAYS = 10


class AlreadyAnswered(Exception):
    """Somebody else of the ward answered first. Carries the referral as it is now."""

    def __init__(self, referral: WardReferral) -> None:
        super().__init__("answered already")
        self.referral = referral


def refer(request: BuildingRequest, *, by: User, at: datetime, reason: str) -> BuildingRequest:
    """Hand a request over to the ward it stands in today. Raises what `actions.refer` raises."""
    with transaction.atomic():
        referred = actions.refer(request, by=by, at=at, reason=reason)
        ward = referred.building.ward
        referral = WardReferral.objects.create(
            request=referred,
            ward=ward,
            asked_by=by,
            asked_at=at,
            question=reason,
            due_at=load_calendar(ward).end_of_nth_working_day(at, WORKING_DAYS),
        )
        audit.record(referral, "asked", by=by, at=at, code=referred.code)
        notifications.referral_arrived(referral, at=at)
        return referred


def take(referral: WardReferral, *, by: User, at: datetime) -> WardReferral:
    """One person of the ward answers for it. Taken by another meanwhile, it becomes theirs who took it last.

    Raises PermissionDenied, AlreadyAnswered.
    """
    with transaction.atomic():
        locked = _lock(referral, by=by)
        locked.taken_by, locked.taken_at = by, at
        locked.save(update_fields=["taken_by", "taken_at"])
        audit.record(locked, "taken", by=by, at=at)
        return locked


def answer(referral: WardReferral, *, by: User, at: datetime, text: str) -> WardReferral:
    """The ward's answer: the request goes back to its manager, who is told, and so is the resident.

    Raises PermissionDenied, AlreadyAnswered; ValueError without words.
    """
    text = text.strip()
    if not text or len(text) > WHAT_LENGTH:
        raise ValueError(f"from one to {WHAT_LENGTH} characters")
    with transaction.atomic():
        workflow.lock(referral.request)  # the request first, as everywhere
        locked = _lock(referral, by=by)
        locked.answer, locked.answered_by, locked.answered_at = text, by, at
        if locked.taken_by is None:
            locked.taken_by, locked.taken_at = by, at
        locked.save(update_fields=["answer", "answered_by", "answered_at", "taken_by", "taken_at"])
        audit.record(locked, "answered", by=by, at=at)
        actions.come_back(locked.request, by=by, at=at, answer=text)
        return locked


def move_to(ward: Ward, building: Building, *, at: datetime) -> int:
    """The building has another ward: what is still to be answered is now the new one's. Returns how many."""
    moved = 0
    for referral in (
        WardReferral.objects.select_for_update(of=("self",))
        .filter(request__building=building, answered_at=None)
        .select_related("request")
    ):
        before = referral.ward_id
        referral.ward, referral.taken_by, referral.taken_at = ward, None, None
        referral.save(update_fields=["ward", "taken_by", "taken_at"])
        audit.record(referral, "changed_ward", by=None, at=at, was=before)
        notifications.referral_arrived(referral, at=at)
        moved += 1
    return moved


def _lock(referral: WardReferral, *, by: User) -> WardReferral:
    locked = WardReferral.objects.select_for_update(of=("self",)).select_related("request").get(pk=referral.pk)
    if not answers_for_ward(by, locked.ward_id):
        raise PermissionDenied("the one-stop desk of that ward")
    if locked.answered_at:
        raise AlreadyAnswered(locked)
    return locked
