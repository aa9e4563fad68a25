"""How residents were satisfied, and with which part of the work."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.dossiers.models import Dossier

COMMENT_LENGTH = 2000
SCORES = range(1, 6)


class Event(models.TextChoices):
    """When a rating is asked for: with forms 01, 02 and 03 (TT 01/2018 ch. III), and with the result."""

    RECEIPT = "receipt", _("Tiếp nhận hồ sơ")
    SUPPLEMENT = "supplement", _("Yêu cầu bổ sung hồ sơ")
    REFUSAL = "refusal", _("Từ chối tiếp nhận hồ sơ")
    DELIVERY = "delivery", _("Trả kết quả")


class RatingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own. The desk sees no rating at all, only what `queries.monthly` adds up."""
        return self.filter(dossier__owner=user) if user.is_authenticated else self.none()


class Rating(models.Model):
    """What one resident thought of one event of their dossier: once, and never changed.

    Anonymous to the rated officer: no screen of the ward shows a rating, its comment or its dossier.
    The officer is kept for statistics above the ward alone. It leaves no trace in the dossier's record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="ratings")
    event = models.CharField(max_length=10, choices=Event)
    score = models.PositiveSmallIntegerField(help_text="overall, from 1 (very dissatisfied) to 5 (very satisfied)")
    comment = models.TextField(blank=True, max_length=COMMENT_LENGTH)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="who made the rated move"
    )
    rated_at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("đánh giá")
        verbose_name_plural = _("đánh giá")
        ordering: ClassVar = ["rated_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["rated_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "event"], name="rating_once_an_event"),
            models.CheckConstraint(condition=Q(score__in=SCORES), name="rating_score_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.score}"


class Mark(models.Model):
    """The score of one criterion within a rating; only of those the resident chose to answer."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="marks")
    criterion = models.CharField(max_length=20, help_text="key in data/criteria.toml")
    score = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rating", "criterion"], name="mark_once_a_criterion"),
            models.CheckConstraint(condition=Q(score__in=SCORES), name="mark_score_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"
