"""What a resident is told about their visit, each event once. No personal data: these texts travel."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from buildings.models import Ward
from portal.core.notifications import notify

from . import calendar_file
from .models import Appointment, AppointmentState


def booked(appointment: Appointment, *, moved: bool, at: datetime) -> None:
    def words() -> tuple[str, str]:
        title = _("Đã đổi giờ hẹn của hồ sơ %(code)s") if moved else _("Đã đặt lịch hẹn cho hồ sơ %(code)s")
        return title, _("Mời bạn đến lúc %(when)s. Mở hồ sơ để xem cần mang theo gì, đổi giờ hoặc hủy hẹn.")

    _tell(appointment, "booked", words, at, with_file=True)


def cancelled(appointment: Appointment, *, at: datetime) -> None:
    _tell(
        appointment,
        "cancelled",
        lambda: (
            _("Đã hủy lịch hẹn của hồ sơ %(code)s"),
            _("Buổi hẹn %(when)s đã hủy. Hồ sơ vẫn cần bạn đến: hãy chọn giờ khác khi sẵn sàng."),
        ),
        at,
        with_file=True,
    )


def place_changed(appointment: Appointment, *, at: datetime) -> None:
    """Wards were merged or split: the time stays, the place does not."""
    _tell(
        appointment,
        "place_changed",
        lambda: (
            _("Đổi nơi hẹn của hồ sơ %(code)s"),
            _("Phường được sắp xếp lại. Mời bạn đến đúng giờ đã hẹn, %(when)s, tại nơi mới dưới đây."),
        ),
        at,
        with_file=True,
    )


def no_room_elsewhere(appointment: Appointment, ward: Ward, *, at: datetime) -> None:
    """The ward that takes over cannot see them at that time."""
    _tell(
        appointment,
        "no_room",
        lambda: (
            _("Hãy chọn lại giờ hẹn của hồ sơ %(code)s"),
            _("Phường được sắp xếp lại, nơi mới không nhận được lịch hẹn %(when)s. Xin lỗi bạn. Hãy chọn giờ khác."),
        ),
        at,
        with_file=True,
        place=ward,
    )


def reminder(appointment: Appointment, which: str, *, at: datetime) -> None:
    _tell(
        appointment,
        which,
        lambda: (
            _("Nhắc lịch hẹn của hồ sơ %(code)s: %(when)s"),
            _("Mang theo bản chính các giấy tờ ghi trong hồ sơ. Nếu không đến được, gọi %(phone)s."),
        ),
        at,
    )


def stranded(appointment: Appointment, *, at: datetime) -> None:
    _tell(
        appointment,
        "stranded",
        lambda: (
            _("Hồ sơ %(code)s: phường nghỉ vào giờ hẹn"),
            _("Lịch làm việc thay đổi nên phường không làm việc lúc %(when)s. Xin lỗi bạn. Hãy chọn giờ khác."),
        ),
        at,
    )


def no_show(appointment: Appointment, *, at: datetime) -> None:
    missed = appointment.dossier.appointments.filter(state=AppointmentState.NO_SHOW).count()

    def words() -> tuple[str, str]:
        title = _("Bạn chưa đến theo lịch hẹn của hồ sơ %(code)s")
        if missed > 1:
            return title, _("Buổi hẹn %(when)s không có bạn. Đây là lần thứ hai: gọi %(phone)s để cán bộ hẹn giờ giúp.")
        return title, _("Buổi hẹn %(when)s không có bạn. Hồ sơ chưa đi tiếp được: hãy chọn giờ khác.")

    _tell(appointment, "no_show", words, at)


def _tell(
    appointment: Appointment,
    what: str,
    words: Callable[[], tuple[str, str]],
    at: datetime,
    *,
    with_file: bool = False,
    place: Ward | None = None,
) -> None:
    """One notice an event, in the owner's language, with the place; by e-mail with its calendar file."""
    dossier, ward = appointment.dossier, place or appointment.ward
    with translation.override(dossier.owner.preferred_language):
        title, body = words()
        facts = {"code": dossier.code, "when": _when(appointment.starts_at), "phone": ward.phone.as_national}
        where = _("Nơi hẹn: Bộ phận Một cửa, %(ward)s, %(address)s") % {"ward": ward.shown, "address": ward.address}
        notify(
            dossier.owner,
            kind=f"appointments.{what}",
            key=f"appointment:{appointment.pk}:{what}",
            title=title % facts,
            body="\n".join([body % facts, where]),
            url=reverse("appointments:day", args=[dossier.pk])
            if what in ("stranded", "no_room")
            else dossier.get_absolute_url(),
            at=at,
            calendar=calendar_file.calendar_file(appointment, at=at) if with_file else b"",
        )


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return _("%(time)s ngày %(date)s") % {"time": f"{local:%H:%M}", "date": f"{local:%d/%m/%Y}"}
