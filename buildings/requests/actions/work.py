"""What the managers do. Each of these stands behind the lateness gate."""

import uuid
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.models import User

from .. import clocks, notifications, photos, rules
from .. import transitions as moves
from ..models import BuildingRequest, ContractorLink, RequestPhoto, RequestState, Support, Urgency
from ..permissions import works_on
from .moving import calendar_of, go, lock_for, started

Waiting = BuildingRequest.Waiting
NOT_WAITING = {"back_on": None, "waiting_for": ""}


class BadDate(ValidationError):
    """A day that lies in the past, beyond what was promised, or too far away."""


class NeedsProof(ValidationError):
    """Done is shown by a picture or a document, and said in words."""


class NotAlike(ValueError):
    """Two requests that cannot be made one."""


def accept(request: BuildingRequest, *, by: User, at: datetime) -> BuildingRequest:
    with transaction.atomic():
        locked = lock_for(request, moves.ACCEPT, by=by, at=at)
        go(locked, moves.ACCEPT, by=by, at=at)
        notifications.accepted(locked, at=at)
        return locked


def plan(request: BuildingRequest, *, by: User, at: datetime, planned_for: datetime) -> BuildingRequest:
    """It will be done at this time, which keeps the promise. Raises BadDate."""
    with transaction.atomic():
        locked = lock_for(request, moves.PLAN, by=by, at=at)
        running = started(locked, at)
        if planned_for <= at:
            raise BadDate(_("Ngày giờ hẹn phải ở phía trước."))
        promised_at = running.get("promised_at", locked.promised_at)
        if planned_for > promised_at:
            raise BadDate(
                _("Hạn đã hứa với cư dân là %(due)s. Hẹn sớm hơn; nếu cư dân xin ngày khác, hãy chọn “chờ cư dân”.")
                % {"due": f"{timezone.localtime(promised_at):%H:%M %d/%m/%Y}"}
            )
        changes = {"planned_for": planned_for, **NOT_WAITING, **running}
        go(locked, moves.PLAN, by=by, at=at, set=changes, planned_for=planned_for)
        notifications.planned(locked, at=at)
        return locked


def wait(
    request: BuildingRequest, *, by: User, at: datetime, waiting_for: str, back_on: date, reason: str
) -> BuildingRequest:
    """It waits for a part or for the resident until a day that brings it back. The clock stands only while the
    resident is waited for: parts are the operator's business. Raises BadDate."""
    with transaction.atomic():
        locked = lock_for(request, moves.WAIT, by=by, at=at)
        today, longest = timezone.localdate(at), rules.limits().longest_wait_days
        if not today < back_on <= today + timedelta(days=longest):
            raise BadDate(_("Ngày trở lại phải sau hôm nay và trong vòng %(days)s ngày.") % {"days": longest})
        changes = {"waiting_for": Waiting(waiting_for), "back_on": back_on, "reason": reason, "planned_for": None}
        if waiting_for == Waiting.RESIDENT:
            changes["stopped_at"] = at
        go(locked, moves.WAIT, by=by, at=at, set=changes, waiting_for=waiting_for, back_on=back_on, reason=reason)
        notifications.waiting(locked, at=at)
        return locked


def resume(request: BuildingRequest, *, by: User, at: datetime) -> BuildingRequest:
    """The part is there, or the resident said what was asked."""
    with transaction.atomic():
        locked = lock_for(request, moves.RESUME, by=by, at=at)
        go(locked, moves.RESUME, by=by, at=at, set=NOT_WAITING | started(locked, at))
        return locked


def bring_back(request: BuildingRequest, *, at: datetime) -> BuildingRequest:
    """The day it waited for has come."""
    with transaction.atomic():
        locked = lock_for(request, moves.BRING_BACK, by=None, at=at)
        go(locked, moves.BRING_BACK, by=None, at=at, set=NOT_WAITING | started(locked, at))
        notifications.brought_back(locked, at=at)
        return locked


def finish(
    request: BuildingRequest, *, by: User, at: datetime, note: str, token: uuid.UUID | None = None
) -> BuildingRequest:
    """The work is done, with what was done in words and a picture or a document that shows it: those added to the
    form of this `token`, or sent by the contractor before. Whether it was late is fixed now. Raises NeedsProof."""
    with transaction.atomic():
        locked = lock_for(request, moves.FINISH, by=by, at=at)
        if token:
            photos.attach(locked, token, by=by, kind=RequestPhoto.Kind.DONE)
        since = locked.sent_at if not locked.reopened else _reopened_at(locked)
        if not locked.photos.filter(kind=RequestPhoto.Kind.DONE, added_at__gte=since).exists():
            raise NeedsProof(_("Thêm ít nhất một ảnh sau khi làm, hoặc biên bản."))
        if not note.strip():
            raise NeedsProof(_("Viết ngắn gọn đã làm gì."))
        changes = {
            "done_at": at,
            "done_by": by,
            "done_note": note,
            "was_late": locked.was_late or locked.latenesses.filter(reason="late").exists(),
            **NOT_WAITING,
        }
        go(locked, moves.FINISH, by=by, at=at, set=changes, note=note)
        notifications.done(locked, at=at)
        return locked


def refuse(request: BuildingRequest, *, by: User, at: datetime, reason: str, elsewhere: str = "") -> BuildingRequest:
    """Not the operator's to do: why, and where else to go with it."""
    with transaction.atomic():
        locked = lock_for(request, moves.REFUSE, by=by, at=at)
        changes = {"reason": reason, "elsewhere": elsewhere, "ended_at": at, **NOT_WAITING}
        go(locked, moves.REFUSE, by=by, at=at, set=changes, reason=reason, elsewhere=elsewhere)
        notifications.refused(locked, at=at)
        return locked


def join(request: BuildingRequest, into: BuildingRequest, *, by: User, at: datetime) -> BuildingRequest:
    """The same thing was reported twice: one request goes on, with everybody who waits for it.

    Raises NotAlike for another building, an ended one, itself, or one that its reporter alone may see.
    """
    with transaction.atomic():
        for each in sorted((request, into), key=lambda one: one.pk):  # always in this order: no two wait for each other
            workflow.lock(each)
        locked, kept = lock_for(request, moves.JOIN, by=by, at=at), workflow.lock(into)
        if locked.pk == kept.pk or locked.building_id != kept.building_id or not kept.is_open:
            raise NotAlike("two open requests of one building")
        if kept.private and kept.reporter_id != locked.reporter_id:
            raise NotAlike("what is not shown to neighbours is joined by nobody")
        waiting = {locked.reporter_id, *locked.supports.values_list("user", flat=True)} - {kept.reporter_id}
        Support.objects.bulk_create(
            [Support(request=kept, user_id=user, at=at) for user in sorted(waiting)], ignore_conflicts=True
        )
        BuildingRequest.objects.filter(joined_to=locked).update(joined_to=kept)
        go(locked, moves.JOIN, by=by, at=at, set={"joined_to": kept, "ended_at": at, **NOT_WAITING}, into=kept.code)
        notifications.joined(locked, kept, at=at)
        return locked


def assign(
    request: BuildingRequest,
    *,
    by: User,
    at: datetime,
    answerable: User,
    executor: User | None = None,
    contractor: ContractorLink | None = None,
) -> BuildingRequest:
    """Who answers to the resident, and who does the work: one of the staff, a contractor, or nobody yet.

    Raises PermissionDenied for somebody who does not work there, or whose own request it is.
    """
    with transaction.atomic():
        locked = lock_for(request, moves.ASSIGN, by=by, at=at)
        if not all(works_on(person, locked) for person in (answerable, executor) if person):
            raise PermissionDenied("the building's own staff")
        if contractor and (executor or contractor.request_id != locked.pk):
            raise ValueError("one executor, with a link of this request")
        changes = {"answerable": answerable, "executor": executor, "contractor": contractor}
        workflow.apply(
            locked,
            moves.ASSIGN,
            by=by,
            at=at,
            set=changes,
            answerable=str(answerable),
            executor=str(executor or contractor or ""),
        )
        notifications.assigned(locked, by=by, at=at)
        return locked


def reclassify(
    request: BuildingRequest, *, by: User, at: datetime, category: str, urgency: str, reason: str
) -> BuildingRequest:
    """It is another kind of thing, or less (or more) urgent than reported: the limit of what it is, counted from when
    it was sent, never cut below a whole one from now. The resident reads why; the first promise stays on record."""
    with transaction.atomic():
        locked = lock_for(request, moves.RECLASSIFY, by=by, at=at)
        kind = rules.category(category)
        limit, calendar = kind.limits[Urgency(urgency)], calendar_of(locked)
        promised_at = clocks.done_due(calendar, limit, locked.sent_at)
        answer_at = clocks.answer_due(calendar, limit, locked.sent_at)
        if promised_at <= at:
            promised_at = clocks.done_due(calendar, limit, at)
        if answer_at <= at:
            answer_at = clocks.answer_due(calendar, limit, at)
        changes = {
            "category": category,
            "urgency": urgency,
            "promised_at": promised_at,
            "private": locked.private or kind.private,
        }
        was = f"{locked.category}, {locked.urgency}"
        due_at = answer_at if locked.state == RequestState.NEW else None
        go(locked, moves.RECLASSIFY, by=by, at=at, set=changes, due_at=due_at, was=was, reason=reason)
        notifications.reclassified(locked, reason=reason, at=at)
        return locked


def refer(request: BuildingRequest, *, by: User, at: datetime, reason: str) -> BuildingRequest:
    """The ward's to solve: the clock stands until it comes back. `reason` is what the ward is asked."""
    with transaction.atomic():
        locked = lock_for(request, moves.REFER, by=by, at=at)
        # Waiting for the resident it stood already: what is left is what was left then.
        stopped = {**started(locked, at), "stopped_at": at, "planned_for": None}
        go(locked, moves.REFER, by=by, at=at, set=stopped | NOT_WAITING, reason=reason)
        notifications.referred(locked, at=at)
        return locked


def come_back(request: BuildingRequest, *, by: User, at: datetime, answer: str) -> BuildingRequest:
    """The ward has answered. Called by the referral, for whoever answered it at the ward's desk."""
    with transaction.atomic():
        locked = lock_for(request, moves.COME_BACK, by=by, at=at)
        go(locked, moves.COME_BACK, by=by, at=at, set=started(locked, at), answer=answer)
        notifications.came_back(locked, at=at)
        return locked


def _reopened_at(locked: BuildingRequest) -> datetime:
    last = history_of(locked).filter(action=moves.REOPEN.name).last()
    return last.at if last else locked.sent_at
