"""What a ward made public, how and when: the facts behind the quarterly register.

No row points to a page: a register outlives what was taken down or deleted. An announcement is known
by its `translation_key`, which it keeps for life and a copy does not share.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from home.kinds import Kind


class NeverChanged(RuntimeError):
    """A row of the record was to be changed or deleted."""


class Fact(models.Model):
    """A row that is written once, for good."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="+")
    announcement = models.UUIDField(_("thông báo"), help_text="AnnouncementPage.translation_key")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise NeverChanged(self)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise NeverChanged(self)


class PublicityRecordQuerySet(models.QuerySet):
    def run_out(self, ward: Ward):
        """What came down by itself when its time was over, the latest first, and what is not up again.

        What somebody took down is not told of: it may have been a mistake that names a person.
        """
        after = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        later = self.model.objects.filter(after, announcement=OuterRef("announcement"))
        ended = self.filter(ward=ward, event=PublicityRecord.Event.TAKEN_DOWN, by=None, by_name="", reason="")
        return ended.exclude(Exists(later)).order_by("-at", "-pk")


class PublicityRecord(Fact):
    """An announcement went up on the portal, was published again, or came down, as it was at that moment."""

    class Event(models.TextChoices):
        PUBLISHED = "published", _("công khai")
        REVISED = "revised", _("đăng bản sửa")
        TAKEN_DOWN = "taken_down", _("gỡ xuống")

    event = models.CharField(max_length=12, choices=Event)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150, blank=True, help_text="kept when the account goes; empty: by schedule")
    title = models.CharField(max_length=255)
    address = models.CharField(max_length=400)
    kind = models.CharField(max_length=30, choices=Kind)
    obliged = models.BooleanField(help_text="whether art. 11 obliged the ward to publish it")
    basis = models.CharField(max_length=250, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True)
    due_date = models.DateField(null=True, help_text="the last day on which publishing was in time")
    audience = models.TextField(blank=True, help_text="in words; empty: the whole ward")
    reason = models.TextField(blank=True, help_text="why it came down before its time")

    objects = PublicityRecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        verbose_name = _("lần công khai")
        verbose_name_plural = _("sổ công khai")
        indexes: ClassVar = [
            models.Index(fields=["announcement", "at"], name="publicity_of_announcement"),
            models.Index(fields=["ward", "at"], name="publicity_of_ward"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.at:%d/%m/%Y}: {self.title}"

    @property
    def in_time(self) -> bool | None:
        """None when no law sets a day for it."""
        from portal.core.calendar import VIETNAM  # noqa: PLC0415

        return None if self.due_date is None else self.at.astimezone(VIETNAM).date() <= self.due_date


class OtherPublicity(models.Model):
    """The same content made public another way: on a notice board, over the loudspeakers, at a meeting.

    Entered by the ward's editors from what was done; withdrawn when it was a mistake, never deleted.
    """

    class Way(models.TextChoices):
        BOARD = "board", _("niêm yết")
        LOUDSPEAKER = "loudspeaker", _("loa truyền thanh")
        MEETING = "meeting", _("họp tổ dân phố")
        LETTER = "letter", _("gửi văn bản đến hộ dân")

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="+")
    announcement = models.UUIDField(_("thông báo"), help_text="AnnouncementPage.translation_key", db_index=True)
    way = models.CharField(_("hình thức"), max_length=12, choices=Way)
    place = models.CharField(_("nơi công khai"), max_length=160)
    from_date = models.DateField(_("từ ngày"))
    to_date = models.DateField(_("đến hết ngày"))
    done_by = models.CharField(_("người thực hiện"), max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["from_date", "pk"]
        verbose_name = _("hình thức công khai khác")
        verbose_name_plural = _("hình thức công khai khác")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="other_publicity_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.place}"


class EarlyRemoval(Fact):
    """A leader of the ward let an announcement come down before its time, and said why.

    Holds for the time the announcement is up now; when it is published again, it is as if never said.
    """

    reason = models.TextField(_("lý do"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        verbose_name = _("cho gỡ sớm")
        verbose_name_plural = _("cho gỡ sớm")
        indexes: ClassVar = [models.Index(fields=["announcement", "at"], name="early_removal_of_announcement")]

    def __str__(self) -> str:
        return f"{self.by}: {self.reason}"
