"""What residents ask of their building, and how far it has got.

A request has one answerable person (người chịu trách nhiệm) and at most one executor, on the staff or a
contractor. Its due time follows from its category and urgency when it is sent, and is a promise since:
the words of the promise are kept with it, so that a changed rule does not change history.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.words import FoldedText

from ...models import Apartment, Building, SharedPlace

WHAT_LENGTH = 2000  # characters


class RequestState(models.TextChoices):
    NEW = "new", _("Mới gửi")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    PLANNED = "planned", _("Đã hẹn ngày làm")
    WAITING = "waiting", _("Đang chờ")
    WITH_WARD = "with_ward", _("Đã chuyển phường")
    DONE = "done", _("Đã làm xong, chờ cư dân xác nhận")
    CLOSED = "closed", _("Hoàn thành")
    REFUSED = "refused", _("Từ chối")
    WITHDRAWN = "withdrawn", _("Cư dân đã rút")
    JOINED = "joined", _("Gộp vào yêu cầu khác")


S = RequestState
# The manager owes something; the clock runs in these, stands in WAITING for the resident and in WITH_WARD.
WORKING_STATES = (S.NEW, S.ACCEPTED, S.PLANNED, S.WAITING)
OPEN_STATES = (*WORKING_STATES, S.WITH_WARD, S.DONE)
ENDED_STATES = (S.CLOSED, S.REFUSED, S.WITHDRAWN, S.JOINED)


class Urgency(models.TextChoices):
    NORMAL = "normal", pgettext_lazy("urgency", "Bình thường")
    URGENT = "urgent", _("Gấp: ảnh hưởng sinh hoạt hằng ngày")
    EMERGENCY = "emergency", _("Khẩn cấp: nguy hiểm cho người hoặc tài sản")


class BuildingRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What one sent oneself or joined as a neighbour, and what happens in the shared places of one's building."""
        if not user.is_authenticated:
            return self.none()
        shared = Q(building__in=Building.objects.lived_in_by(user))
        joined = Q(pk__in=Support.objects.filter(user=user).values("request"))
        return self.filter(Q(reporter=user) | Q(Q(shared) | joined, private=False))

    def shared_with(self, user):
        """What neighbours reported in the shared places of one's building."""
        lived_in = Building.objects.lived_in_by(user)
        return self.filter(private=False, building__in=lived_in).exclude(reporter=user)

    def owned_by(self, user):
        return self.filter(reporter=user) if user.is_authenticated else self.none()

    def managed_by(self, user):
        """The requests of the buildings whose work the user does today."""
        return self.filter(building__in=Building.objects.managed_by(user))

    def answered_for_by(self, user):
        """Whose lateness the user may have a part in: where they work, or as the ward's leader where there is no board.

        Only for the road out of lateness; everything else starts from `managed_by`.
        """
        if not user.is_authenticated:
            return self.none()
        late = Q(lateness__isnull=False) | Q(latenesses__isnull=False)
        in_place_of_board = self.filter(late, building__in=Building.objects.overseen_by(user)).order_by()
        return self.filter(Q(building__in=Building.objects.managed_by(user)) | Q(pk__in=in_place_of_board.values("pk")))

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def working(self):
        return self.filter(state__in=WORKING_STATES)


class BuildingRequest(models.Model):
    """One thing a resident reported or asked for. State written by `workflow.apply` alone."""

    class Waiting(models.TextChoices):
        PART = "part", _("chờ linh kiện, vật tư")
        RESIDENT = "resident", _("chờ cư dân")

    class Ending(models.TextChoices):
        RESIDENT = "resident", _("cư dân xác nhận")
        SILENCE = "silence", _("hết thời gian xác nhận")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.UUIDField(help_text="From the form: the same report sent three times is one.")
    code = models.CharField(_("mã yêu cầu"), max_length=20, unique=True)
    building = models.ForeignKey(Building, models.PROTECT, related_name="requests")
    apartment = models.ForeignKey(Apartment, models.PROTECT, null=True, related_name="requests")
    place = models.ForeignKey(SharedPlace, models.PROTECT, null=True, related_name="requests")
    where = models.CharField(_("ở đâu"), max_length=120, blank=True, help_text="in the resident's words")
    private = models.BooleanField(default=False, help_text="not shown to neighbours: it is about a flat or a person")
    category = models.SlugField(max_length=30, help_text="key in data/categories.toml")
    urgency = models.CharField(_("mức độ"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    what = models.TextField(_("việc gì"), max_length=WHAT_LENGTH)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="building_requests")
    state = models.CharField(max_length=10, choices=RequestState, default=S.NEW)
    sent_at = models.DateTimeField()

    promise = models.CharField(max_length=200, help_text="the words of the promise, as the resident read them")
    due_at = models.DateTimeField(help_text="promised at first; written once")
    promised_at = models.DateTimeField(help_text="when it is owed now: moved by stops, a new date, a new turn")
    next_due_at = models.DateTimeField(null=True, help_text="what the managers owe next is due; empty while nothing is")
    next_watch_at = models.DateTimeField(null=True, help_text="when something follows from the time alone")
    stopped_at = models.DateTimeField(null=True, help_text="since when the clock stands")
    answerable = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="answers_for")
    executor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    contractor = models.ForeignKey("ContractorLink", models.PROTECT, null=True, related_name="+")

    planned_for = models.DateTimeField(_("hẹn làm lúc"), null=True)
    waiting_for = models.CharField(max_length=8, choices=Waiting, blank=True)
    back_on = models.DateField(_("trở lại ngày"), null=True, help_text="the day that brings a waiting request back")
    reason = models.TextField(blank=True, help_text="why it was refused, waits, or was reopened: the latest")
    elsewhere = models.CharField(
        _("nơi giải quyết"), max_length=300, blank=True, help_text="where to go with a refusal"
    )
    refusal_contested = models.BooleanField(default=False, help_text="refused, and opened again for a second look")
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_note = models.TextField(_("đã làm gì"), blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=Ending, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    lateness = models.ForeignKey("RequestLateness", models.PROTECT, null=True, related_name="+")
    was_late = models.BooleanField(default=False, help_text="fixed when it is done, so that reports stay true")
    folded = FoldedText("code", "what", "where")

    objects = BuildingRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-sent_at"]
        verbose_name = _("yêu cầu của cư dân")
        verbose_name_plural = _("yêu cầu của cư dân")
        indexes: ClassVar = [
            # Not by state: SQLite takes a partial index only where the query repeats its condition word for word.
            models.Index(
                fields=["building", "next_due_at", "id"],
                condition=Q(next_due_at__isnull=False),
                name="request_owed_by_due",
            ),
            models.Index(
                fields=["building", "-ended_at", "id"], condition=Q(ended_at__isnull=False), name="request_ended"
            ),
            models.Index(fields=["building", "state", "-sent_at"], name="request_by_state"),
            models.Index(fields=["building", "-sent_at", "id"], name="request_by_time"),
            models.Index(fields=["reporter", "-sent_at"], name="request_of_reporter"),
            models.Index(
                fields=["next_watch_at"], condition=Q(next_watch_at__isnull=False), name="request_to_be_watched"
            ),
            models.Index(
                fields=["building", "category", "place"],
                condition=Q(state__in=OPEN_STATES, private=False),
                name="request_open_alike",
            ),
            models.Index(fields=["building", "-sent_at"], condition=Q(private=False), name="request_shared_by_time"),
        ]
        constraints: ClassVar = [
            # Of one person: a browser names the token, so that somebody else's stands in nobody's way.
            models.UniqueConstraint(fields=["reporter", "token"], name="request_sent_once"),
            models.CheckConstraint(
                condition=~Q(state=S.WAITING) | (Q(back_on__isnull=False) & ~Q(waiting_for="")),
                name="request_waits_with_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.REFUSED) | ~Q(reason=""), name="request_refused_has_its_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.JOINED) | Q(joined_to__isnull=False), name="request_joined_names_the_other"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.DONE, S.CLOSED]) | Q(done_at__isnull=False), name="request_done_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | ~Q(joined_to=F("id")), name="request_joined_to_another"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("requests:request", args=[self.pk])

    def get_desk_url(self) -> str:
        """Where its managers work on it."""
        return reverse("building_desk:request", args=[self.building.ward.slug, self.building.slug, self.pk])

    @property
    def ward_id(self) -> int:
        return self.building.ward_id

    @property
    def any_hour(self) -> bool:
        """Whether its clock runs day and night."""
        return self.urgency == Urgency.EMERGENCY

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def spot(self) -> str:
        """Where it is, in words; a flat is named to its reporter and the managers alone."""
        place = (
            _("Căn hộ %(number)s") % {"number": self.apartment.number}
            if self.apartment
            else (str(self.place) if self.place else "")
        )
        return ", ".join(filter(None, (place, self.where)))


class Support(models.Model):
    """A neighbour has the same trouble: told of what is done, counted, named to nobody but the managers."""

    request = models.ForeignKey(BuildingRequest, models.CASCADE, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "user"], name="support_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.request}"
