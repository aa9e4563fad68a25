"""Sums and words without a person: nothing here says who read or who answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.models import AnnouncementPage


class DayCount(models.Model):
    """How often one announcement was read and found useful on one day (in Vietnam)."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(AnnouncementPage, models.CASCADE, related_name="+")
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0, help_text="shown in a browser for a few seconds; see reading.js")
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("lượt đọc trong ngày")
        verbose_name_plural = _("lượt đọc theo ngày")
        constraints: ClassVar = [models.UniqueConstraint(fields=["page", "day"], name="one_count_a_page_and_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.reads}"


class Comment(models.Model):
    """What a reader wrote beside their answer. For the ward's editors alone, for twelve months."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(AnnouncementPage, models.CASCADE, related_name="+")
    day = models.DateField(db_index=True, help_text="no time of day: it would help to tell who it was")
    useful = models.BooleanField()
    text = models.TextField(max_length=500)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        verbose_name = _("góp ý của người đọc")
        verbose_name_plural = _("góp ý của người đọc")
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="readers_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.text[:60]}"
