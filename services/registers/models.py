"""What was taken out of the office's books: who asked for which rows, and the file while it is kept."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from buildings.roles import DESK_POSITIONS
from portal.core.files.storage import private_storage

KEPT = timedelta(days=7)


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who asked for it, and only while they still work at that ward's desk."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(asked_by=user, ward__in=Ward.objects.worked_in_by(user, *DESK_POSITIONS))

    def being_made(self):
        return self.filter(state__in=(Export.State.QUEUED, Export.State.RUNNING))


class Export(models.Model):
    """A register or a part of it as a file, asked for by one officer and made for them alone.

    It holds personal data: the file is private, encrypted at rest and deleted after a week; the row,
    which says who took what, stays.
    """

    class What(models.TextChoices):
        FOLLOW_UP = "so-theo-doi", _("Sổ theo dõi hồ sơ")
        ISSUED = "so-van-ban", _("Sổ văn bản đã phát hành")

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Bảng tính (XLSX)")
        CSV = "csv", _("Dữ liệu thô (CSV)")
        PDF = "pdf", _("Bản in (PDF)")

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang ghi")
        READY = "ready", _("đã sẵn sàng")
        FAILED = "failed", _("không lập được")
        EXPIRED = "expired", _("đã xóa tệp")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    what = models.CharField(max_length=20, choices=What)
    filters = models.JSONField(default=dict, help_text="as they stood in the address of the list")
    format = models.CharField(max_length=4, choices=Format)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, help_text="counted when the writing began")
    pieces = models.PositiveSmallIntegerField(default=0, help_text="printed so far, waiting to be bound together")
    pages = models.PositiveIntegerField(default=0, help_text="of the pieces")
    cursor = models.CharField(max_length=100, blank=True, help_text="the last row of the pieces")
    file = models.FileField(storage=private_storage, upload_to="exports/", blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        verbose_name = _("tệp kết xuất")
        verbose_name_plural = _("tệp kết xuất")
        indexes: ClassVar = [models.Index(fields=["asked_by", "-asked_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="ready", ready_at__isnull=False, expires_at__isnull=False) & ~Q(file="")
                | ~Q(state="ready") & Q(file=""),
                name="export_has_its_file_while_ready",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_format_display()})"

    def get_absolute_url(self) -> str:
        return reverse("registers:export", args=[self.pk])

    @property
    def is_being_made(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)
