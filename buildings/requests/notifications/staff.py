"""What the building's people and the ward's are told."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import notify

from ...models import holders_of, people_of
from ...roles import Position
from ..models import BuildingRequest, RequestComment, RequestLateness, WardReferral
from ..permissions import is_reporter
from .telling import tell_reporter, tell_staff, when


def late(request: BuildingRequest, case: RequestLateness, *, at: datetime) -> None:
    """The person who answers for it owes an explanation; the heads know."""
    heads = [held.user for held in people_of(request.building, Position.BUILDING_HEAD)]
    tell_staff(
        request,
        [case.responsible, *heads],
        f"late:{case.pk}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã quá hạn") % {"code": request.code},
            _("%(who)s phải giải trình; mọi bước khác dừng lại cho tới khi thư xin lỗi đến cư dân.")
            % {"who": case.responsible},
        ),
    )


def released(request: BuildingRequest, case: RequestLateness, *, at: datetime) -> None:
    tell_staff(
        request,
        [request.answerable, request.executor],
        f"released:{case.pk}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đi tiếp") % {"code": request.code},
            _("Hạn: %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def contractor_said(said: RequestComment, *, finished: bool, at: datetime) -> None:
    """By their link; the resident hears of it from the manager."""
    request = said.request

    def words() -> tuple[str, str]:
        if finished:
            title, body = _("Nhà thầu báo đã xong %(code)s"), _("Xem ảnh rồi báo cư dân xác nhận.")
        else:
            title, body = _("Nhà thầu trao đổi về %(code)s"), _("Mở yêu cầu để đọc.")
        return title % {"code": request.code}, body

    made_by = said.contractor.made_by if said.contractor else None
    tell_staff(request, [request.answerable, made_by], f"contractor:{said.pk}", at, words)


def referral_arrived(referral: WardReferral, *, at: datetime) -> None:
    """The ward's clerks and specialists see that something is asked of them."""
    for position in (Position.CLERK, Position.SPECIALIST):
        for held in holders_of(position, referral.ward).select_related("user"):
            with translation.override(held.user.preferred_language):
                notify(
                    held.user,
                    kind="requests.referral",
                    key=f"referral:{referral.pk}:{referral.ward_id}",
                    title=_("Tòa nhà đề nghị phường giải quyết"),
                    body=_("Yêu cầu %(code)s. Hạn trả lời: %(due)s.")
                    % {"code": referral.request.code, "due": when(referral.due_at)},
                    url=reverse("desk:referral", args=[referral.pk]),
                    at=at,
                )


def due_soon(request: BuildingRequest, *, at: datetime) -> None:
    tell_staff(
        request,
        [request.answerable, request.executor],
        f"due_soon:{request.next_due_at.timestamp() if request.next_due_at else ''}",
        at,
        lambda: (
            _("Yêu cầu %(code)s sắp đến hạn") % {"code": request.code},
            _("Hạn: %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def assigned(request: BuildingRequest, *, by: User, at: datetime) -> None:
    people = [person for person in (request.answerable, request.executor) if person and person.pk != by.pk]
    tell_staff(
        request,
        people,
        f"assigned:{at.timestamp()}",
        at,
        lambda: (
            _("Bạn được giao yêu cầu %(code)s") % {"code": request.code},
            _("Hạn: %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def reopened(request: BuildingRequest, *, at: datetime) -> None:
    heads = [held.user for held in people_of(request.building, Position.BUILDING_HEAD)]
    tell_staff(
        request,
        [request.answerable, *heads],
        f"reopened:{request.reopened}",
        at,
        lambda: (
            _("Cư dân mở lại yêu cầu %(code)s") % {"code": request.code},
            _("Hạn làm xong mới: %(due)s. Mở yêu cầu để xem lý do.") % {"due": when(request.promised_at)},
        ),
    )


def withdrawn(request: BuildingRequest, *, at: datetime) -> None:
    tell_staff(
        request,
        [request.answerable, request.executor],
        "withdrawn",
        at,
        lambda: (
            _("Cư dân đã rút yêu cầu %(code)s") % {"code": request.code},
            _("Không phải làm gì thêm."),
        ),
    )


def brought_back(request: BuildingRequest, *, at: datetime) -> None:
    tell_staff(
        request,
        [request.answerable, request.executor],
        f"back:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s trở lại") % {"code": request.code},
            _("Đã đến ngày hẹn xem lại. Hạn: %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def commented(said: RequestComment, *, at: datetime) -> None:
    """The other side is told; by the reporter's word the staff, by anybody else's the reporter."""
    request = said.request

    def words() -> tuple[str, str]:
        return _("Trao đổi mới trong yêu cầu %(code)s") % {"code": request.code}, _("Mở yêu cầu để đọc và trả lời.")

    if is_reporter(said.author, request):
        tell_staff(request, [request.answerable, request.executor], f"said:{said.pk}", at, words)
    else:
        tell_reporter(request, f"said:{said.pk}", at, words)
