"""Whom an announcement is for: the whole ward, or some of its buildings, blocks and floors.

The audience says whom it concerns, never who may read it: an announcement is public.
"""

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from buildings.models import Building

if TYPE_CHECKING:
    from .announcements import AnnouncementPage


class Audience(models.TextChoices):
    WARD = "ward", gettext_lazy("Toàn phường")
    BUILDINGS = "buildings", gettext_lazy("Một số tòa nhà, khối, tầng")


class AudiencePart(Orderable):
    """A building, or a block of it, or some of its floors. Part of an announcement and of its revisions."""

    page: "ParentalKey[AnnouncementPage, AnnouncementPage]" = ParentalKey(
        "home.AnnouncementPage", on_delete=models.CASCADE, related_name="audience_parts"
    )
    building = models.ForeignKey(Building, models.PROTECT, related_name="+", verbose_name=gettext_lazy("tòa nhà"))
    block = models.CharField(
        gettext_lazy("khối"),
        max_length=10,
        blank=True,
        help_text=gettext_lazy("Tên khối như trong sổ căn hộ, ví dụ A. Để trống: cả tòa nhà."),
    )
    from_floor = models.PositiveSmallIntegerField(gettext_lazy("từ tầng"), null=True, blank=True)
    to_floor = models.PositiveSmallIntegerField(gettext_lazy("đến tầng"), null=True, blank=True)

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("building"), FieldPanel("block"), FieldPanel("from_floor"), FieldPanel("to_floor")])
    ]

    class Meta(Orderable.Meta):
        verbose_name = gettext_lazy("nơi được thông báo")
        verbose_name_plural = gettext_lazy("những nơi được thông báo")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_floor=None, to_floor=None) | Q(from_floor__lte=F("to_floor")),
                name="audience_floors_in_order",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.building.name, self.block and _("khối %s") % self.block, self.floors)))

    @property
    def floors(self) -> str:
        """“tầng 3”, “tầng 3–5”, or nothing when all floors are meant."""
        if self.from_floor is None:
            return ""
        if self.from_floor == self.to_floor:
            return _("tầng %d") % self.from_floor
        return _("tầng %(first)d–%(last)d") % {"first": self.from_floor, "last": self.to_floor}

    def clean(self) -> None:
        super().clean()
        self.block = self.block.strip()
        if self.block and self.building_id:
            self._find_block()
        # One floor may be given as the first or the last.
        if self.from_floor is None:
            self.from_floor = self.to_floor
        if self.to_floor is None:
            self.to_floor = self.from_floor
        if self.from_floor is None or self.to_floor is None:
            return
        if self.to_floor < self.from_floor:
            raise ValidationError({"to_floor": _("Tầng cuối không được thấp hơn tầng đầu.")})
        if self.building_id and self.to_floor > self.building.floors:
            raise ValidationError(
                {"to_floor": _("Tòa nhà này chỉ có %(floors)d tầng.") % {"floors": self.building.floors}}
            )

    def _find_block(self) -> None:
        """A block is written as the building's book of flats has it."""
        known = {name.upper(): name for name in self.building.blocks.values_list("name", flat=True)}
        if self.block.upper() in known:
            self.block = known[self.block.upper()]
        elif known:
            words = _("Tòa nhà này không có khối “%(block)s”. Các khối: %(known)s.")
            raise ValidationError({"block": words % {"block": self.block, "known": ", ".join(known.values())}})
        else:
            raise ValidationError({"block": _("Tòa nhà này không chia khối. Hãy để trống.")})
