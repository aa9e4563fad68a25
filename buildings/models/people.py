"""Who works there."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..roles import Position
from .places import Building
from .wards import Ward


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A person fills a position in a ward or a building. Ended, never deleted: past steps name it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    position = models.CharField(_("vị trí"), max_length=20, choices=Position)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="memberships")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="memberships")
    title = models.CharField(_("chức vụ"), max_length=80, blank=True, help_text="Chủ tịch, Phó Chủ tịch, …")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("vị trí công tác")
        verbose_name_plural = _("vị trí công tác")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "position", "ward"],
                condition=Q(ended_at=None, building=None),
                name="membership_once_in_a_ward",
            ),
            models.UniqueConstraint(
                fields=["user", "position", "building"],
                condition=Q(ended_at=None),
                name="membership_once_in_a_building",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="membership_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_position_display()}"


def positions_in(user, ward_id: int) -> frozenset[str]:
    """The positions a user holds in a ward today. Read once a request: kept on the user object."""
    if not user or not user.is_authenticated or not user.is_active:
        return frozenset()
    return memberships_of(user).get(ward_id, frozenset())


def memberships_of(user) -> dict[int | None, frozenset[str]]:
    """ward id → positions held there today; None → positions over all wards."""
    if not hasattr(user, "_positions_by_ward"):
        found: dict[int | None, set[str]] = {}
        for ward_id, position in Membership.objects.current().filter(user=user).values_list("ward_id", "position"):
            found.setdefault(ward_id, set()).add(position)
        user._positions_by_ward = {ward: frozenset(positions) for ward, positions in found.items()}
    return user._positions_by_ward


def positions_at(user, building_id: int) -> frozenset[str]:
    """The positions a user holds in a building today. Read once a request: kept on the user object."""
    if not user or not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_positions_by_building"):
        found: dict[int, set[str]] = {}
        held = Membership.objects.current().filter(user=user).exclude(building=None)
        for held_at, position in held.values_list("building_id", "position"):
            found.setdefault(held_at, set()).add(position)
        user._positions_by_building = {building: frozenset(positions) for building, positions in found.items()}
    return user._positions_by_building.get(building_id, frozenset())


def people_of(building: Building, *positions: str) -> models.QuerySet:
    """Current, active holders of these positions in a building, in a steady order."""
    held = Membership.objects.current().filter(building=building, position__in=positions, user__is_active=True)
    return held.order_by("pk").select_related("user")


def holders_of(position: str, ward: Ward) -> models.QuerySet:
    """Current, active holders of a position in a ward, in a steady order."""
    return Membership.objects.current().filter(position=position, ward=ward, user__is_active=True).order_by("pk")


class AbsenceQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not called off."""
        return self.filter(cancelled_at=None)

    def between(self, first: date, last: date):
        """Those that share a day with this period; both dates count."""
        return self.filter(from_date__lte=last, to_date__gte=first)


class Absence(models.Model):
    """A person is away from a ward's desk for some days, and who does their work meanwhile.

    Both dates are Vietnamese and count. Written by `absences` alone; called off, never deleted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="absences")
    from_date = models.DateField(_("từ ngày"))
    to_date = models.DateField(_("đến hết ngày"))
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutions")
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["from_date", "pk"]
        verbose_name = _("vắng mặt")
        verbose_name_plural = _("vắng mặt")
        indexes: ClassVar = [
            models.Index(fields=["ward", "to_date"], condition=Q(cancelled_at=None), name="absence_of_ward_to_come")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="absence_ends_no_earlier_than_it_begins"
            ),
            models.CheckConstraint(condition=~Q(substitute=F("user")), name="absence_substitute_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.from_date:%d/%m/%Y} – {self.to_date:%d/%m/%Y}"
