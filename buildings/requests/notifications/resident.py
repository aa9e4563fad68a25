"""What the resident is told, and the neighbours who have the same trouble."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.notifications import notify

from ..models import BuildingRequest, RequestLateness, Urgency
from ..rules import limits
from .telling import everybody, tell_reporter, tell_staff, tell_supporters, tell_waiting, when


def sent(request: BuildingRequest, *, at: datetime) -> None:
    """Acknowledged at once: who answers, and what is promised. An emergency wakes the whole staff."""
    tell_reporter(
        request,
        "sent",
        at,
        lambda: (
            _("Đã nhận yêu cầu %(code)s") % {"code": request.code},
            _("Người chịu trách nhiệm: %(who)s. %(promise)s") % {"who": request.answerable, "promise": request.promise},
        ),
    )
    urgent = request.urgency == Urgency.EMERGENCY
    tell_staff(
        request,
        everybody(request) if urgent else [request.answerable],
        "sent",
        at,
        lambda: (
            (_("KHẨN CẤP: yêu cầu %(code)s") if urgent else _("Yêu cầu mới %(code)s")) % {"code": request.code},
            _("Phải trả lời cư dân trước %(due)s.") % {"due": when(request.next_due_at)},
        ),
    )


def accepted(request: BuildingRequest, *, at: datetime) -> None:
    tell_waiting(
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
    tell_waiting(
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
        tell_reporter(request, f"waiting:{at.timestamp()}", at, words)
    else:
        tell_waiting(request, f"waiting:{at.timestamp()}", at, words)


def done(request: BuildingRequest, *, at: datetime) -> None:
    tell_reporter(
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
    tell_supporters(
        request,
        f"done:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s đã làm xong") % {"code": request.code},
            _("Việc bạn cũng báo đã làm xong. Nếu chưa ổn, hãy gửi yêu cầu mới."),
        ),
    )


def silence_warned(request: BuildingRequest, *, day: int, at: datetime) -> None:
    tell_reporter(
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

    tell_reporter(request, f"closed:{request.reopened}", at, words)


def refused(request: BuildingRequest, *, at: datetime) -> None:
    tell_waiting(
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
    tell_waiting(
        request,
        "joined",
        at,
        lambda: (
            _("Yêu cầu %(code)s được gộp vào %(other)s") % {"code": request.code, "other": into.code},
            _("Hàng xóm đã báo cùng một việc. Bạn theo dõi tiếp ở yêu cầu %(other)s.") % {"other": into.code},
        ),
    )


def reclassified(request: BuildingRequest, *, reason: str, at: datetime) -> None:
    tell_reporter(
        request,
        f"reclassified:{at.timestamp()}",
        at,
        lambda: (
            _("Yêu cầu %(code)s được xếp lại nhóm việc, mức độ") % {"code": request.code},
            _("Hạn làm xong: %(due)s. Mở yêu cầu để xem lý do.") % {"due": when(request.promised_at)},
        ),
    )


def referred(request: BuildingRequest, *, at: datetime) -> None:
    tell_waiting(
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

    tell_waiting(request, f"came_back:{at.timestamp()}", at, words)
    tell_staff(request, [request.answerable], f"came_back:{at.timestamp()}", at, words)


def lateness_owned_up(request: BuildingRequest, case: RequestLateness, *, at: datetime) -> None:
    """The resident sees at once that it is late, and that an apology is owed."""
    tell_waiting(
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
