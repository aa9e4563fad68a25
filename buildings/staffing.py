"""Who begins and ends to work in a position, and which buildings a ward has. Done by the portal's operator.

A person is found by the e-mail address they have proved theirs, or gets an account without a password: the
notice of their appointment leads to where one is set.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core import audit
from portal.core.accounts import proven
from portal.core.models import User
from portal.core.notifications import notify

from .models import Building, Membership, Ward
from .roles import ROLES


def appoint(
    *,
    email: str,
    full_name: str,
    position: str,
    by: User | None,
    at: datetime,
    ward: Ward | None = None,
    building: Building | None = None,
    title: str = "",
) -> Membership:
    """Begin somebody's work in a position. Who holds it already goes on: twice is once.

    Raises ValidationError when the position belongs to another kind of place, or the ward is closed.
    """
    ward = building.ward if building else ward
    place = {"ward": ward and not building, "building": building, "all": not ward}
    if not place[ROLES[position].scope]:
        raise ValidationError({"position": _("Vị trí này không thuộc nơi đã chọn.")})
    if ward and ward.closed_at:
        raise ValidationError({"position": _("Phường đã đóng, không nhận người mới.")})
    with transaction.atomic():
        user = _account(email, full_name)
        same = {"user": user, "position": position, "ward": ward, "building": building}
        if held := Membership.objects.current().filter(**same).first():
            return held
        membership = Membership.objects.create(**same, title=title, began_at=at)
        audit.record(
            membership, "appoint", by=by, at=at, ward_id=ward.pk if ward else None, position=position, user=user.pk
        )
        _tell(membership, at=at)
    return membership


def dismiss(membership: Membership, *, by: User | None, at: datetime) -> Membership:
    """End somebody's work in a position, from this moment. What they held stays theirs by name until a leader, or
    the building's head, gives it to somebody else. Twice is once."""
    with transaction.atomic():
        locked = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if locked.ended_at is None:
            locked.ended_at = at
            locked.save(update_fields=["ended_at"])
            audit.record(locked, "dismiss", by=by, at=at, ward_id=locked.ward_id, position=locked.position)
    return locked


def open_building(ward: Ward, *, by: User | None, at: datetime, **facts: Any) -> Building:
    """A ward's new building, as yet without flats: its managers bring their book. Raises ValidationError."""
    building = Building(ward=ward, **facts)
    building.full_clean()
    with transaction.atomic():
        building.save(force_insert=True)
        audit.record(building, "open", by=by, at=at, ward_id=ward.pk)
    return building


def _account(email: str, full_name: str) -> User:
    """The person's account; a new one can sign in once its owner has set a password by a code sent there."""
    email = email.strip().lower()
    if found := proven.by_email(email).first():
        return found
    proven.release_email(email)  # whoever signed up with it and never answered its code
    user = User(email=email, full_name=full_name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


def _tell(membership: Membership, *, at: datetime) -> None:
    reader = membership.user
    place = membership.building or membership.ward
    with translation.override(reader.preferred_language):
        words = {"position": membership.get_position_display(), "place": place or _("các phường")}
        first = not reader.has_usable_password()
        body = _("Từ hôm nay bạn làm việc ở vị trí %(position)s, %(place)s.") % words
        if first:
            body += " " + _("Đặt mật khẩu bằng địa chỉ thư này để đăng nhập lần đầu.")
        notify(
            reader,
            kind="appointed",
            key=f"appointed:{membership.pk}",
            title=_("Bạn được giao vị trí %(position)s") % words,
            body=body,
            url=reverse("account_reset_password" if first else "after_login"),
            at=at,
        )
