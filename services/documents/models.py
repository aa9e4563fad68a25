"""Documents the ward has issued, of any kind. Knows nothing of dossiers: only a subject's key."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AGENCIES, Agency, AgencyKey
from buildings.models import Ward
from buildings.roles import ONE_STOP_POSITIONS, POLICE_POSITIONS
from portal.core.addresses import lasting
from portal.core.audit import stream_of
from portal.core.files.storage import private_storage


def new_token() -> str:
    """The 128-bit address of a document's public check; printed as its QR code."""
    return secrets.token_urlsafe(16)


class IssuedDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The person it was made for, once it is released; the desk of its ward; the ward's police, of their own."""
        if not user.is_authenticated:
            return self.none()
        owned = Q(owner=user) & ~Q(state__in=IssuedDocument.IN_HAND)
        desks = Ward.objects.worked_in_by(user, *ONE_STOP_POSITIONS)
        stations = Ward.objects.worked_in_by(user, *POLICE_POSITIONS)
        police = (Q(ward__in=stations) | Q(kept_by__in=stations)) & Q(agency_key=AgencyKey.POLICE)
        return self.filter(owned | Q(ward__in=desks) | Q(kept_by__in=desks) | police)

    def ready(self):
        return self.filter(state__in=(IssuedDocument.State.ISSUED, IssuedDocument.State.REPLACED))

    def with_file(self):
        """What was issued at some time, whatever became of it: what a paper or a file can be checked against."""
        return self.filter(sha256__gt="")

    def about(self, subject: models.Model):
        return self.filter(subject=stream_of(subject))


class IssuedDocument(models.Model):
    """One numbered, signed document. Content and file never change; a correction replaces it.

    A slip is numbered and released in one go, under the agency's signature alone. A document that a
    person signs with their own certificate (`signed_at`) is signed, then numbered, then released.
    Kept for good: what was issued must be checkable as long as its paper exists.
    """

    class State(models.TextChoices):
        SIGNED = "signed", _("đã ký, chờ cấp số")
        NUMBERED = "numbered", _("đã cấp số, chờ phát hành")
        PENDING = "pending", _("đang lập")
        ISSUED = "issued", _("có hiệu lực")
        REPLACED = "replaced", _("đã được thay thế")
        REVOKED = "revoked", _("đã thu hồi")

    IN_HAND = (State.SIGNED, State.NUMBERED)  # inside the office: nobody outside has heard of it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=160, unique=True, help_text="The same issue asked for twice is one document.")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="issued_documents")
    kept_by = models.ForeignKey(
        Ward, models.PROTECT, null=True, related_name="+", help_text="took over from `ward`, which is no more (custody)"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="issued_documents")
    subject = models.CharField(max_length=80, db_index=True, help_text="dossier:<uuid>")
    agency_key = models.CharField(
        "agency", max_length=12, choices=AgencyKey, default=AgencyKey.COMMITTEE, help_text="whose document it is"
    )
    kind = models.CharField(max_length=40)
    title = models.CharField(_("tên văn bản"), max_length=200)
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True, help_text="none until it is numbered")
    suffix = models.CharField(max_length=40, help_text="after the number: UBND-XNTTHN")
    template = models.CharField(max_length=100)
    context = models.JSONField(default=dict, help_text="What the template prints, frozen when it was issued.")
    issued_at = models.DateTimeField(_("ngày cấp"), help_text="the date it bears: the day it was numbered")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signer_title = models.CharField(max_length=80, blank=True, help_text="the signer's office, as in their certificate")
    signed_at = models.DateTimeField(null=True, help_text="when `signed_by` signed it with their own certificate")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    signed_file = models.FileField(
        storage=private_storage, upload_to="documents/", blank=True, help_text="as the person signed it, without number"
    )
    signed_sha256 = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    file = models.FileField(storage=private_storage, upload_to="documents/", blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    rendered_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    then = models.CharField(max_length=60, blank=True, help_text="The kind of job promised once the file exists.")
    read_at = models.DateTimeField(null=True, help_text="when its owner first opened the file: a read receipt")
    when_read = models.CharField(max_length=60, blank=True, help_text="The kind of job promised once it is read.")

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["issued_at", "number"]
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ward", "agency_key", "book", "year", "number"], name="document_number_once_a_book"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["signed", "numbered", "pending"], rendered_at=None)
                | (~Q(state__in=["signed", "numbered", "pending"]) & ~Q(sha256="")),
                name="document_issued_only_with_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", number=None, year=None)
                | (~Q(state="signed") & Q(number__isnull=False, year__isnull=False)),
                name="document_has_its_number_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(signed_by__isnull=False), name="document_signed_by_somebody"
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="document_does_not_replace_itself"),
        ]

    def __str__(self) -> str:
        return _("%(title)s số %(number)s") % {"title": self.title, "number": self.official_number}

    def get_absolute_url(self) -> str:
        return reverse("documents:download", args=[self.pk])

    @property
    def agency(self) -> Agency:
        """The agency that issues it: letterhead, certificate and books are its own."""
        return AGENCIES[self.agency_key]

    @property
    def agency_name(self) -> str:
        """CÔNG AN PHƯỜNG VIỆT HƯNG."""
        return self.agency.name_in(self.ward_then)

    @property
    def ward_then(self) -> Ward:
        """Its ward as it was called on the day the document bears."""
        return self.ward.as_of(self.issued_at)

    @property
    def official_number(self) -> str:
        """05/UBND-XNTTHN: numbers under ten take a leading zero (NĐ 30/2020, Phụ lục I)."""
        return f"{self.number:02d}/{self.suffix}" if self.number else f"…/{self.suffix}"

    @property
    def check_url(self) -> str:
        """The public page its QR code opens."""
        return lasting(self.check_address)

    @property
    def check_address(self) -> str:
        """The same page, in the language of the page that leads there."""
        return reverse("documents:verify_token", args=[self.token])
