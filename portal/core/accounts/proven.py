"""Whose a contact is: an address or a number that was only typed in at sign-up belongs to nobody yet.

Whoever gives somebody a position, a building or a dossier by their contact asks here. Otherwise a stranger who
signed up with an officer's address first, and never answered the code sent to it, would be given the office.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from ..models import User

# Opened by the office, or on the server: nobody signed up with it.
_BY_OFFICE = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(is_superuser=True)


def by_email(email: str) -> QuerySet[User]:
    """The active account (one at most) whose owner has answered the code sent to this address."""
    proved = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=email, verified=True)
    return User.objects.filter(Q(Exists(proved)) | _BY_OFFICE, email=email.lower(), is_active=True)


def by_phone(phone: str) -> QuerySet[User]:
    """The active account (one at most) whose owner has answered the code sent to this number."""
    return User.objects.filter(Q(phone_verified=True) | _BY_OFFICE, phone=phone, is_active=True)


def release_email(email: str) -> None:
    """Take an address off the account that claims it without having proved it, as its next sign-in by phone would.

    An address that is proved, or of a closed account, stays where it is.
    """
    for user in User.objects.filter(email=email.lower(), is_active=True).exclude(pk__in=by_email(email)):
        EmailAddress.objects.filter(user=user, email__iexact=email).delete()
        user.email = None
        user.save(update_fields=["email"])


def release_phone(phone: str) -> None:
    """Take a number off the account that claims it without having proved it, as its next sign-in by e-mail would."""
    for user in User.objects.filter(phone=phone, is_active=True).exclude(pk__in=by_phone(phone)):
        user.phone = None
        user.save(update_fields=["phone"])
