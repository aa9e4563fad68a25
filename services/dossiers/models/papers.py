"""The files of a dossier."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.core.files.storage import private_storage

from .dossier import Dossier


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
