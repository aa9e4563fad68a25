"""Work that is planned in a building, and the checks its operator makes by itself."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage

from ..models import Building, SharedPlace
from ..notices.models import Notice
from .checklists import said_now

NOTE_LENGTH = 1000  # characters


class OfBuildings(models.QuerySet):
    def managed_by(self, user):
        """Of the buildings whose work the user does today, or whose board they lead."""
        return self.filter(building__in=Building.objects.managed_by(user))


class WorkState(models.TextChoices):
    PLANNED = "planned", _("Đã lên lịch")
    DONE = "done", _("Đã làm")
    CANCELLED = "cancelled", _("Đã hủy")


class PlannedWork(models.Model):
    """Maintenance with its time. Who is affected reads of it in the notice that is drafted from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.UUIDField(help_text="From the form: pressed twice is planned once.")
    building = models.ForeignKey(Building, models.PROTECT, related_name="planned_works")
    place = models.ForeignKey(SharedPlace, models.PROTECT, null=True, blank=True, related_name="planned_works")
    title = models.CharField(_("việc gì"), max_length=120)
    doer = models.CharField(_("ai làm"), max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField(_("ghi chú"), max_length=NOTE_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(_("kết quả"), max_length=NOTE_LENGTH, blank=True, help_text="what was done, or why not")
    ended_at = models.DateTimeField(null=True)

    objects = OfBuildings.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        verbose_name = _("việc bảo trì")
        verbose_name_plural = _("việc bảo trì")
        indexes: ClassVar = [models.Index(fields=["building", "starts_at"], name="work_of_building_by_time")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "token"], name="work_planned_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="work_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state="planned") | ~Q(outcome=""), name="work_ended_says_how"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("upkeep:work", args=[self.building.ward.slug, self.building.slug, self.pk])


class CheckState(models.TextChoices):
    OPEN = "open", _("Đang kiểm tra")
    DONE = "done", _("Đã kiểm tra")


class Check(models.Model):
    """One round of a checklist: begun, filled in as one walks, finished once. The record for an inspection."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    building = models.ForeignKey(Building, models.PROTECT, related_name="checks")
    checklist = models.SlugField(max_length=30, help_text="key in data/checklists.toml")
    name = models.CharField(max_length=120, help_text="as it was called then")
    source = models.CharField(max_length=200, help_text="the rule it followed then")
    state = models.CharField(max_length=5, choices=CheckState, default=CheckState.OPEN)
    due_on = models.DateField(help_text="when it was due")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = OfBuildings.as_manager()

    class Meta:
        ordering: ClassVar = ["-begun_at"]
        verbose_name = _("lần kiểm tra")
        verbose_name_plural = _("lần kiểm tra")
        indexes: ClassVar = [
            models.Index(fields=["building", "checklist", "-done_at"], name="check_of_building_by_time")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "checklist"], condition=Q(state="open"), name="check_open_once_a_list"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(done_at__isnull=False, done_by__isnull=False),
                name="check_done_has_its_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("upkeep:check", args=[self.building.ward.slug, self.building.slug, self.pk])

    @property
    def shown(self) -> Any:
        return said_now(self.name)


class CheckItem(models.Model):
    """One line of a check, in the words it had then."""

    class Result(models.TextChoices):
        RIGHT = "right", _("Đạt")
        WRONG = "wrong", _("Không đạt")
        NONE = "none", _("Tòa nhà không có")

    check_of = models.ForeignKey(Check, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    result = models.CharField(_("kết quả"), max_length=5, choices=Result, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_of", "number"], name="check_item_number_once"),
            models.CheckConstraint(condition=~Q(result="wrong") | ~Q(note=""), name="check_item_wrong_says_what"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def shown(self) -> Any:
        return said_now(self.text)


class CheckPhoto(models.Model):
    """A picture taken on the way, written anew without the camera's place and time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CheckItem, models.CASCADE, related_name="photos")
    file = models.FileField(storage=private_storage, upload_to="checks/")
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "digest"], name="check_photo_once_an_item")]

    def __str__(self) -> str:
        return self.name
