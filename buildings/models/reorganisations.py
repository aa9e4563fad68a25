"""Wards that hand over to each other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .people import Membership
from .places import Building
from .wards import Ward


class ReorganisationQuerySet(models.QuerySet):
    def in_hand(self):
        """Confirmed and not finished: wards are changing hands."""
        return self.filter(confirmed_at__isnull=False, done_at=None)


class Reorganisation(models.Model):
    """Wards hand over to wards, building by building (domain.md §6): a plan, then the record of what was done.

    Its lines are `WardSuccession` and `MembershipTransfer` rows. Made and confirmed by the operator,
    carried out by `home.tenancy.carrying_out`; once confirmed it is never changed. Kept for good.
    """

    title = models.CharField(_("tên đợt sắp xếp"), max_length=120, help_text=_("Ví dụ: Sắp xếp phường từ 01/7/2025"))
    decision = models.CharField(
        _("văn bản quyết định"), max_length=160, help_text=_("Số, ngày và cơ quan ban hành: 1656/NQ-UBTVQH15")
    )
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stuck = models.CharField(max_length=300, blank=True, help_text="what it waits for, in words for the operator")
    before = models.JSONField(default=dict, help_text="what there was when it began, as the preview counted it")
    report = models.JSONField(default=dict, help_text="what was done, counted when it was finished")

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        verbose_name = _("đợt sắp xếp phường")
        verbose_name_plural = _("đợt sắp xếp phường")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="reorganisation_confirmed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None) | Q(confirmed_at__isnull=False), name="reorganisation_begun_was_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(begun_at__isnull=False), name="reorganisation_done_was_begun"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WardSuccession(models.Model):
    """One line of a reorganisation: what was `old`'s is `new`'s, one building or (without one) all the rest.

    A ward that is its own successor goes on. Planned until `moved_at`, a fact from then on.
    """

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="lines")
    old = models.ForeignKey(Ward, models.PROTECT, related_name="successions_from")
    new = models.ForeignKey(Ward, models.PROTECT, related_name="successions")
    building = models.ForeignKey(Building, models.PROTECT, null=True, related_name="successions")
    on = models.DateField()
    former_slug = models.SlugField(blank=True, help_text="the building's address in its old ward")
    moved_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["old__name", F("building__name").asc(nulls_first=True), "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reorganisation", "old"], condition=Q(building=None), name="succession_one_default_a_ward"
            ),
            models.UniqueConstraint(fields=["reorganisation", "building"], name="succession_once_a_building"),
        ]

    def __str__(self) -> str:
        return f"{self.building or self.old} → {self.new}"


class MembershipTransfer(models.Model):
    """A person goes on in the same position in another ward. Who has no line leaves with their ward."""

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="transfers")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="transfers")
    new = models.ForeignKey(Ward, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reorganisation", "membership"], name="transfer_once_a_membership")
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.new}"
