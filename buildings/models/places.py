"""Where people live: buildings, their blocks and flats, and what these share."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core import page_cache
from portal.core.addresses import here
from portal.core.words import FoldedText

from ..roles import BUILDING_POSITIONS, Position
from .wards import Ward


class BuildingQuerySet(models.QuerySet):
    def managed_by(self, user, *positions):
        """Buildings whose work the user does today, in any of its positions or in one of these."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        held = user.memberships.current().filter(position__in=positions or BUILDING_POSITIONS)
        return self.filter(pk__in=held.exclude(building=None).values("building_id"))

    def overseen_by(self, user):
        """Buildings without a board (Ban quản trị) in the wards the user leads: there the ward does the board's work
        (Thông tư 05/2024/TT-BXD)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        led = user.memberships.current().filter(position=Position.LEADER, building=None)
        chaired = self.model._base_manager.filter(
            pk=OuterRef("pk"),
            memberships__position=Position.BOARD_CHAIR,
            memberships__ended_at=None,
            memberships__user__is_active=True,
        )
        return self.filter(~Exists(chaired), ward__in=led.values("ward"))

    def lived_in_by(self, user):
        """Buildings in which the user has a confirmed flat today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=user.residencies.confirmed().values("apartment__building_id"))


class Building(models.Model):
    """An apartment building of a ward. Public; its people see what concerns it."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="buildings")
    slug = models.SlugField(_("tên trong địa chỉ"))
    name = models.CharField(_("tên tòa nhà"), max_length=100)
    address = models.CharField(_("địa chỉ"), max_length=200)
    floors = models.PositiveSmallIntegerField(_("số tầng"))
    several_owners = models.BooleanField(_("nhà có nhiều chủ sở hữu"), default=True)
    service_fee = models.PositiveIntegerField(
        _("giá dịch vụ quản lý vận hành"), null=True, blank=True, help_text=_("Đồng cho mỗi m² một tháng")
    )

    objects = BuildingQuerySet.as_manager()

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

    def get_absolute_url(self) -> str:
        return here(f"/{self.ward.slug}/toa-nha/{self.slug}/")

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        page_cache.purge(page_cache.ward(self.ward_id))
        return super().delete(*args, **kwargs)

    @cached_property
    def operated_by(self):
        """The operator's term of today (`OperatorTerm`), or None. Read once."""
        return self.operator_terms.current().first()


def block_named_in(number: str) -> str:
    """The block a flat's number names: A of A-1203, CT1 of CT1-1203; none of 1203."""
    head, dash, _rest = number.strip().upper().partition("-")
    if dash:
        return head.strip()
    return number.strip().upper().rstrip("0123456789. ")


class Block(models.Model):
    """A block (khối, đơn nguyên) of a building, as its people call it: A, CT1. A building may have none. Public."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="blocks")
    name = models.CharField(_("tên khối"), max_length=10, help_text=_("Như trên biển: A, CT1"))
    floors = models.PositiveSmallIntegerField(
        _("số tầng"), null=True, blank=True, help_text=_("Để trống nếu bằng số tầng của tòa nhà")
    )

    class Meta:
        ordering: ClassVar = ["building", "name"]
        verbose_name = _("khối, đơn nguyên")
        verbose_name_plural = _("khối, đơn nguyên")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "name"], name="block_name_once_a_building")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def top_floor(self) -> int:
        return self.floors or self.building.floors


IN_ORDER = (models.F("block__name").asc(nulls_first=True), "floor", "number")  # as one walks through a building


class Apartment(models.Model):
    """A flat. Its number is public to its building; who lives there is not.

    The owner is what the managers' own book says, so that a claim can be compared with it. It gives
    nobody a right in the portal: that is a `Residency`.
    """

    class Kind(models.TextChoices):
        HOME = "home", _("Căn hộ ở")
        SHOP = "shop", _("Căn thương mại, dịch vụ")
        OFFICETEL = "officetel", _("Căn hộ văn phòng")

    building = models.ForeignKey(Building, models.PROTECT, related_name="apartments")
    block = models.ForeignKey(
        Block, models.PROTECT, null=True, blank=True, related_name="apartments", verbose_name=_("khối")
    )
    floor = models.PositiveSmallIntegerField(_("tầng"))
    number = models.CharField(_("số căn hộ"), max_length=20)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.HOME)
    area = models.DecimalField(
        _("diện tích sử dụng"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("m², để tính giá dịch vụ"),
    )
    owner_name = models.CharField(_("chủ sở hữu"), max_length=200, blank=True)
    owner_phone = models.CharField(_("điện thoại chủ sở hữu"), max_length=40, blank=True)
    folded = FoldedText("number", "owner_name")

    class Meta:
        ordering: ClassVar = ["building", "floor", "number"]
        verbose_name = _("căn hộ")
        verbose_name_plural = _("căn hộ")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "number"], name="apartment_number_once_a_building")
        ]

    def __str__(self) -> str:
        return gettext("Căn hộ %(number)s, %(building)s") % {"number": self.number, "building": self.building}

    @property
    def full_address(self) -> str:
        return f"Căn hộ {self.number}, {self.building.name}, {self.building.address}"

    @property
    def monthly_fee(self) -> int | None:
        """Service fee of a month in đồng, where its area and the building's price are known."""
        price = self.building.service_fee
        return None if price is None or self.area is None else round(price * self.area)


class SharedPlaceQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(closed_at=None)


class SharedPlace(models.Model):
    """A lift, a floor's corridor, a pump room: what the flats of a building share. Public; a poster there names it.

    Closed, never deleted: past requests name it.
    """

    class Kind(models.TextChoices):
        LOBBY = "lobby", _("Sảnh")
        LIFT = "lift", _("Thang máy")
        STAIRS = "stairs", _("Cầu thang bộ, lối thoát nạn")
        CORRIDOR = "corridor", _("Hành lang")
        PARKING = "parking", _("Nơi để xe")
        PUMP_ROOM = "pump_room", _("Phòng bơm, bể nước")
        POWER_ROOM = "power_room", _("Phòng điện, máy phát")
        WASTE = "waste", _("Phòng rác")
        COMMUNITY = "community", _("Nhà sinh hoạt cộng đồng")
        ROOF = "roof", _("Mái")
        GROUNDS = "grounds", _("Sân, vườn, đường nội bộ")
        OTHER = "other", _("Nơi khác")

    building = models.ForeignKey(Building, models.PROTECT, related_name="shared_places")
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    name = models.CharField(_("tên gọi"), max_length=80, help_text=_("Như cư dân gọi: Thang máy số 2"))
    floor = models.SmallIntegerField(_("tầng"), null=True, blank=True, help_text=_("Để trống nếu chung cho cả tòa nhà"))
    code = models.SlugField(_("mã trên biển"), max_length=12, unique=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = SharedPlaceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["building", "kind", "floor", "name"]
        verbose_name = _("nơi dùng chung")
        verbose_name_plural = _("nơi dùng chung")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "name"],
                condition=models.Q(closed_at=None),
                name="shared_place_name_once_a_building",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.code:
            self.code = get_random_string(8, "abcdefghjkmnpqrstuvwxyz23456789")  # read aloud without mistakes
        super().save(*args, **kwargs)

    @property
    def floor_in_words(self) -> str:
        """ "5", "hầm 1"; "" where it belongs to all floors."""
        if self.floor is None:
            return ""
        return str(self.floor) if self.floor >= 0 else gettext("hầm %(n)s") % {"n": -self.floor}
