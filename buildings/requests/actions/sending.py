"""A report arrives: whose it is, what is promised, who answers for it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core import audit, workflow
from portal.core.calendar import load_calendar
from portal.core.models import User
from portal.core.numbering import next_number

from ...models import Apartment, Building, SharedPlace
from .. import assignment, clocks, notifications, photos, rules
from ..models import BuildingRequest, RequestPhoto, Urgency
from ..permissions import may_report


class NobodyAnswers(ValidationError):
    """The building's operator is not on the portal (yet)."""


class TooManyReports(ValidationError):
    """One person's reports of a day in one building have a limit."""


def send(
    building: Building,
    *,
    by: User,
    at: datetime,
    token: uuid.UUID,
    category: str,
    urgency: str,
    what: str,
    place: SharedPlace | None = None,
    apartment: Apartment | None = None,
    where: str = "",
    private: bool = False,
) -> BuildingRequest:
    """Report something: in a shared place, in one's own flat, or at `where` in words.

    The same token is one request, however often it is sent. What is about a flat, or of a private category, is not
    shown to neighbours. Raises PermissionDenied, NobodyAnswers, TooManyReports; ValueError for a place of another
    building or a flat of somebody else.
    """
    kind = rules.category(category)
    limit = kind.limits[Urgency(urgency)]
    if place and (place.building_id != building.pk or place.closed_at):
        raise ValueError("a shared place of this building")
    if apartment and not by.residencies.confirmed().filter(apartment=apartment, apartment__building=building).exists():
        raise ValueError("a flat of one's own in this building")
    with transaction.atomic():
        workflow.lock(by)  # the same report sent three times at once waits for itself here
        if sent := BuildingRequest.objects.owned_by(by).filter(token=token).first():
            return sent
        if not may_report(by, building):
            raise PermissionDenied("who lives there reports")
        _check_limit(building, by, at)
        answerable = assignment.answerable_for(building, kind, but=by)
        if answerable is None:
            raise NobodyAnswers(_("Ban quản lý tòa nhà chưa nhận yêu cầu trên cổng. Hãy gọi điện thoại."))
        calendar = load_calendar(building.ward)
        due_at = clocks.done_due(calendar, limit, at)
        request = BuildingRequest(
            token=token,
            code=_next_code(building, at),
            building=building,
            place=place,
            apartment=apartment,
            where=where,
            private=private or kind.private or apartment is not None,
            category=category,
            urgency=urgency,
            what=what,
            reporter=by,
            sent_at=at,
            promise=promise_words(limit, due_at),
            due_at=due_at,
            promised_at=due_at,
            next_due_at=clocks.answer_due(calendar, limit, at),
            answerable=answerable,
        )
        request.next_watch_at = clocks.next_watch(request, calendar, rules.limits(), after=at)
        request.save(force_insert=True)
        photos.attach(request, token, by=by, kind=RequestPhoto.Kind.REPORT)
        audit.record(request, "send", by=by, at=at, public=True, category=category, urgency=urgency, due_at=due_at)
        notifications.sent(request, at=at)
        return request


def alike(
    building: Building, *, by: User, category: str, place: SharedPlace | None, apartment: Apartment | None = None
) -> Iterable[BuildingRequest]:
    """Open requests this one may be the same as: of the same place, or of the same category where no place is named;
    shown to neighbours, or one's own."""
    of_building = BuildingRequest.objects.visible_to(by).open().filter(building=building)
    if apartment:
        return of_building.filter(reporter=by, apartment=apartment, category=category)[:3]
    found = of_building.filter(apartment=None)
    found = found.filter(place=place) if place else found.filter(place=None, category=category)
    return found.select_related("place").order_by("-sent_at")[:3]


def promise_words(limit: rules.Limit, due_at: datetime) -> str:
    """The promise in the words its reader sees, which are kept with the request."""
    day = f"{timezone.localtime(due_at):%H:%M %d/%m/%Y}"
    if limit.any_hour:
        return _("Trả lời trong %(answer)s, kể cả ban đêm và ngày nghỉ; xử lý xong trước %(due)s.") % {
            "answer": duration_words(limit.answer_minutes),
            "due": day,
        }
    return _("Trả lời trong %(answer)s làm việc; làm xong trước %(due)s.") % {
        "answer": duration_words(limit.answer_minutes),
        "due": day,
    }


def duration_words(minutes: int) -> str:
    if minutes % 60:
        return ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes}
    return ngettext("%(n)s giờ", "%(n)s giờ", minutes // 60) % {"n": minutes // 60}


def _check_limit(building: Building, by: User, at: datetime) -> None:
    limit = rules.limits().reports_a_day
    today = BuildingRequest.objects.owned_by(by).filter(building=building, sent_at__range=(at - timedelta(days=1), at))
    if today.count() >= limit:
        raise TooManyReports(
            _("Trong 24 giờ qua bạn đã gửi %(limit)s yêu cầu. Việc gấp, hãy gọi ban quản lý.") % {"limit": limit},
            code="limit",
        )


def code_of(building: Building, year: int, number: int) -> str:
    """YC12-26-0001: the building, the year, the number in its book."""
    return f"YC{building.pk}-{year % 100:02d}-{number:04d}"


def _next_code(building: Building, at: datetime) -> str:
    year = timezone.localtime(at).year
    return code_of(building, year, next_number(f"requests:{building.pk}:{year}"))
