"""What people do about their subscriptions, and what becomes of these when wards change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from buildings.models import Building, Ward
from portal.core import audit, outbox
from portal.core.models import User

from . import consent, tokens
from .models import Dispatch, Letter, Rhythm, SignUp, Subscriber, Subscription


@dataclass(frozen=True)
class Wishes:
    """What somebody wants of one ward. `buildings` are keys; no kinds means all of them."""

    every_building: bool = False
    buildings: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    rhythm: str = Rhythm.AT_ONCE
    by_mail: bool = True
    in_inbox: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "buildings": list(self.buildings), "kinds": list(self.kinds)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**{**stored, "buildings": tuple(stored["buildings"]), "kinds": tuple(stored["kinds"])})


# --- Beginning -----------------------------------------------------------------------------------
@transaction.atomic
def ask(email: str, ward: Ward, wishes: Wishes, *, language: str, consent_version: str, at: datetime) -> SignUp | None:
    """Somebody who is not signed in wrote this address: ask it whether that is wanted.

    None, and no mail, when the address was asked `SUBSCRIPTION_QUESTIONS_A_DAY` times within a day; the
    person is told the same, so that the form tells nobody anything about an address, nor plagues it.
    """
    asked = SignUp.objects.filter(email__iexact=email, asked_at__gt=at - timedelta(days=1))
    if asked.count() >= settings.SUBSCRIPTION_QUESTIONS_A_DAY:
        return None
    sign_up = SignUp.objects.create(
        email=email.lower(), ward=ward, wishes=wishes.to_json(), language=language, consent=consent_version, asked_at=at
    )
    outbox.enqueue("subscriptions.ask", sign_up.pk.hex, at=at, payload={"sign_up_id": str(sign_up.pk)})
    return sign_up


@transaction.atomic
def confirm(sign_up: SignUp, *, at: datetime) -> Subscription | None:
    """The address answered: what was asked for holds from now on. Confirmed twice is once.

    An address that follows the ward already has its wishes changed. None when it has stopped since.
    """
    sign_up = SignUp.objects.select_for_update().select_related("ward").get(pk=sign_up.pk)
    subscriber = Subscriber.objects.at_address(sign_up.email).select_for_update(of=("self",)).first()
    if sign_up.confirmed_at:
        return subscriber and subscriber.subscriptions.filter(ward=sign_up.ward).first()
    if subscriber is None:
        subscriber, _made = Subscriber.objects.get_or_create(
            email=sign_up.email.lower(), ended_at=None, defaults={"language": sign_up.language, "since": at}
        )
    SignUp.objects.filter(pk=sign_up.pk).update(confirmed_at=at)
    wishes = Wishes.from_json(sign_up.wishes)
    return _follow(
        subscriber, sign_up.ward, wishes, at=at, how="e-mail", asked_at=sign_up.asked_at,
        **consent.evidence(sign_up.consent),
    )  # fmt: skip


@transaction.atomic
def follow(user: User, ward: Ward, wishes: Wishes, *, consent_version: str, at: datetime) -> Subscription:
    """A signed-in person follows a ward, or wants something else of it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    subscriber = Subscriber.objects.current().filter(user=user).select_for_update().first()
    subscriber = subscriber or _adopt(user, at=at) or Subscriber.objects.create(user=user, since=at)
    return _follow(subscriber, ward, wishes, at=at, by=user, how="account", **consent.evidence(consent_version))


@transaction.atomic
def change(subscription: Subscription, wishes: Wishes, *, by: User | None, at: datetime) -> Subscription:
    """Other wishes within what was agreed to. `by` is None for who came by the link in a mail."""
    subscriber = Subscriber.objects.current().select_for_update().get(pk=subscription.subscriber_id)
    return _follow(subscriber, subscription.ward, wishes, at=at, by=by, how="account" if by else "link")


def _adopt(user: User, *, at: datetime) -> Subscriber | None:
    """What a person had asked for without an account is theirs once they have proved the same address to it."""
    if not user.email or not EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        return None
    subscriber = Subscriber.objects.current().filter(email__iexact=user.email).select_for_update().first()
    if subscriber:
        subscriber.user, subscriber.email = user, ""
        subscriber.save(update_fields=["user", "email"])
        audit.record(subscriber, "subscriptions.adopted", by=user, at=at)
    return subscriber


def _follow(
    subscriber: Subscriber, ward: Ward, wishes: Wishes, *, at: datetime, by: User | None = None, **said: Any
) -> Subscription:
    facts = {
        "every_building": wishes.every_building,
        "kinds": list(wishes.kinds),
        "rhythm": wishes.rhythm,
        "by_mail": wishes.by_mail,
        "in_inbox": wishes.in_inbox and subscriber.user_id is not None,
    }
    subscription, made = Subscription.objects.update_or_create(
        subscriber=subscriber, ward=ward, defaults=facts, create_defaults={**facts, "since": at}
    )
    subscription.buildings.set(ward.buildings.filter(pk__in=wishes.buildings))
    if wishes.by_mail and (subscriber.refusals or subscriber.stopped_at):
        # They are there and ask for mail: the address gets another chance.
        subscriber.refusals, subscriber.refused_at, subscriber.stopped_at = 0, None, None
        subscriber.save(update_fields=["refusals", "refused_at", "stopped_at"])
    action = "subscriptions.followed" if made else "subscriptions.changed"
    audit.record(subscriber, action, by=by, at=at, ward_id=ward.pk, wishes=wishes.to_json(), **said)
    return subscription


# --- Stopping ------------------------------------------------------------------------------------
@transaction.atomic
def leave(subscription: Subscription, *, by: User | None, at: datetime) -> None:
    """Follow this ward no more. The last one left ends it all."""
    subscriber = Subscriber.objects.current().select_for_update().filter(pk=subscription.subscriber_id).first()
    if subscriber is None or not subscriber.subscriptions.filter(pk=subscription.pk).delete()[0]:
        return
    subscriber.letters.owed().filter(dispatch__announcement__ward=subscription.ward_id).delete()
    audit.record(subscriber, "subscriptions.left", by=by, at=at, ward_id=subscription.ward_id)
    if not subscriber.subscriptions.exists():
        _end(subscriber, by=by, at=at)


@transaction.atomic
def stop_mail(subscriber: Subscriber, *, at: datetime) -> Subscriber:
    """One click in a mail: no mail any more, of any ward. What goes into the portal's inbox goes on.

    Stopped twice is stopped once; nothing owed is sent after it.
    """
    subscriber = Subscriber.objects.select_for_update(of=("self",)).select_related("user").get(pk=subscriber.pk)
    if subscriber.ended_at:
        return subscriber
    mailed = subscriber.subscriptions.filter(by_mail=True)
    if not mailed.exists():
        return subscriber
    subscriber.letters.owed().delete()
    mailed.filter(in_inbox=False).delete()
    mailed.update(by_mail=False)
    audit.record(subscriber, "subscriptions.mail_stopped", by=None, at=at)
    if not subscriber.subscriptions.exists():
        _end(subscriber, by=None, at=at)
    return subscriber


def _end(subscriber: Subscriber, *, by: User | None, at: datetime) -> None:
    subscriber.pseudonym = tokens.pseudonym_of(subscriber.address)
    subscriber.user, subscriber.email, subscriber.ended_at = None, "", at
    subscriber.save(update_fields=["pseudonym", "user", "email", "ended_at"])
    subscriber.letters.owed().delete()
    audit.record(subscriber, "subscriptions.ended", by=by, at=at)


def forget(*, at: datetime) -> None:
    """What has been kept long enough; called by beat."""
    SignUp.objects.filter(asked_at__lt=at - settings.SUBSCRIPTION_SIGN_UPS_KEPT).delete()
    long_ago = Dispatch.objects.filter(at__lt=at - settings.SUBSCRIPTION_LETTERS_KEPT)
    Letter.objects.filter(dispatch__in=long_ago).delete()
    Subscriber.objects.filter(ended_at__lt=at - settings.SUBSCRIPTION_ENDED_KEPT).delete()


# --- When wards change ---------------------------------------------------------------------------
AT_ONCE = 100  # subscriptions moved in one transaction


def has_left_behind(building: Building | None, to: Ward) -> bool:
    """Whether somebody still has to follow this building to its ward."""
    return building is not None and Subscription.objects.filter(buildings=building).exclude(ward=to).exists()


@transaction.atomic
def follow_building(building: Building, to: Ward, *, at: datetime) -> int:
    """A building now belongs to another ward: who named it follows it there, with the same wishes.

    Takes `AT_ONCE` subscriptions and says how many that were: call it until there are none.
    """
    left_behind = Subscription.objects.filter(buildings=building).exclude(ward=to).order_by("pk")
    going = list(left_behind.select_related("subscriber").select_for_update(of=("self", "subscriber"))[:AT_ONCE])
    for old in going:
        _successor(old, to, at=at).buildings.add(building)
        old.buildings.remove(building)
    return len(going)


@transaction.atomic
def follow_ward(closed: Ward, successors: Iterable[Ward], *, at: datetime) -> int:
    """A ward is no more: its subscribers follow the wards that took it over.

    Once `follow_building` is done with its buildings: who had named some follows the wards these went to;
    who had named none, or all, cannot be placed and follows every successor. Takes `AT_ONCE` subscriptions
    and says how many that were: call it until there are none.
    """
    successors = list(successors)
    left = Subscription.objects.filter(ward=closed).order_by("pk")
    going = list(left.select_related("subscriber").select_for_update(of=("self", "subscriber"))[:AT_ONCE])
    placed = Subscription.objects.filter(ward__in=successors, buildings__isnull=False)
    for old in going:
        if old.every_building or not placed.filter(subscriber=old.subscriber_id).exists():
            for ward in successors:
                _successor(old, ward, at=at)
        subscriber = old.subscriber
        old.delete()
        audit.record(subscriber, "subscriptions.ward_closed", by=None, at=at, ward_id=closed.pk)
    return len(going)


def _successor(old: Subscription, ward: Ward, *, at: datetime) -> Subscription:
    """The subscriber's subscription to this ward, made in the image of the old one if there is none."""
    facts = {
        "every_building": old.every_building,
        "kinds": old.kinds,
        "rhythm": old.rhythm,
        "by_mail": old.by_mail,
        "in_inbox": old.in_inbox,
        "since": old.since,
    }
    new, made = Subscription.objects.get_or_create(subscriber=old.subscriber, ward=ward, defaults=facts)
    if made:
        audit.record(old.subscriber, "subscriptions.moved", by=None, at=at, ward_id=ward.pk, **{"from": old.ward_id})
    return new
