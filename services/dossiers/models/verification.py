"""Asking somebody else: what the ward cannot know by itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier
from .steps import Step


class Verification(models.Model):
    """Another agency was asked to verify something: from then on the longer limit of the procedure holds.

    Once a dossier. Seen with its dossier and kept with it; the control slip names the agency.
    """

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="verification")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+", help_text="in which it was asked")
    agency = models.CharField(_("cơ quan phối hợp"), max_length=160)
    reason = models.TextField(_("nội dung phải xác minh"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    promised_before = models.DateTimeField(help_text="when the result was owed until then")

    class Meta:
        verbose_name = _("lần hỏi xác minh")

    def __str__(self) -> str:
        return f"{self.dossier.code}: {self.agency}"
