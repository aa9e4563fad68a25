"""Dossiers: what a resident asked for, where it stands, who owes the next step and by when."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from buildings.roles import DESK_POSITIONS, Position
from services.catalogue.definition import Definition
from services.catalogue.models import ProcedureVersion


def private_storage():
    return storages["private"]


def new_secret() -> str:
    """The eight digits that, with the code, open the public look-up. Printed on the receipt."""
    return f"{secrets.randbelow(10**8):08d}"


class DossierState(models.TextChoices):
    """domain.md §1.2; a state here, its meaning there."""

    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    SUPPLEMENT = "supplement", _("Chờ công dân bổ sung")
    REFUSED = "refused", _("Không được tiếp nhận")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    PROCESSING = "processing", _("Đang xử lý")
    DONE = "done", _("Đã có kết quả")
    DELIVERED = "delivered", _("Đã trả kết quả")
    WITHDRAWN = "withdrawn", _("Công dân đã rút")
    CLOSED = "closed", _("Đã dừng xử lý")


OPEN_STATES = (
    DossierState.SUBMITTED,
    DossierState.SUPPLEMENT,
    DossierState.ACCEPTED,
    DossierState.PROCESSING,
    DossierState.DONE,
)
ENDED_STATES = (DossierState.REFUSED, DossierState.DELIVERED, DossierState.WITHDRAWN, DossierState.CLOSED)


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, drafts included; and what was sent to a ward whose desk one works at."""
        return self.filter(Q(owner=user) | self._at_desk_of(user)) if user.is_authenticated else self.none()

    def owned_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def at_desk_of(self, user):
        """What the desk of the user's wards has to do with: never a draft."""
        return self.filter(self._at_desk_of(user)) if user.is_authenticated else self.none()

    def _at_desk_of(self, user):
        desks = Ward.objects.worked_in_by(user, *DESK_POSITIONS)
        return Q(ward__in=desks) & ~Q(state=DossierState.DRAFT)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def drafts(self):
        return self.filter(state=DossierState.DRAFT)

    def sent(self):
        return self.exclude(state=DossierState.DRAFT)

    def waiting_for(self, user):
        """Where this person owes the step now; while the resident completes it, nobody at the desk does."""
        owed = self.filter(state__in=OPEN_STATES, current_step__assignee=user, current_step__finished_at=None)
        return owed.exclude(state=DossierState.SUPPLEMENT)

    def by_due_time(self):
        """What is due first comes first; what has no due time waits at the end."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "submitted_at", "pk")

    def with_people(self):
        return self.select_related("ward", "version__procedure", "owner", "current_step__assignee")


class Dossier(models.Model):
    """From the first saved page of the form to the last stamp: one row, one id.

    Its ward's desk sees it once it is sent; only its owner before that and besides. Drafts are
    kept 90 days, sent dossiers as the archive rules of their procedure say.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", _("Trực tuyến")
        COUNTER = "counter", _("Tại Bộ phận Một cửa")

    class Delivery(models.TextChoices):
        PORTAL = "portal", _("Bản điện tử trên cổng")
        COUNTER = "counter", _("Tại Bộ phận Một cửa")
        POST = "post", _("Qua bưu chính công ích")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="dossiers")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="dossiers")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers")
    state = models.CharField(max_length=12, choices=DossierState, default=DossierState.DRAFT)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    delivery = models.CharField(_("cách nhận kết quả"), max_length=10, choices=Delivery, default=Delivery.PORTAL)
    answers = models.JSONField(default=dict, help_text="field key → value; frozen once sent")
    code = models.CharField(_("mã hồ sơ"), max_length=40, unique=True, null=True)  # noqa: DJ001 - drafts have none
    secret = models.CharField(_("mã tra cứu"), max_length=8, default=new_secret)
    applicant_name = models.CharField(_("người nộp"), max_length=120, blank=True)
    folded_name = models.CharField(max_length=120, blank=True, db_index=True)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True)
    accepted_at = models.DateTimeField(_("tiếp nhận lúc"), null=True)
    due_at = models.DateTimeField(_("hẹn trả"), null=True, help_text="computed by clocks.py; stored for its index")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    current_step = models.OneToOneField("Step", models.SET_NULL, null=True, related_name="+")
    next_due_at = models.DateTimeField(null=True, help_text="the current step's due time; for the work list's index")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        indexes: ClassVar = [
            models.Index(fields=["ward", "state", "next_due_at"]),
            models.Index(
                fields=["ward", "next_due_at"], condition=Q(state__in=OPEN_STATES), name="dossier_open_by_due"
            ),
            models.Index(fields=["owner", "-created_at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=DossierState.DRAFT, code=None, submitted_at=None)
                | (~Q(state=DossierState.DRAFT) & Q(code__isnull=False, submitted_at__isnull=False)),
                name="dossier_sent_has_code_and_time",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="dossier_signed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DossierState.DONE, DossierState.DELIVERED]) | Q(signed_at__isnull=False),
                name="dossier_done_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or _('Bản nháp')}: {self.spec.name}"

    def get_absolute_url(self) -> str:
        return reverse("dossiers:detail", args=[self.pk])

    @property
    def spec(self) -> Definition:
        """The procedure as it was published when this dossier was begun."""
        return self.version.spec

    @property
    def is_draft(self) -> bool:
        return self.state == DossierState.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Step(models.Model):
    """One step of a dossier: one named person, a task, a start, a due time, a finish.

    Seen with its dossier. Rows are made when the dossier is sent, in the order of its version.
    """

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("tiếp nhận")
        WORK = "work", _("thẩm định")
        SIGN = "sign", _("ký")
        ISSUE = "issue", _("cấp số, phát hành")
        DELIVER = "deliver", _("trả kết quả")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("bước"), max_length=120)
    task = models.TextField(_("việc phải làm"), blank=True)
    position = models.CharField(_("vị trí"), max_length=20, choices=Position)
    minutes = models.PositiveIntegerField(help_text="planned, in working minutes")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="steps")
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["dossier", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="step_seq_once_a_dossier"),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(assignee__isnull=False), name="step_begun_has_its_person"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(started_at__isnull=False), name="step_finished_was_begun"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignee", "due_at"], condition=Q(finished_at=None), name="step_owed")
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.name}"

    @property
    def turn(self) -> str:
        """This going through the step: another one when it is begun again after a supplement or a return.

        A screen sends it back, so that nobody acts on what they have not seen.
        """
        return f"{self.pk}-{int(self.started_at.timestamp() * 1_000_000) if self.started_at else 0}"


class Pause(models.Model):
    """A stretch in which the clock stood still, as recorded; due times are computed from these."""

    class Reason(models.TextChoices):
        SUPPLEMENT = "supplement", _("chờ công dân bổ sung")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=12, choices=Reason)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["began_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(ended_at=None), name="pause_open_once_a_dossier")
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.began_at:%d/%m/%Y %H:%M}"


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(dossier__in=Dossier.objects.visible_to(user))

    def kept(self):
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file for one paper of a dossier, checked when it arrived. Private, encrypted at rest.

    A removed draft file loses its bytes at once; a sent one is kept with its dossier.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="attachments")
    field = models.CharField(max_length=60, help_text="key of the paper it was given for")
    name = models.CharField(max_length=200)
    file = models.FileField(storage=private_storage, upload_to="papers/")
    thumbnail = models.FileField(storage=private_storage, upload_to="thumbnails/", blank=True)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["uploaded_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["dossier", "field"])]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The checked view of the file; the storage has no address of its own."""
        return reverse("dossiers:file", args=[self.dossier_id, self.pk])

    @property
    def thumbnail_url(self) -> str:
        return reverse("dossiers:thumbnail", args=[self.dossier_id, self.pk]) if self.thumbnail else ""


class SupplementRequest(models.Model):
    """What the desk asks to be completed, all at once (form 02). Once at the desk's stage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="supplement_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField(_("lý do"))
    contact = models.CharField(_("người hướng dẫn, số điện thoại"), max_length=160)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(answered_at=None), name="supplement_open_once_a_dossier"
            )
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
