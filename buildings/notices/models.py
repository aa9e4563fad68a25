"""A notice to the people of one building, its versions, and how far it has got."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage

from ..models import Apartment, Block, Building, Residency
from . import audience
from .kinds import KINDS, OWNERS_KINDS, PUBLIC_KINDS, Kind, NoticeKind

TITLE_LENGTH, TEXT_LENGTH = 120, 4000  # characters


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    PUBLISHED = "published", _("Đang hiển thị")
    OVER = "over", _("Đã hết hạn")
    WITHDRAWN = "withdrawn", _("Đã rút")
    DROPPED = "dropped", _("Đã bỏ nháp")


S = NoticeState
UP_STATES = (S.PUBLISHED, S.OVER, S.WITHDRAWN)  # residents may read it, or that it was withdrawn


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What everybody may read, and what concerns the flats this person lives in today."""
        up = self.filter(state__in=UP_STATES)
        return up.filter(PUBLIC | of_own_flats(user)) if user.is_authenticated else up.filter(PUBLIC)

    def concerning(self, user):
        """What was put up for the flats this person lives in today."""
        return self.filter(of_own_flats(user), state__in=UP_STATES) if user.is_authenticated else self.none()

    def managed_by(self, user, *positions):
        """Of the buildings whose work the user does today, drafts included."""
        return self.filter(building__in=Building.objects.managed_by(user, *positions))

    def of_ward_desk(self, wards):
        """What these wards' desks put up on buildings that are theirs today."""
        return self.filter(by_ward=True, building__ward__in=wards)

    def current(self, at: datetime):
        """Up at this moment, also where nobody has yet noted that a notice is over."""
        return self.filter(state=S.PUBLISHED, until__gt=at)

    def public(self):
        return self.filter(PUBLIC)

    def with_building(self):
        """With what a line of a list says: two queries whatever their number."""
        return self.select_related("building__ward").prefetch_related("building__blocks")


PUBLIC = Q(kind__in=PUBLIC_KINDS, on_blocks="", on_floors="")


def of_own_flats(user, prefix: str = "") -> Q:
    """Notices for the flats in which a person lives today, drafts included; those for owners to owners alone."""
    mine = Q(pk__in=[])
    homes = user.residencies.confirmed().values_list(
        "apartment__building_id", "apartment__block_id", "apartment__floor", "role"
    )
    for building, block, floor, role in homes:
        here = Q(**{f"{prefix}building": building})
        for column, own in (("on_blocks", block), ("on_floors", floor)):
            here &= Q(**{f"{prefix}{column}": ""}) | Q(**{f"{prefix}{column}__contains": f",{own},"})
        mine |= here if role == Residency.Role.OWNER else here & ~Q(**{f"{prefix}kind__in": OWNERS_KINDS})
    return mine


class Notice(models.Model):
    """What the managers of a building, or its ward, tell the people who live there. State: `workflow.apply`.

    One row a building: the same notice for several buildings shares `batch`, and each goes its own way
    afterwards. Texts are plain. What was put up is kept version by version.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.UUIDField(default=uuid.uuid4, help_text="From the form: pressed twice is one notice a building.")
    building = models.ForeignKey(Building, models.PROTECT, related_name="notices")
    by_ward = models.BooleanField(default=False, help_text="the ward put it up; managers read it")
    kind = models.CharField(_("loại thông báo"), max_length=16, choices=NoticeKind)
    on_blocks = models.CharField(max_length=200, blank=True, help_text="keys, `,3,5,`; empty: all blocks")
    on_floors = models.CharField(
        max_length=400, blank=True, help_text="`,3,5,`, so that both databases find a floor in it; empty: all floors"
    )
    title = models.CharField(_("tiêu đề"), max_length=TITLE_LENGTH)
    text = models.TextField(_("nội dung"), max_length=TEXT_LENGTH, blank=True)
    starts_at = models.DateTimeField(_("bắt đầu"), null=True, blank=True)
    ends_at = models.DateTimeField(_("kết thúc"), null=True, blank=True)
    place = models.CharField(_("địa điểm"), max_length=120, blank=True)
    amount = models.PositiveIntegerField(_("đồng một m² một tháng"), null=True, blank=True)
    period = models.CharField(_("kỳ thu"), max_length=40, blank=True)
    due_date = models.DateField(_("hạn nộp"), null=True, blank=True)
    shown_until = models.DateField(_("hiển thị đến hết ngày"), null=True, blank=True)

    state = models.CharField(max_length=10, choices=NoticeState, default=S.DRAFT)
    version = models.PositiveSmallIntegerField(default=0, help_text="0: never put up")
    until = models.DateTimeField(null=True, help_text="when it is over by itself; set when it is put up")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(_("lý do rút"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]
        verbose_name = _("thông báo của tòa nhà")
        verbose_name_plural = _("thông báo của tòa nhà")
        indexes: ClassVar = [
            models.Index(fields=["building", "-created_at"], name="notice_of_building"),
            models.Index(fields=["until"], condition=Q(state=S.PUBLISHED), name="notice_to_be_over"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "building"], name="notice_once_a_building"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="notice_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UP_STATES) | Q(published_at__isnull=False, until__isnull=False, version__gt=0),
                name="notice_up_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.WITHDRAWN) | (Q(withdrawn_at__isnull=False) & ~Q(reason="")),
                name="notice_withdrawn_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where residents, and everybody when it is public, read it."""
        if self.spec.page:
            return reverse(self.spec.page, args=[self.pk])
        return reverse("notices:notice", args=[self.building.ward.slug, self.building.slug, self.pk])

    def get_manage_url(self) -> str:
        return reverse(self.spec.room, args=[self.building.ward.slug, self.building.slug, self.pk])

    @property
    def spec(self) -> Kind:
        return KINDS[self.kind]

    @property
    def is_public(self) -> bool:
        """Everybody may read it: its kind is everybody's, and it concerns the whole building."""
        return self.spec.public and not self.on_blocks and not self.on_floors

    @property
    def is_draft(self) -> bool:
        return self.state == S.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.state == S.WITHDRAWN

    @property
    def is_over(self) -> bool:
        """Also before anybody has noted it."""
        return self.state == S.OVER or (
            self.state == S.PUBLISHED and self.until is not None and self.until <= timezone.now()
        )

    @property
    def floors(self) -> list[int]:
        """Those it concerns; none for all of them."""
        return audience.numbers(self.on_floors)

    @property
    def blocks(self) -> list[Block]:
        """Those it concerns; none for all of them."""
        chosen = set(audience.numbers(self.on_blocks))
        return [block for block in self.building.blocks.all() if block.pk in chosen] if chosen else []

    @property
    def audience(self) -> str:
        return audience.in_words([block.name for block in self.blocks], self.floors)

    @property
    def issuer(self) -> str:
        """Who speaks: the ward, the board (Ban quản trị) or the management (Ban quản lý)."""
        if self.by_ward:
            return str(self.building.ward)
        if self.spec.by_board:
            return _("Ban quản trị %(building)s") % {"building": self.building}
        return _("Ban quản lý %(building)s") % {"building": self.building}

    @property
    def is_corrected(self) -> bool:
        return self.version > 1


class NoticeVersion(models.Model):
    """A notice as it was put up, and what was changed since the version before. Never changed."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    changed = models.CharField(_("đã sửa gì"), max_length=300, blank=True)
    content = models.JSONField(help_text="the notice's fields as they were read")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["notice", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.notice} ({self.number})"


class NoticeFile(models.Model):
    """A picture or a PDF that goes with a notice, such as a paper of a meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="files")
    file = models.FileField(storage=private_storage, upload_to="notices/")
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256: the same file twice is one")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "digest"], name="notice_file_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notices:file", args=[self.notice_id, self.pk])


class Seen(models.Model):
    """Somebody of a flat has opened a notice. The flat is noted, not the person; managers see sums alone."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="seen")
    apartment = models.ForeignKey(Apartment, models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField(help_text="the latest opened")
    at = models.DateTimeField(help_text="of the latest version, first opened")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "apartment"], name="notice_seen_once_a_flat")
        ]

    def __str__(self) -> str:
        return f"{self.apartment}: {self.notice}"


class Telling(models.Model):
    """Telling everybody a notice concerns of one thing that became of it: how many, and how far it has got.

    Goes through the people by their keys, a batch a transaction: a process killed in between goes on
    after the last whole batch, and nobody is told twice.
    """

    class What(models.TextChoices):
        PUBLISHED = "published", _("đăng")
        CORRECTED = "corrected", _("sửa")
        WITHDRAWN = "withdrawn", _("rút")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="tellings")
    what = models.CharField(max_length=10, choices=What)
    version = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField(help_text="people when it was promised")
    told = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0, help_text="key of the last person told")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "what", "version"], name="telling_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.notice}: {self.told}/{self.total}"

    @property
    def percent(self) -> int:
        return 100 if self.finished_at else min(99, 100 * self.told // self.total) if self.total else 0
