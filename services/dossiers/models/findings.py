"""What the ward found out about a dossier: what its result says besides the resident's answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from .dossier import Dossier


class FindingSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The desk the dossier was sent to. The resident reads what was found in the result itself."""
        return self.filter(dossier__in=Dossier.objects.at_desk_of(user))

    def update(self, **kwargs: object) -> int:
        raise TypeError("What was found is not rewritten: a new sheet says what is found now.")


class FindingSheet(models.Model):
    """All findings as they stood after an officer wrote them down. The last one counts; none is changed.

    `values` as `catalogue.answers` keeps answers, by the keys of `Definition.findings`. Kept with its dossier.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="finding_sheets")
    number = models.PositiveSmallIntegerField(help_text="1, 2, … in its dossier")
    values = models.JSONField(default=dict)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    objects = FindingSheetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["dossier", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "number"], name="finding_sheet_number_once_a_dossier")
        ]

    def __str__(self) -> str:
        return f"{self.dossier.code} {self.number}: {self.found_by}"
