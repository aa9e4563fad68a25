"""Steps and the record of how they went: hand-overs from person to person, stretches without a clock."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buildings.roles import Position

from .dossier import Dossier


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
    assign = models.CharField(max_length=10, default="load", help_text="how its person is chosen: only, load, by_hand")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="steps")
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="who is away"
    )
    planned_start_at = models.DateTimeField(null=True)
    planned_due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True, help_text="when its person accepted the hand-over")
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
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(finished_at=None), name="step_owed")
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.name}"

    @property
    def turn(self) -> str:
        """This going through the step: another one when it is begun again after a supplement or a return.

        A screen sends it back, so that nobody acts on what they have not seen.
        """
        return f"{self.pk}-{int(self.started_at.timestamp() * 1_000_000) if self.started_at else 0}"


class HandOver(models.Model):
    """A dossier going from hand to hand: one line of the control slip (form 06). Append-only.

    An electronic hand-over arrives when it is given, so the result of the step before is read off
    the moment it reached the receiver, never off what the giver says. `received_at` is the receiver's
    acceptance.
    """

    class Result(models.TextChoices):
        EARLY = "early", _("trước hạn")
        ON_TIME = "on_time", _("đúng hạn")
        LATE = "late", _("quá hạn")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="hand_overs")
    seq = models.PositiveSmallIntegerField()
    from_step = models.ForeignKey(
        Step, models.PROTECT, null=True, related_name="+", help_text="none: from the resident"
    )
    to_step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+", help_text="none: to the resident")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="when the step before was due")
    result = models.CharField(max_length=8, choices=Result, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["dossier", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="hand_over_seq_once_a_dossier"),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(received_at__gte=models.F("given_at")),
                name="hand_over_received_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.code} {self.seq}: {self.giver} → {self.receiver}"


class Pause(models.Model):
    """A stretch in which the clock stood still, as recorded; due times are computed from these."""

    class Reason(models.TextChoices):
        SUPPLEMENT = "supplement", _("chờ công dân bổ sung")
        FEE = "fee", _("chờ nộp phí, lệ phí")
        CONFIRMATION = "confirmation", _("chờ công dân xác nhận")
        VISIT = "visit", _("chờ công dân đến theo hẹn")

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
