"""What the book of a building needs beside the book itself: files brought in, and hand-overs between operators."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..models import Building, OperatorTerm

KEPT = timedelta(days=7)  # what was read from a file nobody confirmed


class FlatImportQuerySet(models.QuerySet):
    def managed_by(self, user):
        return self.filter(building__in=Building.objects.managed_by(user))


class FlatImport(models.Model):
    """A workbook of flats that was read and tried out: every problem by row, nothing written yet.

    `rows` holds names; it is emptied when they are written, and after a week. Written by `importing` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    building = models.ForeignKey(Building, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=120, help_text="of the file")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    make_blocks = models.BooleanField(default=False)
    rows = models.JSONField(default=list, help_text="as read; see importing.Row")
    problems = models.JSONField(default=list, help_text="[row, what is wrong and what to do], in the file's order")
    notes = models.JSONField(default=list, help_text="what is no mistake but should be seen")
    counts = models.JSONField(default=dict, help_text="rows, added, changed, same, blocks")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = FlatImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-brought_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="flat_import_confirmed_at_and_by_together",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        ward = self.building.ward.slug
        return reverse("registry:book_flats_check", args=[ward, self.building.slug, self.pk])


class HandoverQuerySet(models.QuerySet):
    def managed_by(self, user):
        return self.filter(building__in=Building.objects.managed_by(user))


class Handover(models.Model):
    """A building passes from one operator to the next: what was open, which things were handed over. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    building = models.ForeignKey(Building, models.PROTECT, related_name="handovers")
    old = models.ForeignKey(OperatorTerm, models.PROTECT, null=True, related_name="+")
    new = models.OneToOneField(OperatorTerm, models.PROTECT, related_name="handover")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    leaving = models.JSONField(default=list, help_text="names and positions that ended")
    arriving = models.JSONField(default=list, help_text="names and positions that began")
    facts = models.JSONField(default=dict, help_text="what was open then: label → number")
    items = models.JSONField(default=list, help_text="[what, handed over or not, note]")
    note = models.TextField(_("ghi chú"), max_length=2000, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at"]
        verbose_name = _("bàn giao vận hành")
        verbose_name_plural = _("bàn giao vận hành")

    def __str__(self) -> str:
        return f"{self.building}: {self.old or '–'} → {self.new}"
