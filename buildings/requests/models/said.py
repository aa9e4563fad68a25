"""What is shown and said about a request: pictures, comments, the rating."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage

from .requests import WHAT_LENGTH, BuildingRequest


class RequestPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its request, but those of a comment its reporter's alone; not sent yet, to whoever took it."""
        if not user.is_authenticated:
            return self.none()
        shown = Q(request__in=BuildingRequest.objects.visible_to(user), comment=None)
        said = Q(request__reporter=user, comment__internal=False)
        return self.filter(shown | said | Q(request=None, added_by=user))

    def managed_by(self, user):
        return self.filter(request__in=BuildingRequest.objects.managed_by(user))

    def of_form(self, token, user):
        """What this person added to a form that is not sent yet."""
        return self.filter(request=None, token=token, added_by=user)


class RequestPhoto(models.Model):
    """A picture or a document of a request: from the resident's camera, or proof that the work is done.

    Uploaded one by one before the report is sent (`request` empty, found again by `token` of the form).
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("hiện trạng")
        COMMENT = "comment", _("trao đổi")
        DONE = "done", _("sau khi làm")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(BuildingRequest, models.CASCADE, null=True, related_name="photos")
    comment = models.ForeignKey("RequestComment", models.CASCADE, null=True, related_name="photos")
    token = models.UUIDField(help_text="of the form it was added to")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REPORT)
    file = models.FileField(storage=private_storage, upload_to="requests/", max_length=120)
    thumbnail = models.FileField(storage=private_storage, upload_to="requests/", max_length=120)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.CharField(max_length=64, help_text="SHA-256: the same picture twice is one")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    contractor = models.ForeignKey("ContractorLink", models.PROTECT, null=True, related_name="photos")
    added_at = models.DateTimeField()

    objects = RequestPhotoQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["added_at"], condition=Q(request=None), name="photo_not_sent_yet")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "digest", "added_by"], name="photo_once_a_form"),
            models.UniqueConstraint(fields=["token", "digest", "contractor"], name="photo_once_a_contractors_form"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")


class RequestComment(models.Model):
    """What is said about a request: plain text, never changed. A note (`internal`) is the managers' own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(BuildingRequest, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    contractor = models.ForeignKey("ContractorLink", models.PROTECT, null=True, related_name="comments")
    internal = models.BooleanField(default=False)
    text = models.TextField(max_length=WHAT_LENGTH)
    token = models.UUIDField(help_text="From the form: pressed twice is said once.")
    said_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["said_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, contractor=None) | Q(author=None, contractor__isnull=False),
                name="comment_has_one_author",
            ),
            models.UniqueConstraint(fields=["request", "author", "token"], name="comment_said_once"),
            models.UniqueConstraint(fields=["request", "contractor", "token"], name="comment_of_contractor_said_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RequestRating(models.Model):
    """What the resident thought of it: once, never changed. Managers see it in sums."""

    request = models.OneToOneField(BuildingRequest, models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField(help_text="1 (very dissatisfied) to 5 (very satisfied)")
    comment = models.TextField(blank=True, max_length=WHAT_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__in=range(1, 6)), name="request_rating_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.score}"
