"""Appointments: when a resident comes to the ward for a dossier, and how many the ward can see at once."""

import uuid
from datetime import datetime, time
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from services.dossiers.models import ENDED_STATES, Dossier, at_desk_of


class VisitHours(models.Model):
    """What a ward can take: how finely its day is cut, how many people at once, from when to when.

    A ward without a row works by the defaults. The calendar's hours and days off come before all of
    this. Written by the ward's leader.
    """

    class Slot(models.IntegerChoices):
        QUARTER = 15, _("15 phút")
        TWENTY = 20, _("20 phút")
        HALF = 30, _("30 phút")
        HOUR = 60, _("60 phút")

    ward = models.OneToOneField(Ward, models.PROTECT, related_name="visit_hours")
    slot_minutes = models.PositiveSmallIntegerField(_("các giờ hẹn cách nhau"), choices=Slot, default=Slot.HALF)
    counters = models.PositiveSmallIntegerField(
        _("số người hẹn được cùng một lúc"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Bằng số bàn tiếp công dân theo hẹn."),
    )
    first_start = models.TimeField(_("giờ hẹn sớm nhất trong ngày"), default=time(8, 0))
    last_start = models.TimeField(_("giờ hẹn muộn nhất trong ngày"), default=time(16, 30))
    days_ahead = models.PositiveSmallIntegerField(
        _("đặt trước được bao nhiêu ngày làm việc"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )

    class Meta:
        verbose_name = _("giờ tiếp hẹn")
        verbose_name_plural = _("giờ tiếp hẹn")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(counters__gte=1), name="visit_hours_someone_is_there"),
            models.CheckConstraint(condition=Q(last_start__gte=F("first_start")), name="visit_hours_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.ward}: {self.counters} × {self.slot_minutes}"

    @classmethod
    def of(cls, ward: Ward) -> "VisitHours":
        """The ward's row, or its defaults, unsaved."""
        return cls.objects.filter(ward=ward).first() or cls(ward=ward)


class AppointmentState(models.TextChoices):
    BOOKED = "booked", _("Đã hẹn")
    MOVED = "moved", _("Đã đổi giờ")
    CANCELLED = "cancelled", _("Đã hủy")
    CAME = "came", _("Đã đến")
    NO_SHOW = "no_show", _("Không đến")


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With their dossier: its owner and its ward's desk."""
        return self.filter(dossier__in=Dossier.objects.visible_to(user))

    def owned_by(self, user):
        return self.filter(dossier__owner=user) if user.is_authenticated else self.none()

    def at_desk_of(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(at_desk_of(user, "dossier__"))

    def booked(self):
        """Still to be kept. An appointment ends with its dossier, whoever notes that first."""
        return self.filter(state=AppointmentState.BOOKED).exclude(dossier__state__in=ENDED_STATES)

    def holding(self):
        """What keeps a counter: whoever is still to come, and whoever is there."""
        return self.booked() | self.filter(state=AppointmentState.CAME)

    def between(self, begins: datetime, ends: datetime):
        """Touching [begins, ends)."""
        return self.filter(starts_at__lt=ends, ends_at__gt=begins)


class Appointment(models.Model):
    """One visit: a dossier, a time at one of the ward's counters, and whether the person came.

    Seen with its dossier by its owner and the ward's desk; kept with its dossier. Another time is
    another row: the old one stays as it was and says that it was moved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="appointments")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(_("bắt đầu"))
    ends_at = models.DateTimeField(_("kết thúc"))
    counter = models.PositiveSmallIntegerField(_("bàn"), help_text="from 1 to VisitHours.counters")
    state = models.CharField(max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="when it was moved, cancelled, kept or missed")
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("lịch hẹn")
        verbose_name_plural = _("lịch hẹn")
        ordering: ClassVar = ["starts_at", "counter"]
        indexes: ClassVar = [
            models.Index(fields=["ward", "starts_at"]),
            models.Index(fields=["dossier", "-booked_at"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ward", "starts_at", "counter"],
                condition=Q(state=AppointmentState.BOOKED),
                name="appointment_one_person_a_counter",
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state=AppointmentState.BOOKED), name="appointment_one_ahead_a_dossier"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_takes_time"),
            models.CheckConstraint(
                condition=Q(state=AppointmentState.BOOKED, decided_at=None)
                | (~Q(state=AppointmentState.BOOKED) & Q(decided_at__isnull=False)),
                name="appointment_decided_when_not_booked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.starts_at:%d/%m/%Y %H:%M}"

    @property
    def is_booked(self) -> bool:
        return self.state == AppointmentState.BOOKED
