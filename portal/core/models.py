"""The ground floor's tables: people, the audit chain, the outbox, notices, numbers, the calendar."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from .text import fold


class UserManager(BaseUserManager["User"]):
    def create_user(self, email=None, password=None, **fields) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: resident, officer, manager or editor. Kept while the account lives.

    What they may do follows from their positions (`buildings.Membership`), not from this row.
    """

    email = models.EmailField(_("thư điện tử"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("số điện thoại"), unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    full_name = models.CharField(_("họ, chữ đệm và tên"), max_length=120)
    folded_name = models.CharField(max_length=120, editable=False, db_index=True, default="")
    personal_number = models.CharField(_("số định danh cá nhân"), max_length=12, blank=True, default="")
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    address = models.CharField(_("nơi cư trú"), max_length=255, blank=True, default="")
    preferred_language = models.CharField(max_length=5, default="vi")
    is_staff = models.BooleanField(default=False, help_text="May open Wagtail's admin; positions decide the rest.")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_unique_ignoring_case")]
        indexes: ClassVar = [
            models.Index(
                fields=["personal_number"], condition=~models.Q(personal_number=""), name="user_by_personal_number"
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or str(self.phone or self.pk)

    def save(self, **kwargs) -> None:
        # Unique columns: "not given" must be NULL, or the second phone-only account would clash.
        self.email = self.email.lower() if self.email else None
        self.phone = self.phone or None
        self.folded_name = fold(self.full_name)
        super().save(**kwargs)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.full_name.split()[-1] if self.full_name else str(self)


class AuditEvent(models.Model):
    """One thing that happened, chained by hash to the one before it in the same stream.

    A stream is the history of one object ("dossier:<uuid>"). No foreign keys, so that the record
    never stands in the way of what it records and outlives it. Append only; never deleted.
    """

    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    ward_id = models.BigIntegerField(null=True)
    public = models.BooleanField(default=False, help_text="The person concerned sees it in their timeline.")
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["stream", "seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="audit_stream_seq_unique")]
        indexes: ClassVar = [models.Index(fields=["ward_id", "at"])]

    def __str__(self) -> str:
        return f"{self.stream} #{self.seq} {self.action}"


class AccessRecord(models.Model):
    """An officer read something about somebody: the first time in an hour, of one kind. Append only.

    No foreign keys, like the record of what happened. Shown with its subject to those who may read it.
    """

    stream = models.CharField(max_length=80, help_text="dossier:<uuid>")
    kind = models.CharField(max_length=20, help_text="what was opened: page, paper, document, list")
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(max_length=120)
    ward_id = models.BigIntegerField(null=True)
    hour = models.DateTimeField(help_text="the hour it counts for")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "reader_id", "kind", "hour"], name="access_once_an_hour")
        ]
        indexes: ClassVar = [models.Index(fields=["stream", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.reader_name} {self.kind} {self.stream}"


class ListRead(models.Model):
    """An officer saw names in a list, a search or a file: one row a request. Append only.

    The same list with the same rows is one row an hour. What was in it is found from each subject:
    on PostgreSQL by an index over `subjects` (migration 0007).
    """

    what = models.CharField(max_length=30, help_text="which list: work, register, export")
    asked = models.CharField(max_length=300, blank=True, help_text="how it was narrowed, as its address says it")
    subjects = models.JSONField(default=list, help_text="the streams of what was in it")
    count = models.PositiveIntegerField()
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(max_length=120)
    ward_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=32, help_text="of the reader, the list and what was in it")
    hour = models.DateTimeField(help_text="the hour it counts for")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["fingerprint", "hour"], name="list_read_once_an_hour")]
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.reader_name} {self.what} ({self.count})"


class Job(models.Model):
    """Work promised by a committed transaction (the outbox). The broker is only a hint.

    `key` makes a promise unique: the same promise twice is one row. Done rows are kept 30 days.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("đang chờ")
        DONE = "done", _("đã xong")
        PARKED = "parked", _("dừng lại để người vận hành xem")

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run_at"], condition=models.Q(state="waiting"), name="job_waiting_by_run_at"),
            models.Index(fields=["kind"], condition=models.Q(state="parked"), name="job_parked_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user) if user.is_authenticated else self.none()

    def unread(self):
        return self.filter(read_at=None)


class Notification(models.Model):
    """What a person was told, as their portal inbox shows it. Seen by its recipient alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=140, unique=True, help_text="The same notice twice is one row.")
    title = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    then = models.CharField(max_length=60, blank=True, help_text="The kind of job promised once it has arrived.")
    calendar = models.TextField(blank=True, default="", help_text="A calendar file that goes with the e-mail.")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["recipient", "-created_at"])]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One notice by one outside channel: what was attempted, and what came of it."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notification", "channel"], name="one_delivery_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.address}"


class MailboxMessage(models.Model):
    """An e-mail or SMS the demo kept instead of sending it. Shown to anyone while DEMO is on."""

    channel = models.CharField(max_length=10)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject or self.body[:40]}"


class Sequence(models.Model):
    """The last number given out of one book: gap-free, because it is taken in the same transaction."""

    scope = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.scope}: {self.last}"


class CalendarDay(models.Model):
    """A day whose hours differ from the weekly ones: a holiday, a swapped Saturday, a half day.

    Data with its source document; written by `calendar_days`. Without a ward it holds for all of them.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("nghỉ")
        WORKING = "working", _("làm việc bù theo giờ ngày thường")
        HOURS = "hours", _("làm việc theo giờ riêng")

    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    hours = models.CharField(max_length=60, blank=True, help_text="08:00-12:00,13:00-17:00")
    ward_code = models.CharField(max_length=10, blank=True, default="", help_text="empty: every ward")
    note = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    edited = models.BooleanField(default=False, help_text="Changed by hand: the seed leaves it alone.")

    class Meta:
        ordering: ClassVar = ["date"]
        verbose_name = _("ngày khác thường")
        verbose_name_plural = _("ngày nghỉ lễ, ngày làm bù")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["date", "ward_code"], name="calendar_one_row_a_day"),
            models.CheckConstraint(
                condition=(models.Q(kind="hours") & ~models.Q(hours=""))
                | (~models.Q(kind="hours") & models.Q(hours="")),
                name="calendar_hours_with_their_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.note}"
