"""What people enter about publicity: the other ways it was done, and that something may come down early."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogContext

from buildings.models import Ward, positions_in
from buildings.roles import Position
from home.models import AnnouncementPage, EarlyRemoval, OtherPublicity
from portal.core import audit
from portal.core.models import User

from . import rules

MOST_DAYS = 366  # of one way of publishing


class PublicityRefused(ValueError):
    """What was entered cannot be; `field` names what it is about."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def may_enter(user: User, ward: Ward) -> bool:
    return not {Position.WARD_EDITOR, Position.CULTURE_OFFICER}.isdisjoint(positions_in(user, ward.pk))


def may_release(user: User, ward: Ward) -> bool:
    """Whether this person answers for the ward, and so may let something come down early."""
    return Position.LEADER in positions_in(user, ward.pk)


@transaction.atomic
def record_other_way(
    announcement: UUID,
    *,
    ward: Ward,
    way: str,
    place: str,
    from_date: date,
    to_date: date,
    done_by: str,
    by: User,
    at: datetime,
) -> OtherPublicity:
    """Enters that the content was also published on a board, over loudspeakers, at a meeting.

    Raises PermissionDenied for who does not edit this ward's pages, PublicityRefused for dates that
    are not in order or have not come yet.
    """
    if not may_enter(by, ward):
        raise PermissionDenied
    if to_date < from_date:
        raise PublicityRefused("to_date", _("Ngày cuối không được trước ngày đầu."))
    if (to_date - from_date).days > MOST_DAYS:
        raise PublicityRefused("to_date", _("Một lần công khai không quá một năm."))
    if from_date > at.astimezone(rules.VIETNAM).date():
        raise PublicityRefused("from_date", _("Chỉ ghi việc đã làm: ngày này chưa đến."))
    entered = OtherPublicity.objects.create(
        ward=ward,
        announcement=announcement,
        way=way,
        place=place,
        from_date=from_date,
        to_date=to_date,
        done_by=done_by,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"way": way, "place": place, "from_date": from_date, "to_date": to_date}
    audit.record(entered, "publicity.other_way", by=by, at=at, announcement=announcement, **facts)
    return entered


@transaction.atomic
def withdraw_other_way(entered: OtherPublicity, *, by: User, at: datetime) -> None:
    """Takes back what was entered by mistake; the row stays. Twice is the same as once."""
    entered = OtherPublicity.objects.select_for_update().get(pk=entered.pk)
    if not may_enter(by, entered.ward):
        raise PermissionDenied
    if entered.withdrawn_at is None:
        entered.withdrawn_at, entered.withdrawn_by = at, by
        entered.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(entered, "publicity.other_way_withdrawn", by=by, at=at)


@transaction.atomic
def release(page: AnnouncementPage, *, reason: str, by: User, at: datetime, take_down: bool) -> EarlyRemoval:
    """A leader of the ward lets an announcement come down before its time, or takes it down at once.

    Raises PermissionDenied for whoever is not a leader of its ward, PublicityRefused when it is not
    up or is not kept up by law, and without a reason.
    """
    page = AnnouncementPage.objects.select_for_update().select_related("ward").get(pk=page.pk)
    if not may_release(by, page.ward):
        raise PermissionDenied
    if not reason.strip():
        raise PublicityRefused("reason", _("Hãy ghi lý do."))
    standing = rules.standing_of(page.translation_key) if page.live else None
    if standing is None or standing.may_come_down(at):
        raise PublicityRefused("reason", _("Thông báo này không bị giữ lại: biên tập viên gỡ được như thường."))
    released = EarlyRemoval.objects.create(
        ward=page.ward, announcement=page.translation_key, reason=reason.strip(), by=by, at=at
    )
    audit.record(page, "announcement.released_early", by=by, at=at, reason=reason.strip())
    if take_down:
        with LogContext(user=by):
            # Whether a leader may is settled above; Wagtail knows editors alone.
            UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)
    return released
