"""People the office knows face to face: found by what they say, given an account if they have none."""

from datetime import date, datetime

from django.db import transaction

from .. import audit
from ..models import User
from . import proven
from .fields import as_e164

FOUND_AT_MOST = 5


def find_people(contact: str) -> list[User]:
    """Active accounts with exactly this proved phone number, or personal number; nothing is found by a part of one.

    A personal number is what people said of themselves: who asks must still make sure that the
    account is this person's.
    """
    text = "".join(contact.split())
    people = User.objects.filter(is_active=True)
    if len(text) == 12 and text.isascii() and text.isdigit():
        return list(people.filter(personal_number=text).order_by("pk")[:FOUND_AT_MOST])
    phone = as_e164(contact)
    return list(proven.by_phone(phone)) if phone else []


def open_account(
    *, full_name: str, personal_number: str, phone: str, birth_date: date | None, by: User, at: datetime
) -> User:
    """An account for somebody who has none: no password, so that nobody signs in to it.

    It becomes theirs once they prove the phone number by its code (the way of a forgotten password).
    """
    with transaction.atomic():
        if phone:
            proven.release_phone(phone)
        user = User(full_name=full_name, personal_number=personal_number, phone=phone or None, birth_date=birth_date)
        user.set_unusable_password()
        user.save()
        audit.record(user, "account_opened_at_counter", by=by, at=at)
    return user
