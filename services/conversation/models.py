"""What the resident and the desk say to each other about a dossier, and the desk's own notes."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage
from services.dossiers.models import Dossier, Interest, at_desk_of

TEXT_LENGTH = 4000  # characters; a line break is one


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The resident reads what both sides said; the desk its notes besides."""
        if not user.is_authenticated:
            return self.none()
        return self.filter((Q(dossier__owner=user) & ~Q(kind=Message.Kind.NOTE)) | self._at_desk_of(user))

    def at_desk_of(self, user):
        """What the desk of the user's wards has to do with, one's own and one's relatives' dossiers aside."""
        return self.filter(self._at_desk_of(user)) if user.is_authenticated else self.none()

    def _at_desk_of(self, user):
        kept_from = Interest.objects.filter(officer=user, approved_at=None)
        return at_desk_of(user, "dossier__") & ~Q(dossier__owner=user) & ~Q(dossier__in=kept_from.values("dossier"))

    def about(self, dossier: Dossier):
        return self.filter(dossier=dossier)

    def said(self):
        """What one side said to the other: no notes."""
        return self.exclude(kind=Message.Kind.NOTE)

    def unread_by(self, side: str):
        """What the other side said and nobody on this side has read."""
        return self.said().exclude(side=side).filter(read_at=None)

    def waiting(self):
        """What the resident said and the desk has not answered."""
        return self.filter(side=Message.Side.RESIDENT, answered_at=None)

    def complaints(self):
        return self.filter(kind=Message.Kind.COMPLAINT)


class Message(models.Model):
    """One message about a dossier: plain text, never changed once it is sent.

    Seen by the dossier's owner and its ward's desk; a note by the desk alone. A message is answered
    by the desk's next one, a complaint only by whoever answers for the ward (`permissions.py`).
    """

    class Side(models.TextChoices):
        RESIDENT = "resident", _("công dân")
        DESK = "desk", _("phường")

    class Kind(models.TextChoices):
        MESSAGE = "message", _("tin nhắn")
        COMPLAINT = "complaint", _("phản ánh")
        NOTE = "note", _("ghi chú nội bộ")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.MESSAGE)
    text = models.TextField(max_length=TEXT_LENGTH)
    token = models.UUIDField(default=uuid.uuid4, help_text="From the form: pressed twice is sent once.")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="when somebody of the other side first saw it")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, help_text="when a complaint must have been answered")
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="answered_by", help_text="the complaint this answers"
    )
    answered_at = models.DateTimeField(null=True, help_text="when the desk answered, or saw no need to")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("tin nhắn")
        verbose_name_plural = _("tin nhắn")
        ordering: ClassVar = ["sent_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["dossier", "sent_at"]),
            models.Index(
                fields=["dossier"], condition=Q(side="resident", answered_at=None), name="message_waiting_for_desk"
            ),
            models.Index(
                fields=["due_at"], condition=Q(kind="complaint", answered_at=None), name="complaint_open_by_due"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "author", "token"], name="message_sent_once"),
            models.CheckConstraint(
                condition=Q(kind="message") | Q(kind="complaint", side="resident") | Q(kind="note", side="desk"),
                name="message_kind_fits_its_side",
            ),
            models.CheckConstraint(
                condition=Q(kind="complaint", due_at__isnull=False) | (~Q(kind="complaint") & Q(due_at=None)),
                name="message_complaint_has_due_time",
            ),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="message_read_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(kind="message", side="desk") | Q(answers=None), name="message_answers_from_the_desk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sent_at:%d/%m/%Y %H:%M}"

    @property
    def is_note(self) -> bool:
        return self.kind == self.Kind.NOTE

    @property
    def is_complaint(self) -> bool:
        return self.kind == self.Kind.COMPLAINT

    def is_late(self, *, at: datetime) -> bool:
        """A complaint that is not answered in its time, or was not."""
        return self.due_at is not None and (self.answered_at or at) > self.due_at


class MessageFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(message__in=Message.objects.visible_to(user))


class MessageFile(models.Model):
    """A file sent with a message, checked when it arrived. Private, encrypted at rest; seen with its message."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(storage=private_storage, upload_to="messages/")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)

    objects = MessageFileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The checked view of the file; the storage has no address of its own."""
        return reverse("conversation:file", args=[self.message.dossier_id, self.pk])
