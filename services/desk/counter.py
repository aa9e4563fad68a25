"""Filing for a person who came in: who it is, what they want, that they agree.

The clerk gets to a person through a signed, short-lived address, never by a number that can be
counted up; and to nothing of that person but the draft begun here.
"""

from django.core import signing

from buildings.models import Ward
from portal.core.models import User
from services.dossiers.models import Dossier, DossierQuerySet

SALT = "desk.counter"
MINUTES = 30  # as long as somebody stands at the counter


def ticket(person: User, *, clerk: User) -> str:
    """The address of a person for this clerk, for half an hour."""
    return signing.dumps([person.pk, clerk.pk], salt=SALT)


def person_of(ticket: str, *, clerk: User) -> User | None:
    """Whom a ticket names; nobody for a forged, old or borrowed one."""
    try:
        person_id, clerk_id = signing.loads(ticket, salt=SALT, max_age=MINUTES * 60)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if clerk_id != clerk.pk:
        return None
    return User.objects.filter(pk=person_id, is_active=True).first()


def drafts_of(clerk: User, ward: Ward) -> DossierQuerySet:
    """What this clerk began here and has not sent, the newest first."""
    begun = Dossier.objects.filled_in_by(clerk).drafts().filter(ward=ward, filed_by=clerk)
    return begun.with_people().order_by("-changed_at")
