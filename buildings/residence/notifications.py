"""What residents, owners and managers are told, each event once. No names, no flat numbers of others: texts travel."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import gathered, notify

from ..models import Apartment, Residency, people_of
from ..roles import OPERATOR_POSITIONS

__all__ = ["asked", "confirmed", "ended", "extended", "gathered", "invited", "refused", "runs_out"]

Words = Callable[[], tuple[str, str]]
Role = Residency.Role


def asked(residency: Residency, *, at: datetime) -> None:
    """The operator, who may decide; the flat's owners, who may, or who learn that somebody else says they own it."""
    place = _place(residency)
    url = reverse("residence:manage_resident", args=[*_address(residency), residency.pk])
    with gathered():
        for member in people_of(residency.building, *OPERATOR_POSITIONS):
            _tell(
                [member.user],
                "asked",
                residency,
                lambda: (_("Có cư dân chờ xác nhận"), _("%(place)s: một người vừa đề nghị xác nhận cư trú.") % place),
                url,
                at,
            )
        _tell(
            _owners(residency),
            "asked_of_owner",
            residency,
            lambda: _asked_of_owner(residency, place),
            _household(residency.apartment),
            at,
        )


def _asked_of_owner(residency: Residency, place: dict[str, object]) -> tuple[str, str]:
    if residency.role == Role.OWNER:
        return (
            _("Có người khác nhận là chủ căn hộ của bạn"),
            _("%(place)s: ban quản lý sẽ xem giấy tờ. Nếu bạn biết việc này, hãy liên hệ ban quản lý.") % place,
        )
    return (
        _("Có người đề nghị vào căn hộ của bạn"),
        _("%(place)s: bạn hoặc ban quản lý xác nhận hay từ chối.") % place,
    )


def confirmed(residency: Residency, *, at: datetime) -> None:
    place = _place(residency)
    _tell(
        [residency.user],
        "confirmed",
        residency,
        lambda: (
            _("Đã xác nhận cư trú của bạn"),
            _("%(place)s. Đây không phải giấy xác nhận thông tin về cư trú: giấy đó chỉ cơ quan Công an cấp.") % place,
        ),
        _own(residency),
        at,
    )
    if residency.confirmed_as == Residency.ConfirmedAs.LETTER:
        url = reverse("residence:manage_resident", args=[*_address(residency), residency.pk])
        _tell(
            [member.user for member in people_of(residency.building, *OPERATOR_POSITIONS)],
            "confirmed_by_letter",
            residency,
            lambda: (
                _("Một cư dân được xác nhận bằng mã trong thư"),
                _("%(place)s: mở ra xem, và kết thúc nếu không đúng.") % place,
            ),
            url,
            at,
        )
    if residency.role != Role.OWNER:
        _remind_of_registering(residency, at=at)


def _remind_of_registering(residency: Residency, *, at: datetime) -> None:
    """The duty of whoever moves in, and the owner's part in it (Law on Residence 2020, art. 27, 28).

    The pages they open lead to the ward's procedure where the ward offers it.
    """
    place = _place(residency)
    _tell(
        [residency.user],
        "register",
        residency,
        lambda: (
            _("Nhớ đăng ký tạm trú"),
            _(
                "Ở từ 30 ngày trở lên ngoài phường, xã nơi bạn thường trú thì phải đăng ký tạm trú với Công an phường. "
                "Xác nhận cư trú trên cổng này không thay cho việc đó. Mở ra để xem cách làm."
            ),
        ),
        _own(residency),
        at,
    )
    _tell(
        _owners(residency),
        "register_owner",
        residency,
        lambda: (
            _("Người mới vào căn hộ của bạn cần đăng ký tạm trú"),
            _(
                "%(place)s: hãy nhắc họ đăng ký tạm trú và xác nhận đồng ý cho đăng ký tại chỗ ở của bạn; khách ở dưới "
                "30 ngày thì thông báo lưu trú với Công an phường."
            )
            % place,
        ),
        _household(residency.apartment),
        at,
    )


def refused(residency: Residency, *, at: datetime) -> None:
    place = _place(residency)
    _tell(
        [residency.user],
        "refused",
        residency,
        lambda: (_("Đề nghị xác nhận cư trú bị từ chối"), _("%(place)s. Mở ra để xem lý do và cách gửi lại.") % place),
        _own(residency),
        at,
    )


def extended(residency: Residency, *, at: datetime) -> None:
    place = {**_place(residency), "until": f"{residency.until:%d/%m/%Y}"}
    _tell(
        [residency.user],
        f"extended.{residency.until}",
        residency,
        lambda: (_("Thời hạn ở đã được gia hạn"), _("%(place)s: đến hết ngày %(until)s.") % place),
        _own(residency),
        at,
    )


def ended(residency: Residency, *, move: str, at: datetime) -> None:
    """The person, unless it was they who left; the owners of the flat, and the operator when an owner left."""
    place = _place(residency)
    if move != "move_out":
        _tell(
            [residency.user],
            "ended",
            residency,
            lambda: (
                _("Cư trú của bạn tại căn hộ đã kết thúc"),
                _("%(place)s. Bạn không còn xem được thông tin riêng của tòa nhà. Mở ra để xem lý do.") % place,
            ),
            _own(residency),
            at,
        )
    _tell(
        [owner for owner in _owners(residency) if owner.pk not in (residency.user_id, residency.ended_by_id)],
        "ended_of_owner",
        residency,
        lambda: (_("Một người đã rời căn hộ của bạn"), _("%(place)s: mở ra để xem những người còn lại.") % place),
        _household(residency.apartment),
        at,
    )
    if residency.role == Role.OWNER:
        url = reverse("residence:manage_residents", args=_address(residency))
        _tell(
            [
                member.user
                for member in people_of(residency.building, *OPERATOR_POSITIONS)
                if member.user_id != residency.ended_by_id
            ],
            "owner_left",
            residency,
            lambda: (
                _("Một chủ căn hộ đã chuyển đi"),
                _("%(place)s: xem những người còn ở căn hộ đó có còn đúng không.") % place,
            ),
            url,
            at,
        )


def runs_out(residency: Residency, *, days: int, at: datetime) -> None:
    """Some days before a lease ends: the tenant, and the owners, who may put it off."""
    place = {**_place(residency), "until": f"{residency.until:%d/%m/%Y}"}
    key = f"runs_out.{residency.until}.{days}"
    with gathered():
        _tell(
            [residency.user],
            key,
            residency,
            lambda: (
                _("Thời hạn ở sắp hết: %(until)s") % place,
                _("%(place)s. Nếu ở tiếp, nhờ chủ căn hộ hoặc ban quản lý gia hạn trước ngày đó.") % place,
            ),
            _own(residency),
            at,
        )
        _tell(
            _owners(residency),
            f"{key}.owner",
            residency,
            lambda: (
                _("Thời hạn ở của một người trong căn hộ sắp hết: %(until)s") % place,
                _("%(place)s. Nếu họ ở tiếp, hãy gia hạn; nếu không, cổng tự kết thúc vào ngày đó.") % place,
            ),
            _household(residency.apartment),
            at,
        )


def invited(user: User, invitation_id: str, apartment: Apartment, *, at: datetime) -> None:
    """Somebody who has an account is invited into a household."""
    with translation.override(user.preferred_language):
        title, body = invitation_words(apartment)
        url = reverse("residence:invitation", args=[invitation_id])
    notify(user, kind="residence.invited", key=f"invitation.{invitation_id}", title=title, body=body, url=url, at=at)


def invitation_words(apartment: Apartment) -> tuple[str, str]:
    return _("Lời mời vào hộ"), _("Chủ một căn hộ ở %(building)s mời bạn vào hộ trên Khu chung cư điện tử.") % {
        "building": apartment.building
    }


# --- Who, where -----------------------------------------------------------------------------------


def _owners(residency: Residency) -> list[User]:
    """The flat's other confirmed owners."""
    owners = residency.apartment.residencies.confirmed().owners().exclude(user=residency.user_id)
    return [one.user for one in owners.select_related("user").order_by("pk")]


def _place(residency: Residency) -> dict[str, object]:
    return {"place": residency.apartment}


def _address(residency: Residency) -> list[str]:
    return [residency.building.ward.slug, residency.building.slug]


def _own(residency: Residency) -> str:
    return reverse("residence:residency", args=[residency.pk])


def _household(apartment: Apartment) -> str:
    return reverse("residence:household", args=[apartment.pk])


def _tell(people: Iterable[User], what: str, residency: Residency, words: Words, url: str, at: datetime) -> None:
    for person in people:
        with translation.override(person.preferred_language):
            title, body = words()
            key = f"residency.{residency.pk}.{what}"
            kind = f"residence.{what.partition('.')[0]}"
            notify(person, kind=kind, key=key, title=str(title), body=str(body), url=url, at=at)
