"""Who lives in which flat, as its manager, its owner or a letter in its box confirmed."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage

from .places import Apartment, Building


class ResidencyState(models.TextChoices):
    ASKED = "asked", _("Chờ xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    REFUSED = "refused", _("Bị từ chối")
    WITHDRAWN = "withdrawn", _("Đã rút")
    ENDED = "ended", _("Đã kết thúc")


S = ResidencyState
OPEN_STATES = (S.ASKED, S.CONFIRMED)


class ResidencyQuerySet(models.QuerySet):
    def confirmed(self):
        """Who lives there today, as far as the portal knows."""
        return self.filter(state=S.CONFIRMED)

    def asked(self):
        return self.filter(state=S.ASKED)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def owners(self):
        return self.filter(role=Residency.Role.OWNER)

    def owned_by(self, user):
        """One's own, whatever has become of them."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def tenants(self):
        return self.filter(role=Residency.Role.TENANT)

    def in_household_of(self, user):
        """Everybody in the flats this person is a confirmed owner of today."""
        if not user.is_authenticated:
            return self.none()
        flats = user.residencies.confirmed().filter(role=Residency.Role.OWNER).values("apartment_id")
        return self.filter(apartment__in=flats)

    def managed_by(self, user, *positions):
        """Everybody in the buildings whose work the user does today, in any of its positions or in one of these."""
        return self.filter(apartment__building__in=Building.objects.managed_by(user, *positions))

    def with_rivals(self):
        """Each with `has_rival`: somebody else says they own the flat, or does, while one of the two is unsettled."""
        others = self.model._base_manager.filter(
            apartment=OuterRef("apartment"), role=Residency.Role.OWNER, state__in=OPEN_STATES
        ).exclude(pk=OuterRef("pk"))
        unsettled = Q(state=S.ASKED) & Exists(others) | Q(state=S.CONFIRMED) & Exists(others.filter(state=S.ASKED))
        return self.annotate(
            has_rival=models.Case(
                models.When(Q(role=Residency.Role.OWNER) & unsettled, then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )


class Residency(models.Model):
    """A person lives in a flat or owns it, as was confirmed. Not a residence certificate: only the police issue one.

    Seen by the person, the flat's owners and the building's managers. Ended, never deleted; state written by
    `workflow.apply` alone. Dates are Vietnamese and count.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("chủ sở hữu")
        TENANT = "tenant", _("người thuê")
        MEMBER = "member", _("thành viên hộ")

    class Evidence(models.TextChoices):
        LETTER = "letter", _("mã trong thư gửi đến hòm thư")
        PROOF = "proof", _("giấy tờ kèm theo")
        INVITED = "invited", _("được chủ căn hộ mời")

    class ConfirmedAs(models.TextChoices):
        LETTER = "letter", _("tự động, bằng mã trong thư")
        OWNER = "owner", _("chủ căn hộ")
        MANAGER = "manager", _("ban quản lý")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="residencies")
    apartment = models.ForeignKey(Apartment, models.PROTECT, related_name="residencies")
    role = models.CharField(_("tư cách"), max_length=10, choices=Role)
    state = models.CharField(max_length=10, choices=ResidencyState, default=S.ASKED)
    since = models.DateField(_("ở từ ngày"), null=True, blank=True)
    until = models.DateField(_("đến hết ngày"), null=True, blank=True, help_text="a lease's last day; tenants have one")
    claimed_at = models.DateTimeField()
    evidence = models.CharField(max_length=8, choices=Evidence, blank=True)
    proof = models.FileField(storage=private_storage, upload_to="residence/%Y/%m", blank=True)
    proof_name = models.CharField(max_length=120, blank=True)
    proof_mime = models.CharField(max_length=40, blank=True)

    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_as = models.CharField(max_length=8, choices=ConfirmedAs, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="also of what was refused or withdrawn")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, help_text="why it was refused or ended")

    tenant = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="family",
        help_text="of a member: the tenant whose family they are, with whose place theirs ends",
    )
    phone_shown = models.BooleanField(default=False, help_text="the person lets the building's managers see it")
    is_head = models.BooleanField(default=False, help_text="whom the managers turn to about the flat")

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cư trú tại căn hộ")
        verbose_name_plural = _("cư trú tại căn hộ")
        indexes: ClassVar = [
            models.Index(fields=["apartment", "state"], name="residency_of_flat"),
            models.Index(
                fields=["until"], condition=Q(state="confirmed", until__isnull=False), name="residency_running_out"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="asked", confirmed_at=None, ended_at=None)
                | Q(state="confirmed", confirmed_at__isnull=False, ended_at=None)
                | Q(state__in=["refused", "withdrawn"], confirmed_at=None, ended_at__isnull=False)
                | Q(state="ended", confirmed_at__isnull=False, ended_at__isnull=False),
                name="residency_state_and_times_agree",
            ),
            # A person confirmed it, or a letter did.
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_as="")
                | Q(confirmed_at__isnull=False) & (Q(confirmed_by__isnull=False) | Q(confirmed_as="letter")),
                name="residency_confirmed_by_somebody_or_a_letter",
            ),
            models.CheckConstraint(condition=~Q(state="refused", reason=""), name="residency_refused_with_a_reason"),
            models.CheckConstraint(
                condition=~Q(role="tenant") | Q(until__isnull=False), name="residency_tenant_has_an_end"
            ),
            models.CheckConstraint(condition=Q(tenant=None) | Q(role="member"), name="residency_family_are_members"),
            models.CheckConstraint(condition=~Q(role="owner") | Q(until=None), name="residency_owner_has_no_end"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                name="residency_ends_no_earlier_than_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user", "apartment"], condition=Q(ended_at=None), name="residency_open_once_a_flat"
            ),
            models.UniqueConstraint(
                fields=["apartment"], condition=Q(is_head=True, state="confirmed"), name="residency_one_head_a_flat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.apartment}"

    @property
    def building(self) -> Building:
        return self.apartment.building

    @property
    def ward_id(self) -> int:
        """Of the ward its building is in now: where its events are recorded."""
        return self.apartment.building.ward_id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_confirmed(self) -> bool:
        return self.state == S.CONFIRMED

    @property
    def shown_phone(self):
        """The phone number as the person allows the managers to see it; None otherwise."""
        return self.user.phone if self.phone_shown and self.state in OPEN_STATES else None

    def days_left(self, today: date) -> int | None:
        """Until the lease's last day; 0 on it, negative after it."""
        return (self.until - today).days if self.until else None


def home_of(user) -> Apartment | None:
    """The flat in which the person lives, as was confirmed, with its building and ward; the last confirmed of several.

    An owner does not live where a confirmed tenant does.
    """
    if not user.is_authenticated:
        return None
    let = Residency._base_manager.filter(apartment=OuterRef("apartment"), role=Residency.Role.TENANT, state=S.CONFIRMED)
    lived = (
        user.residencies.confirmed()
        .exclude(Q(role=Residency.Role.OWNER) & Exists(let))
        .select_related("apartment__building__ward")
        .order_by("-confirmed_at", "-pk")
        .first()
    )
    return lived.apartment if lived else None
