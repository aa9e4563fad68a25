"""What becomes of a result: how it reached the resident, and how a mistake in it is put right."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.documents.models import IssuedDocument

from .dossier import Dossier


class ResultDelivery(models.Model):
    """How the result was handed over, by whom, to whom, when; and when the resident had it.

    Issued is not received: `confirmed_at` is another person's word than `given_at`. Seen with its dossier.
    """

    class Confirmed(models.TextChoices):
        ON_PAPER = "on_paper", _("ký nhận trên giấy")
        READ = "read", _("đã mở bản điện tử trên cổng")
        SAID = "said", _("công dân xác nhận trên cổng")

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="result_delivery")
    way = models.CharField(_("cách trả"), max_length=10, choices=Dossier.Delivery)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    received_by = models.CharField(_("người nhận"), max_length=120, blank=True)
    paper_shown = models.CharField(_("giấy tờ xuất trình"), max_length=120, blank=True)
    tracking_number = models.CharField(_("mã vận đơn"), max_length=40, blank=True)
    sent_on = models.DateField(_("ngày gửi"), null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_how = models.CharField(max_length=10, choices=Confirmed, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(way__in=["counter", "home"]) | ~Q(received_by=""), name="delivery_by_hand_has_receiver"
            ),
            models.CheckConstraint(
                condition=~Q(way="post") | ~Q(tracking_number=""), name="delivery_by_post_is_traced"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_how="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_how="")),
                name="delivery_confirmed_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.code}: {self.get_way_display()}"


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever works at the desk of the ward. The resident reads the new document and why it was made."""
        return self.filter(dossier__in=Dossier.objects.at_desk_of(user))

    def open(self):
        return self.filter(state__in=Correction.OPEN)


class Correction(models.Model):
    """A mistake in an issued result, put right by a new document in its place (NĐ 30/2020, art. 18).

    Drafted by the specialist, signed by the leader, numbered and issued by the registry clerk, as the
    first one was. What was issued is never edited.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("chờ lãnh đạo ký")
        SIGNED = "signed", _("đã ký, chờ cấp số")
        NUMBERED = "numbered", _("đã cấp số, chờ phát hành")
        ISSUED = "issued", _("đã phát hành")
        DECLINED = "declined", _("không được duyệt")

    OPEN = (State.DRAFTED, State.SIGNED, State.NUMBERED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="corrections")
    document = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="+", help_text="the one with the mistake")
    new_document = models.OneToOneField(IssuedDocument, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTED)
    mended = models.JSONField(default=dict, help_text="placeholder → text, those of earlier corrections included")
    changes = models.JSONField(default=list, help_text="[label, what stood there, what stands there now]")
    reason = models.TextField(_("lý do đính chính"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    numbered_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["drafted_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state__in=["drafted", "signed", "numbered"]),
                name="correction_open_once_a_dossier",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drafted", "declined"]) | Q(new_document__isnull=False, signed_by__isnull=False),
                name="correction_signed_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.code}: {self.reason[:60]}"

    @property
    def ward_id(self) -> int:
        return self.dossier.ward_id
