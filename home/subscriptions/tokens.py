"""Links in mails. Signed rather than stored: a copy of the database lets nobody confirm or stop anything."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from .models import SignUp, Subscriber

CONFIRM, SUBSCRIBER = "subscriptions.confirm", "subscriptions.subscriber"


def for_sign_up(sign_up: SignUp) -> str:
    return signing.TimestampSigner(salt=CONFIRM).sign(sign_up.pk.hex)


def sign_up_of(token: str) -> UUID | None:
    """The key of what is to be confirmed; None for a token that is wrong or older than it may be."""
    limit: timedelta = settings.SUBSCRIPTION_CONFIRM_WITHIN
    return _key(lambda: signing.TimestampSigner(salt=CONFIRM).unsign(token, max_age=limit))


def for_subscriber(subscriber: Subscriber) -> str:
    """Does not expire: whoever still has an old mail may still stop them."""
    return signing.Signer(salt=SUBSCRIBER).sign(subscriber.pk.hex)


def subscriber_of(token: str) -> UUID | None:
    return _key(lambda: signing.Signer(salt=SUBSCRIBER).unsign(token))


def pseudonym_of(email: str) -> str:
    """By which an address that is no longer kept can be answered about."""
    return salted_hmac("subscriptions.pseudonym", email.lower(), algorithm="sha256").hexdigest() if email else ""


def _key(unsign) -> UUID | None:
    try:
        return UUID(hex=unsign())
    except (signing.BadSignature, ValueError):
        return None
