"""Letters for letter boxes: each carries a code that shows its holder can open the box of that flat.

The code exists on paper alone. What is kept is a keyed digest, bound to the flat; a new letter makes the one
before worthless, and so does anybody's moving out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import override

from portal.core import audit, workflow
from portal.core.addresses import lasting
from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.pdf import print_html

from ..models import Apartment, Building
from . import rules
from .models import LetterCode
from .permissions import operates


class WrongCode(Exception):
    """Not the code of the flat's last letter, or used, or too old."""


class TooMany(Exception):
    """More letters than are printed at once."""


@dataclass(frozen=True)
class Letter:
    apartment: Apartment
    code: str  # as printed: ABCD-EFGH
    url: str  # where it is typed in


def print_letters(building: Building, flats: Sequence[Apartment], *, by: User, at: datetime) -> bytes:
    """A PDF with an A5 sheet for each flat, in the order given. Letters printed before for these flats are void.

    Raises PermissionDenied, TooMany.
    """
    if not operates(by, building.pk):
        raise PermissionDenied
    if len(flats) > rules.LETTERS_AT_ONCE:
        raise TooMany
    letters = issue(building, flats, by=by, at=at)
    operator = building.operator_terms.current().first()
    with override("vi"):
        context = {
            "demo": settings.DEMO,
            "building": building,
            "ward": building.ward,
            "letters": letters,
            "printed_at": at,
            "last_day": last_day(at),
            "agency": operator.company if operator else building.name,
            "phone": operator.phone.as_national if operator and operator.phone else "",
        }
        return print_html(render_to_string("pdf/residence/letters.html", context), archival=False).pdf


def issue(building: Building, flats: Sequence[Apartment], *, by: User, at: datetime) -> list[Letter]:
    """New codes for these flats of the building; only what comes back knows them."""
    letters = [
        Letter(flat, _new_code(), lasting(reverse("residence:claim_role", kwargs={"flat": flat.pk}))) for flat in flats
    ]
    with transaction.atomic():
        locked = workflow.lock(building)
        revoke(flats, at=at)
        LetterCode.objects.bulk_create(
            LetterCode(
                apartment=letter.apartment,
                digest=digest_of(letter.apartment, letter.code),
                printed_at=at,
                printed_by=by,
                expires_at=datetime.combine(last_day(at) + timedelta(days=1), time(), VIETNAM),
            )
            for letter in letters
        )
        audit.record(locked, "letters.printed", by=by, at=at, flats=[flat.number for flat in flats])
    return letters


def last_day(printed_at: datetime) -> date:
    """The last day on which a code is good, all of it, as its letter says."""
    return (printed_at + rules.LETTER_GOOD_FOR).astimezone(VIETNAM).date()


def revoke(flats: Sequence[Apartment], *, at: datetime) -> None:
    LetterCode.objects.filter(apartment__in=flats, used_at=None, revoked_at=None).update(revoked_at=at)


def redeem(apartment: Apartment, code: str, *, by: User, at: datetime) -> LetterCode:
    """Use the flat's code up, in the caller's transaction, on a locked flat. Raises WrongCode."""
    letter = LetterCode.objects.usable(at).filter(apartment=apartment, digest=digest_of(apartment, code)).first()
    if letter is None:
        raise WrongCode
    letter.used_at, letter.used_by = at, by
    letter.save(update_fields=["used_at", "used_by"])
    return letter


def digest_of(apartment: Apartment, code: str) -> str:
    """However it was typed: small letters, spaces, with or without the dash."""
    typed = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return salted_hmac("buildings.residence.letters", f"{apartment.pk}:{typed}", algorithm="sha256").hexdigest()


def _new_code() -> str:
    code = get_random_string(rules.CODE_LENGTH, rules.CODE_LETTERS)
    return f"{code[:4]}-{code[4:]}"
