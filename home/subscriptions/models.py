"""Who asked for which announcements, and what was sent to them."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from buildings.models import Building, Ward
from home.kinds import Kind


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("Gửi ngay khi phường đăng")
    DAILY = "daily", _("Gộp lại, mỗi ngày một thư")


class SignUp(models.Model):
    """Somebody wrote an address into the form. Nothing is sent to it but the question whether that is wanted.

    Deleted `SUBSCRIPTION_SIGN_UPS_KEPT` after it was asked, answered or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    ward = models.ForeignKey(Ward, models.CASCADE, related_name="+")
    wishes = models.JSONField(help_text="Wishes, as actions.Wishes.to_json writes them")
    language = models.CharField(max_length=5, default="vi")
    consent = models.CharField(max_length=20, help_text="version of the text agreed to")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(Lower("email"), "asked_at", name="sign_up_by_address")]

    def __str__(self) -> str:
        return str(self.pk)


class SubscriberQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def visible_to(self, user):
        """One's own. No screen of a ward shows who its subscribers are."""
        return self.current().filter(user=user) if user.is_authenticated else self.none()

    def at_address(self, email: str):
        """Whoever gets mail at this address now, with an account or without."""
        return self.current().filter(Q(email__iexact=email) | Q(user__email__iexact=email))


class Subscriber(models.Model):
    """A person with an account, or a confirmed address, that announcements are sent to.

    Once they have stopped, neither is kept: what remains is that somebody agreed and withdrew, and a
    keyed hash of the address by which they can be answered about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="subscriber"
    )
    email = models.EmailField(blank=True, help_text="Of a person without an account; the account has its own.")
    language = models.CharField(max_length=5, default="vi")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    pseudonym = models.CharField(max_length=64, blank=True, help_text="keyed hash of the address, once it has ended")
    refusals = models.PositiveSmallIntegerField(default=0, help_text="days in a row on which the mail was refused")
    refused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="No mail since then: the address refuses for good."
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="subscriber_once_an_address_ignoring_case"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, user=None) & ~Q(email="")
                | Q(ended_at=None, user__isnull=False, email="")
                | Q(ended_at__isnull=False, user=None, email=""),
                name="subscriber_has_account_or_address_until_the_end",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def address(self) -> str:
        """Where mail goes now; empty for an account without an e-mail address."""
        return (self.user.email or "" if self.user.is_active else "") if self.user else self.email

    @property
    def speaks(self) -> str:
        """The language they are written to in."""
        return self.user.preferred_language if self.user else self.language


class SubscriptionQuerySet(models.QuerySet):
    def standing(self, at: datetime):
        """Those that were there at a moment, of people who still want them."""
        return self.filter(subscriber__ended_at=None, since__lte=at)

    def reached(self, ward: Ward, buildings: list[int]):
        """Whom an announcement of the ward concerns; `buildings` are keys, none for the whole ward.

        What goes to some buildings alone goes to those who named one of them or asked for all, and not
        to somebody who follows the ward in general: a lift that stands still elsewhere is noise.
        """
        of_ward = self.filter(ward=ward)
        if not buildings:
            return of_ward
        named = Subscription.buildings.through.objects.filter(building_id__in=buildings)
        return of_ward.filter(Q(every_building=True) | Q(pk__in=named.values("subscription_id")))


class Subscription(models.Model):
    """What a subscriber wants of one ward, how and when.

    Everybody gets what the whole ward is told; buildings add what is said to them alone. Urgent ones
    come at once and whatever their kind: that is said before anybody agrees.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="subscriptions")
    every_building = models.BooleanField(default=False)
    buildings = models.ManyToManyField(Building, related_name="+", blank=True)
    kinds = models.JSONField(default=list, blank=True, help_text="values of home.kinds.Kind; none means all")
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    by_mail = models.BooleanField(default=True)
    in_inbox = models.BooleanField(default=False, help_text="the portal's own; needs an account")
    since = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["ward__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "ward"], name="subscription_once_a_ward"),
            models.CheckConstraint(condition=Q(by_mail=True) | Q(in_inbox=True), name="subscription_arrives_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.ward}: {self.subscriber_id}"

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

    @property
    def places(self) -> list[str]:
        """In words: the whole ward, and the buildings besides."""
        buildings = [_("Mọi tòa nhà")] if self.every_building else [building.name for building in self.buildings.all()]
        return [str(place) for place in (_("Cả phường"), *buildings)]

    @property
    def kind_labels(self) -> list[str]:
        known = [str(Kind(kind).label) for kind in self.kinds if kind in Kind.values]
        return known or [str(_("Mọi loại"))]


class Dispatch(models.Model):
    """An announcement is to be sent: once when it is published, and again whenever its editor says so.

    Subscriptions are gone through by their keys; `cursor` is the last one seen, so that planning goes on
    where a killed worker stopped.
    """

    announcement = models.ForeignKey("home.AnnouncementPage", models.CASCADE, related_name="dispatches")
    number = models.PositiveSmallIntegerField(help_text="1 at publishing")
    at = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    cursor = models.BigIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)
    planned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "number"], name="dispatch_once_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} #{self.number}"


class LetterQuerySet(models.QuerySet):
    def owed(self):
        return self.filter(sent_at=None, refused_at=None)

    def awaiting_digest(self):
        return self.owed().filter(daily=True, digest_date=None)


class Letter(models.Model):
    """One announcement owed to one subscriber by mail, at once or in the digest of a day."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="letters")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="letters")
    daily = models.BooleanField()
    digest_date = models.DateField(null=True, blank=True, help_text="the digest it went into")
    batch = models.CharField(max_length=40, blank=True, db_index=True, help_text="what one job sends")
    sent_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True, help_text="the recipient's server will not have it")

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispatch", "subscriber"], name="letter_once_a_subscriber")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subscriber"],
                condition=Q(daily=True, digest_date=None, sent_at=None, refused_at=None),
                name="letter_awaiting_digest",
            ),
            models.Index(fields=["subscriber", "digest_date"], name="letter_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} → {self.subscriber_id}"
