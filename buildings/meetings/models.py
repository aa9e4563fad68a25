"""Hội nghị nhà chung cư: the meeting of a building's owners, who came, what was decided.

Its invitation is a notice: time, place, agenda, papers and how far it has got are the notice's.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage

from ..models import Apartment, Building
from ..notices.models import TEXT_LENGTH, UP_STATES, Notice, of_own_flats
from .rules import Share


class MeetingState(models.TextChoices):
    TO_COME = "to_come", _("Chưa họp")
    OPEN = "open", _("Đang họp")
    ADJOURNED = "adjourned", _("Hoãn, chưa đủ điều kiện")
    CLOSED = "closed", _("Đã họp xong")


S = MeetingState


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the buildings in which the person owns a flat today, once convened."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_own_flats(user, "notice__"), notice__state__in=UP_STATES)

    def managed_by(self, user, *positions):
        return self.filter(notice__building__in=Building.objects.managed_by(user, *positions))


class Meeting(models.Model):
    """A meeting of the owners. State: `workflow.apply`; whether it is convened or called off, its notice's.

    What was present is frozen when it ends, so that its minutes stay true.
    """

    class Occasion(models.TextChoices):
        FIRST = "first", _("lần đầu")
        YEARLY = "yearly", _("thường niên")
        EXTRAORDINARY = "extraordinary", _("bất thường")

    notice = models.OneToOneField(Notice, models.CASCADE, primary_key=True, related_name="meeting")
    occasion = models.CharField(_("loại hội nghị"), max_length=14, choices=Occasion, default=Occasion.YEARLY)
    share = models.CharField(_("cách tính biểu quyết"), max_length=6, choices=Share, default=Share.FLAT)
    state = models.CharField(max_length=10, choices=MeetingState, default=S.TO_COME)
    again_after = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="again", help_text="the meeting it takes the place of"
    )
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    present_flats = models.PositiveIntegerField(null=True)
    all_flats = models.PositiveIntegerField(null=True)
    present_votes = models.PositiveIntegerField(null=True, help_text="flats, or m² × 100")
    all_votes = models.PositiveIntegerField(null=True)
    chair = models.CharField(_("chủ tọa"), max_length=120, blank=True)
    secretary = models.CharField(_("thư ký"), max_length=120, blank=True)
    witness = models.CharField(_("đại diện chủ sở hữu"), max_length=120, blank=True)
    discussion = models.TextField(_("diễn biến"), max_length=TEXT_LENGTH, blank=True)
    why_adjourned = models.CharField(_("lý do hoãn"), max_length=300, blank=True)
    minutes = models.FileField(storage=private_storage, upload_to="minutes/", blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-notice__starts_at"]
        verbose_name = _("hội nghị nhà chung cư")
        verbose_name_plural = _("hội nghị nhà chung cư")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=[S.ADJOURNED, S.CLOSED])
                | Q(ended_at__isnull=False, present_votes__isnull=False, all_votes__isnull=False),
                name="meeting_ended_has_its_count",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CLOSED) | (~Q(chair="") & ~Q(secretary="")), name="meeting_closed_has_its_signers"
            ),
        ]

    def __str__(self) -> str:
        return self.notice.title

    @property
    def building(self) -> Building:
        return self.notice.building

    @property
    def agenda(self) -> list[str]:
        """One item a line, as the invitation has them."""
        return [line.strip(" -•\t") for line in self.notice.text.splitlines() if line.strip()]

    @property
    def convening(self) -> int:
        """1 for the first time it is convened, 2 for the time after it was adjourned, …"""
        number, earlier = 1, self.again_after
        while earlier is not None:
            number, earlier = number + 1, earlier.again_after
        return number


class Attendance(models.Model):
    """A flat is represented at a meeting, ticked at the door: by its owner or somebody with their authority."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    apartment = models.ForeignKey(Apartment, models.PROTECT, related_name="+")
    proxy = models.CharField(_("người được ủy quyền"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["meeting", "apartment__floor", "apartment__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "apartment"], name="attendance_once_a_flat")
        ]

    def __str__(self) -> str:
        return f"{self.apartment}: {self.meeting}"


class MeetingAnswer(models.Model):
    """What a flat's owner answers to the invitation; the latest counts."""

    class Answer(models.TextChoices):
        COMES = "comes", _("Tôi sẽ dự")
        PROXY = "proxy", _("Tôi ủy quyền cho người khác")
        ABSENT = "absent", _("Tôi không dự được")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="answers")
    apartment = models.ForeignKey(Apartment, models.PROTECT, related_name="+")
    answer = models.CharField(_("trả lời"), max_length=6, choices=Answer)
    proxy = models.CharField(_("người được ủy quyền"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "apartment"], name="meeting_answer_once_a_flat"),
            models.CheckConstraint(condition=~Q(answer="proxy") | ~Q(proxy=""), name="meeting_proxy_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.apartment}: {self.get_answer_display()}"


class Resolution(models.Model):
    """What was voted on, with the votes as counted: flats, or m² × 100, as the meeting counts."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("nội dung biểu quyết"), max_length=1000)
    votes_for = models.PositiveIntegerField(_("tán thành"))
    votes_against = models.PositiveIntegerField(_("không tán thành"))
    abstained = models.PositiveIntegerField(_("không có ý kiến"))
    passed = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["meeting", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="resolution_number_once"),
            models.CheckConstraint(
                condition=Q(passed=False) | Q(votes_for__gt=F("votes_against")), name="resolution_passed_by_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"
