"""What the people of wards that change are told: where they go on, or that their position has ended."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from buildings.models import Membership
from portal.core.notifications import notify


def position_begun(membership: Membership, *, because: str, at: datetime) -> None:
    with translation.override(membership.user.preferred_language):
        notify(
            membership.user,
            kind="tenancy.position_begun",
            key=f"membership:{membership.pk}:begun",
            title=_("Từ nay bạn làm việc ở %(ward)s") % {"ward": membership.ward.shown},
            body=_("Vị trí: %(position)s, theo %(because)s. Việc đang làm dở được chuyển theo.")
            % {"position": membership.get_position_display(), "because": because},
            url=membership.ward.get_absolute_url(),
            at=at,
        )


def position_ended(membership: Membership, *, because: str, at: datetime) -> None:
    with translation.override(membership.user.preferred_language):
        notify(
            membership.user,
            kind="tenancy.position_ended",
            key=f"membership:{membership.pk}:ended",
            title=_("Bạn thôi vị trí ở %(ward)s") % {"ward": membership.ward.shown},
            body=_("Vị trí: %(position)s, theo %(because)s. Việc đang làm dở đã được giao cho phường mới.")
            % {"position": membership.get_position_display(), "because": because},
            url=membership.ward.get_absolute_url(),
            at=at,
        )
