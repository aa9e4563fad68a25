"""What people are told, and when: one function an event, called inside the action's transaction.

No personal data: these texts travel by e-mail and SMS. What was reported, where and by whom is read in the portal.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import notify

from ..models import holders_of, people_of
from ..roles import OPERATOR_POSITIONS, Position
from .models import BuildingRequest, RequestComment, RequestLateness, Urgency, WardReferral
from .permissions import is_reporter
from .rules import limits

Words = Callable[[], tuple[str, str]]


def when(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


# --- The resident ----------------------------------------------------------------------------------------


def sent(request: BuildingRequest, *, at: datetime) -> None:
    """Acknowledged at once: who answers, and what is promised. An emergency wakes the whole staff."""
    _tell_reporter(
        request,
        "sent",
        at,
        lambda: (
            _("Đã nhận yêu cầu %(code)s") % {"code": request.code},
            _("Người chịu trách nhiệm: %(who)s. %(promise)s") % {"who": request.answerable, "promise": request.promise},
        ),
    )
    urgent = request.urgency == Urgency.EMERGENCY
    _tell_staff(
        request,
        _everybody(request) if urgent else [request.answerable],
        "sent",
        at,
        lambda: (
            (_("KHẨN CẤP: yêu cầu %(code)s") if urgent else _("Yêu cầu mới %(code)s")) % {"code": request.code},
            _("Phải trả lời cư dân trước %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def accepted(request: BuildingRequest, *, at: datetime) -> None:
    _tell_waiting(
        request,
        f"accepted:{request.reopened}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã được tiếp nhận") % {"code": request.code},
            _("Người chịu trách nhiệm: %(who)s. Làm xong trước %(due)s.")
            % {"who": request.answerable, "due": when(request.promised_at)},
        ),
    )


def planned(request: BuildingRequest, *, at: datetime) -> None:
    _tell_waiting(
        request,
        f"planned:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã hẹn ngày làm") % {"code": request.code},
            _("Hẹn làm lúc %(when)s.") % {"when": when(request.planned_for)},
        ),
    )


def waiting(request: BuildingRequest, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        if request.waiting_for == BuildingRequest.Waiting.RESIDENT:
            body = _("Ban quản lý chờ bạn đến %(day)s. Mở yêu cầu để xem lý do và trả lời.")
        else:
            body = _("Đang chờ linh kiện, vật tư; ban quản lý xem lại vào %(day)s. Hạn đã hứa không đổi.")
        title = _("Yêu cầu %(code)s tạm chờ") % {"code": request.code}
        return title, body % {"day": f"{request.back_on:%d/%m/%Y}"}

    if request.waiting_for == BuildingRequest.Waiting.RESIDENT:
        _tell_reporter(request, f"waiting:{at.timestamp()}", at, words)
    else:
        _tell_waiting(request, f"waiting:{at.timestamp()}", at, words)


def done(request: BuildingRequest, *, at: datetime) -> None:
    _tell_reporter(
        request,
        f"done:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã làm xong: bạn xem giúp") % {"code": request.code},
            _(
                "Mở yêu cầu để xem ảnh và xác nhận, hoặc mở lại. Sau %(days)s ngày làm việc không có ý kiến, coi như đạt."
            )
            % {"days": limits().silence_days},
        ),
    )
    _tell_supporters(
        request,
        f"done:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã làm xong") % {"code": request.code},
            _("Việc bạn cũng báo đã làm xong. Nếu chưa ổn, hãy gửi yêu cầu mới."),
        ),
    )


def silence_warned(request: BuildingRequest, *, day: int, at: datetime) -> None:
    _tell_reporter(
        request,
        f"silence:{day}:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s chờ bạn xác nhận") % {"code": request.code},
            _("Còn %(days)s ngày làm việc; sau đó coi như bạn đồng ý là đã xong.")
            % {"days": limits().silence_days - day},
        ),
    )


def closed(request: BuildingRequest, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        silent = request.ended_by == BuildingRequest.Ending.SILENCE
        first = (
            _("Hết thời gian xác nhận nên yêu cầu được coi là hoàn thành.") if silent else _("Cảm ơn bạn đã xác nhận.")
        )
        later = _("Nếu hỏng lại trong %(days)s ngày, bạn mở lại được yêu cầu này.") % {"days": limits().reopen_days}
        return _("Yêu cầu %(code)s đã hoàn thành") % {"code": request.code}, f"{first} {later}"

    _tell_reporter(request, f"closed:{request.reopened}", at, words)


def refused(request: BuildingRequest, *, at: datetime) -> None:
    _tell_waiting(
        request,
        f"refused:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s không được nhận") % {"code": request.code},
            _("Mở yêu cầu để xem lý do và nơi giải quyết."),
        ),
    )


def joined(request: BuildingRequest, into: BuildingRequest, *, at: datetime) -> None:
    """To its own people; those of the other one notice nothing."""
    _tell_waiting(
        request,
        "joined",
        at,
        lambda: (
            _("Yêu cầu %(code)s được gộp vào %(other)s") % {"code": request.code, "other": into.code},
            _("Hàng xóm đã báo cùng một việc. Bạn theo dõi tiếp ở yêu cầu %(other)s.") % {"other": into.code},
        ),
    )


def reclassified(request: BuildingRequest, *, reason: str, at: datetime) -> None:
    _tell_reporter(
        request,
        f"reclassified:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s được xếp lại nhóm việc, mức độ") % {"code": request.code},
            _("Hạn làm xong: %(due)s. Mở yêu cầu để xem lý do.") % {"due": when(request.promised_at)},
        ),
    )


def referred(request: BuildingRequest, *, at: datetime) -> None:
    _tell_waiting(
        request,
        f"referred:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã chuyển phường") % {"code": request.code},
            _("Việc này thuộc thẩm quyền của phường. Trả lời của phường sẽ có trong yêu cầu của bạn."),
        ),
    )


def came_back(request: BuildingRequest, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Phường đã trả lời về yêu cầu %(code)s") % {"code": request.code},
            _("Mở yêu cầu để xem trả lời. Hạn làm xong: %(due)s.") % {"due": when(request.promised_at)},
        )

    _tell_waiting(request, f"came_back:{at.timestamp()}", at, words)
    _tell_staff(request, [request.answerable], f"came_back:{at.timestamp()}", at, words)


def lateness_owned_up(request: BuildingRequest, case: RequestLateness, *, at: datetime) -> None:
    """The resident sees at once that it is late, and that an apology is owed."""
    _tell_waiting(
        request,
        f"late:{case.pk}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đang chậm") % {"code": request.code},
            _("Ban quản lý phải giải trình và gửi bạn thư xin lỗi trước khi làm tiếp trên cổng."),
        ),
    )


def apology_arrives(case: RequestLateness, *, at: datetime) -> None:
    """The letter itself; its arrival, by whatever channel, lets the request go on."""
    request = case.request
    with translation.override(request.reporter.preferred_language):
        notify(
            request.reporter,
            kind="requests.apology",
            key=f"request:{request.pk}:apology:{case.pk}",
            title=_("Thư xin lỗi về yêu cầu %(code)s") % {"code": request.code},
            body="\n".join(
                [
                    _("Ban quản lý xin lỗi bạn vì sự chậm trễ. Mở yêu cầu để đọc thư."),
                    _("Hẹn làm xong: %(due)s.") % {"due": when(case.new_due_at)} if case.new_due_at else "",
                ]
            ).strip(),
            url=request.get_absolute_url(),
            at=at,
            then="requests.apology_arrived",
        )


# --- The staff -------------------------------------------------------------------------------------------


def late(request: BuildingRequest, case: RequestLateness, *, at: datetime) -> None:
    """The person who answers for it owes an explanation; the heads know."""
    heads = [held.user for held in people_of(request.building, Position.BUILDING_HEAD)]
    _tell_staff(
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
    _tell_staff(
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
    _tell_staff(request, [request.answerable, made_by], f"contractor:{said.pk}", at, words)


# --- The ward --------------------------------------------------------------------------------------------


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
    _tell_staff(
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
    _tell_staff(
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
    _tell_staff(
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
    _tell_staff(
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
    _tell_staff(
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
        _tell_staff(request, [request.answerable, request.executor], f"said:{said.pk}", at, words)
    else:
        _tell_reporter(request, f"said:{said.pk}", at, words)


# --- How it is addressed ---------------------------------------------------------------------------------


def _tell(
    person: User, request: BuildingRequest, what: str, at: datetime, words: Words, *, url: str, side: str
) -> None:
    with translation.override(person.preferred_language):
        title, body = words()
        notify(
            person,
            kind=f"requests.{what.split(':')[0]}",
            key=f"{side}:{request.pk}:{what}",
            title=title,
            body="\n".join([body, _("Tòa nhà: %(building)s") % {"building": request.building}]),
            url=url,
            at=at,
        )


def _tell_reporter(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    _tell(request.reporter, request, what, at, words, url=request.get_absolute_url(), side="request")


def _tell_supporters(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    for each in request.supports.select_related("user").order_by("pk"):
        _tell(each.user, request, what, at, words, url=request.get_absolute_url(), side="request")


def _tell_waiting(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    """Its reporter, and the neighbours who have the same trouble."""
    _tell_reporter(request, what, at, words)
    _tell_supporters(request, what, at, words)


def _tell_staff(request: BuildingRequest, people: Iterable[User | None], what: str, at: datetime, words: Words) -> None:
    for person in {person.pk: person for person in people if person}.values():
        _tell(person, request, what, at, words, url=request.get_desk_url(), side="request-desk")


def _everybody(request: BuildingRequest) -> list[User]:
    return [held.user for held in people_of(request.building, *OPERATOR_POSITIONS)]
