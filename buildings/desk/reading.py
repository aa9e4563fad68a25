"""A request as its managers read it: fetched with its people, and what happened in words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.audit import history_of
from portal.core.models import AuditEvent, User

from ..models import Building, Residency
from ..requests.lateness import process
from ..requests.models import BuildingRequest
from ..requests.transitions import MOVES

PEOPLE = (
    "building__ward",
    "apartment",
    "place",
    "reporter",
    "answerable",
    "executor",
    "contractor",
    "joined_to",
    "lateness",
    "done_by",
)
QUIET = ("comment", "note", "support", "rate", "contractor_said", "contractor_finished")  # a screen stays true
HAPPENED: dict[str, str | Promise] = {
    "send": gettext_lazy("Cư dân gửi yêu cầu"),
    "sent": gettext_lazy("Cư dân gửi yêu cầu"),
    "bring_back": gettext_lazy("Đến ngày hẹn, trở lại việc phải làm"),
    "come_back": gettext_lazy("Phường đã trả lời"),
    "mark_late": gettext_lazy("Quá hạn"),
    "release": gettext_lazy("Đi tiếp sau khi xin lỗi"),
    "revoke_contractor": gettext_lazy("Thu hồi liên kết của nhà thầu"),
    "contractor_said": gettext_lazy("Nhà thầu trao đổi"),
    "contractor_finished": gettext_lazy("Nhà thầu báo đã làm xong"),
}


@dataclass(frozen=True)
class Happening:
    what: str | Promise
    who: str
    when: datetime
    reason: str = ""


def request_at_desk(user: User, building: Building, id) -> BuildingRequest:
    """A request of the building, with its people. 404 for every other."""
    found = BuildingRequest.objects.managed_by(user).filter(building=building).select_related(*PEOPLE)
    request = found.filter(pk=id).first()
    if request is None:
        raise Http404
    return request


def shown_phone_of_reporter(request: BuildingRequest):
    """The phone number of whoever reported, as they allow this building's managers to see it; None otherwise, and once
    they live there no more."""
    homes = Residency.objects.filter(user=request.reporter_id, apartment__building=request.building_id)
    shown = homes.confirmed().filter(phone_shown=True).select_related("user").first()
    return shown.shown_phone if shown else None


def turn_of(request: BuildingRequest) -> str:
    """What a screen saw of a request, to be sent back with what is done there. Talking does not change it."""
    last = history_of(request).exclude(action__in=QUIET).last()
    return f"{request.state}/{last.seq if last else 0}"


def what_happened(event: AuditEvent | None) -> str | Promise:
    if event is None:
        return ""
    move = MOVES.get(event.action) or process.moves.get(event.action)
    return HAPPENED.get(event.action) or (move.label if move and move.label else event.action)


def happenings(request: BuildingRequest) -> list[Happening]:
    """What happened to it, the latest first; what was said stands elsewhere."""
    events = history_of(request).exclude(action__in=QUIET).order_by("-seq")
    return [
        Happening(what_happened(event), event.actor_name or _("Hệ thống"), event.at, str(event.data.get("reason", "")))
        for event in events
    ]
