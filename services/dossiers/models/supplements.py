"""What a resident is asked to complete."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class SupplementRequest(models.Model):
    """What is to be completed, all at once (form 02).

    The desk may ask once (art. 11 NĐ 118/2025). What the appraisal finds later is proposed with its
    legal basis, and reaches the resident once the leader has approved it.
    """

    class Stage(models.TextChoices):
        DESK = "desk", _("tiếp nhận")
        APPRAISAL = "appraisal", _("thẩm định")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="supplement_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField(_("lý do"))
    contact = models.CharField(_("người hướng dẫn, số điện thoại"), max_length=160)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DESK)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, help_text="when it went to the resident; none while the leader decides")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(answered_at=None, declined_at=None),
                name="supplement_open_once_a_dossier",
            ),
            models.CheckConstraint(
                condition=Q(stage="desk") | (~Q(legal_basis="") & (Q(sent_at=None) | Q(approved_by__isnull=False))),
                name="supplement_at_appraisal_has_basis_and_leader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.code}: {self.asked_at:%d/%m/%Y}"


class SupplementItem(models.Model):
    """One thing to complete, tied to a question or a paper of the form."""

    request = models.ForeignKey(SupplementRequest, models.CASCADE, related_name="items")
    field = models.CharField(max_length=60, help_text="key of the question or the paper")
    what = models.TextField(_("nội dung cần bổ sung"))
    answered_at = models.DateTimeField(null=True, help_text="when the resident last saved what was asked")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "field"], name="supplement_item_once_a_field")
        ]

    def __str__(self) -> str:
        return self.what
