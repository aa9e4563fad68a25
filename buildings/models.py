"""Who lives and works where: wards, buildings, apartments, residents, positions."""

from copy import copy
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from portal.core import page_cache
from portal.core.addresses import here
from portal.core.models import User

from .roles import Position


class WardQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_open=True)

    def worked_in_by(self, user, *positions):
        """Wards where the user holds one of these positions today."""
        held = Membership.objects.current().filter(user=user, position__in=positions)
        return self.filter(pk__in=held.values("ward_id"))


class Ward(models.Model):
    """A ward (phường): the tenant. Its row is public; its content belongs to its own people."""

    slug = models.SlugField(_("tên trong địa chỉ"), unique=True)
    name = models.CharField(_("tên phường"), max_length=60, unique=True, help_text="Việt Hưng")
    code = models.CharField(_("mã đơn vị hành chính"), max_length=5, unique=True, help_text="GSO code, 00127")
    agency_code = models.CharField(
        _("mã cơ quan trong mã hồ sơ"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^H\d\d\.\d{3}\.\d{3}$")],
        help_text="H26.004.127: province, district, unit (domain.md §1.5)",
    )
    parent_agency = models.CharField(_("cơ quan chủ quản"), max_length=120, default="ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI")
    address = models.CharField(_("địa chỉ trụ sở"), max_length=200)
    phone = PhoneNumberField(_("đường dây nóng"))
    email = models.EmailField(_("thư điện tử"))
    office_hours = models.CharField(_("giờ làm việc"), max_length=60, default="08:00-12:00,13:00-17:00")
    is_open = models.BooleanField(_("đang hoạt động"), default=True, help_text="takes new dossiers")
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, editable=False)

    objects = WardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("phường")
        verbose_name_plural = _("phường")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closed_at=None) | Q(is_open=False), name="ward_closed_is_not_open")
        ]

    def __str__(self) -> str:
        return f"Phường {self.name}"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        page_cache.purge(page_cache.FRONT, page_cache.ward(self.pk))

    def get_absolute_url(self) -> str:
        return here(f"/{self.slug}/")

    @property
    def agency(self) -> str:
        """The issuing agency as documents name it."""
        return f"ỦY BAN NHÂN DÂN PHƯỜNG {self.name.upper()}"

    @property
    def successors(self) -> models.QuerySet["Ward"]:
        """The wards that took over from this one, by name."""
        return (
            Ward.objects.filter(successions__old=self, successions__moved_at__isnull=False)
            .exclude(pk=self.pk)
            .distinct()
        )

    @property
    def predecessors(self) -> models.QuerySet["Ward"]:
        """The closed wards this one took over from, by name."""
        return (
            Ward.objects.filter(
                successions_from__new=self, successions_from__moved_at__isnull=False, closed_at__isnull=False
            )
            .exclude(pk=self.pk)
            .distinct()
        )

    @cached_property
    def leaders(self) -> list[User]:
        """Who leads it now, in a steady order; read once for this object."""
        return [held.user for held in holders_of(Position.LEADER, self).select_related("user")]

    def as_of(self, when: datetime) -> "Ward":
        """The ward under the name it had then: an old paper names it as it was. Not to be saved."""
        former = self.former_names.filter(until__gt=when).order_by("until").first()
        if former is None:
            return self
        then = copy(self)
        then.name = former.name
        return then


class FormerName(models.Model):
    """A ward's name and address before it was renamed: old addresses lead on. Written by `home.tenancy.naming`."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=60)
    slug = models.SlugField()
    until = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["until"]
        indexes: ClassVar = [models.Index(fields=["slug"])]

    def __str__(self) -> str:
        return f"{self.name} → {self.ward}"


class Building(models.Model):
    """An apartment building of a ward. Public; its people see what concerns it."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="buildings")
    slug = models.SlugField(_("tên trong địa chỉ"))
    name = models.CharField(_("tên tòa nhà"), max_length=100)
    address = models.CharField(_("địa chỉ"), max_length=200)
    floors = models.PositiveSmallIntegerField(_("số tầng"))
    operator = models.CharField(_("đơn vị quản lý vận hành"), max_length=150, blank=True)
    operator_phone = PhoneNumberField(_("điện thoại ban quản lý"), blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("tòa nhà")
        verbose_name_plural = _("tòa nhà")
        constraints: ClassVar = [models.UniqueConstraint(fields=["ward", "slug"], name="building_slug_once_a_ward")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        page_cache.purge(page_cache.ward(self.ward_id))

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        page_cache.purge(page_cache.ward(self.ward_id))
        return super().delete(*args, **kwargs)


class Apartment(models.Model):
    """A flat. Its number is public to its building; who lives there is not."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="apartments")
    floor = models.PositiveSmallIntegerField(_("tầng"))
    number = models.CharField(_("số căn hộ"), max_length=20)

    class Meta:
        ordering: ClassVar = ["building", "floor", "number"]
        verbose_name = _("căn hộ")
        verbose_name_plural = _("căn hộ")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "number"], name="apartment_number_once_a_building")
        ]

    def __str__(self) -> str:
        return f"{_('Căn hộ')} {self.number}, {self.building}"

    @property
    def full_address(self) -> str:
        return f"Căn hộ {self.number}, {self.building.name}, {self.building.address}"


class ResidencyQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class Residency(models.Model):
    """A person lives in a flat, as its manager confirmed. Not a residence certificate.

    Seen by the person, the building's managers and the ward's desk. Ended, never deleted.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("chủ sở hữu")
        TENANT = "tenant", _("người thuê")
        MEMBER = "member", _("thành viên hộ")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="residencies")
    apartment = models.ForeignKey(Apartment, models.PROTECT, related_name="residencies")
    role = models.CharField(_("tư cách"), max_length=10, choices=Role)
    claimed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cư trú tại căn hộ")
        verbose_name_plural = _("cư trú tại căn hộ")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="residency_confirmed_at_and_by_together",
            ),
            models.UniqueConstraint(
                fields=["user", "apartment"], condition=Q(ended_at=None), name="residency_open_once_a_flat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.apartment}"


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
