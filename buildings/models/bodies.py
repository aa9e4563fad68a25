"""Who answers for a building: its board, its operator, whom to call.

Two bodies (domain.md §5): the board (Ban quản trị) represents the owners, for three years from the ward's
recognition; the operator (đơn vị quản lý vận hành) runs the house day by day, one at a time. Public.
"""

from calendar import monthrange
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from portal.core import page_cache

from .places import Apartment, Building

BOARD_YEARS = 3  # from the ward's recognition
BOARD_FROM_FLATS = 20  # of several owners: a board is mandatory from here on


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class OfBuilding(models.Model):
    """What a building's public page shows: saving it makes the page anew."""

    building: models.ForeignKey

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        page_cache.purge(page_cache.ward(self.building.ward_id))

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        page_cache.purge(page_cache.ward(self.building.ward_id))
        return super().delete(*args, **kwargs)


class Contact(OfBuilding):
    """Whom to reach in a building, in the order people need it."""

    class Kind(models.TextChoices):
        SECURITY = "security", _("Bảo vệ, trực sảnh")
        TECHNICAL = "technical", _("Kỹ thuật")
        MANAGERS = "managers", _("Ban quản lý")
        BOARD = "board", _("Ban quản trị")
        FIRE = "fire", _("Đội phòng cháy, chữa cháy cơ sở")
        POLICE = "police", _("Cảnh sát khu vực")
        OTHER = "other", _("Đầu mối khác")

    building = models.ForeignKey(Building, models.PROTECT, related_name="contacts")
    kind = models.CharField(_("đầu mối"), max_length=10, choices=Kind)
    name = models.CharField(
        _("tên hiển thị"), max_length=100, help_text=_("Ví dụ: Trực kỹ thuật, Đại úy Nguyễn Văn A, khu vực 5")
    )
    phone = PhoneNumberField(_("điện thoại"))
    hours = models.CharField(_("khi nào"), max_length=80, blank=True, help_text=_("Ví dụ: 24/7; 08:00–17:30"))
    position = models.PositiveSmallIntegerField(
        _("thứ tự"), default=10, help_text=_("Số nhỏ đứng trước trên trang tòa nhà")
    )

    class Meta:
        ordering: ClassVar = ["building", "position", "pk"]
        verbose_name = _("đầu mối liên hệ")
        verbose_name_plural = _("đầu mối liên hệ")

    def __str__(self) -> str:
        return self.name


class BoardTermQuerySet(models.QuerySet):
    def standing(self):
        """Recognised and not replaced. Its three years may be over: the last board is still the one to ask."""
        return self.filter(ended_on=None).exclude(decided_on=None)

    def elected(self):
        """Elected by the owners' meeting; the ward has not recognised them yet."""
        return self.filter(ended_on=None, decided_on=None)


class BoardTerm(OfBuilding):
    """A board (Ban quản trị): elected by the owners' meeting, then recognised by the ward for three years.

    Written by `registry.boards` alone. Replaced, never deleted once recognised.
    """

    class Warned(models.IntegerChoices):
        NOT_YET = 0
        SIX_MONTHS = 1
        ONE_MONTH = 2
        ENDED = 3

    building = models.ForeignKey(Building, models.PROTECT, related_name="board_terms")
    elected_on = models.DateField(_("ngày Hội nghị bầu"))
    decision = models.CharField(_("số quyết định công nhận"), max_length=60, blank=True)
    decision_token = models.CharField(
        max_length=32, blank=True, help_text="of the page that checks the decision, where it was issued on the portal"
    )
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    until = models.DateField(_("hết nhiệm kỳ"), null=True, help_text="its last day; three years from the decision")
    ended_on = models.DateField(null=True, help_text="when another board took its place")
    warned = models.PositiveSmallIntegerField(choices=Warned, default=Warned.NOT_YET)

    objects = BoardTermQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["building", "-elected_on", "-pk"]
        verbose_name = _("nhiệm kỳ Ban quản trị")
        verbose_name_plural = _("nhiệm kỳ Ban quản trị")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_on=None, decision="", until=None)
                | Q(decided_on__isnull=False, until__isnull=False) & ~Q(decision=""),
                name="board_recognised_with_number_and_term",
            ),
            models.UniqueConstraint(
                fields=["building"],
                condition=Q(ended_on=None, decided_on__isnull=False),
                name="board_stands_once_a_building",
            ),
            models.UniqueConstraint(
                fields=["building"], condition=Q(ended_on=None, decided_on=None), name="board_elected_once_a_building"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building}: {self.decision or self.elected_on}"

    def is_over(self, on: date) -> bool:
        """Its three years have passed: the ward's committee does the board's work until a new one is recognised."""
        return self.until is not None and self.until < on


class BoardMember(models.Model):
    """A member of a board, by name: the ward's decision is public. No account goes with it."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Trưởng ban")
        DEPUTY = "deputy", _("Phó Trưởng ban")
        MEMBER = "member", _("Thành viên")

    term = models.ForeignKey(BoardTerm, models.CASCADE, related_name="members")
    name = models.CharField(_("họ và tên"), max_length=120)
    role = models.CharField(_("chức danh"), max_length=6, choices=Role, default=Role.MEMBER)
    apartment = models.ForeignKey(
        Apartment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("căn hộ")
    )

    class Meta:
        ordering: ClassVar = ["term", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term"], condition=Q(role="chair"), name="board_has_one_chair")
        ]

    def __str__(self) -> str:
        return self.name


class OperatorTermQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_on=None)


class OperatorTerm(OfBuilding):
    """A company runs a building, under a contract. One at a time; ended by a hand-over, never deleted.

    Written by `registry.operators` alone.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="operator_terms")
    company = models.CharField(_("đơn vị quản lý vận hành"), max_length=150)
    phone = PhoneNumberField(_("điện thoại ban quản lý"), blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    began_on = models.DateField(_("hợp đồng từ ngày"))
    until = models.DateField(_("đến hết ngày"), null=True, blank=True, help_text=_("Để trống nếu không định ngày"))
    ended_on = models.DateField(null=True, help_text="its last day, when another took over")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OperatorTermQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["building", "-began_on", "-pk"]
        verbose_name = _("đơn vị quản lý vận hành")
        verbose_name_plural = _("đơn vị quản lý vận hành")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building"], condition=Q(ended_on=None), name="operator_one_a_building"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("began_on")), name="operator_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.company
