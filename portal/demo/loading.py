"""Loading the demo, piece by piece; what is there stays, so that it can be called at every start."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from buildings.models import Membership, Ward
from home.editing.editors import settle
from home.tenancy.opening import open_ward
from services.dossiers.models import Dossier

from . import (
    announcements,
    appointments,
    building_meetings,
    building_notices,
    building_requests,
    conversation,
    dossiers,
    office,
    people,
    places,
    residence,
    upkeep,
)


def load(*, progress: Callable[[str], object], at: datetime | None = None) -> None:
    """Wards, people, pages and dossiers as of `at` (now). Complete once, or continued where it broke off."""
    # A ward's dossiers come last, all at once. Their codes stay, whatever a visitor made of the ward since.
    if Dossier.objects.filter(code__startswith=f"{places.WARDS[-1].agency_code}-").exists():
        return
    now = at or timezone.now()
    began = now - timedelta(days=120)
    progress("  working calendar and procedures")
    call_command("seed_calendar", verbosity=0)
    call_command("load_procedures", verbosity=0)
    operator = people.load_operator()
    _grant(people.load_people_above(at=began))
    for index, place in enumerate(places.WARDS):
        progress(f"  phường {place.name}")
        page = open_ward(
            slug=place.slug,
            by=None,
            at=began,
            name=place.name,
            code=place.code,
            agency_code=place.agency_code,
            address=place.address,
            phone=place.phone,
            email=place.email,
        )
        ward: Ward = page.ward
        places.load_buildings(ward, place, by=operator, at=began)
        _grant(people.load_staff(ward, index, at=began))
        residents = people.load_residents(ward, index, at=began)
        announcements.load_announcements(ward)
        with transaction.atomic():
            if not Dossier.objects.filter(ward=ward).exists():
                with _kept_inside():
                    residence.load_residence(ward, residents, index, at=now)
                    office.load_days_off(ward, at=now)
                    building_requests.load_requests(ward, residents, at=now)
                    building_notices.load_notices(ward, residents, at=now)
                    building_meetings.load_meetings(ward, residents, at=now)
                    upkeep.load_upkeep(ward, at=now)
                    dossiers.load_dossiers(ward, residents, at=now)
                    appointments.load_appointments(ward, residents, at=now)
                    conversation.load_conversations(ward, residents, at=now)
                    office.load_correction(ward, at=now)


@contextmanager
def _kept_inside() -> Iterator[None]:
    """What is told of the past stands in the inboxes; nobody is sent hundreds of old messages, and the first
    real one does not wait behind them."""
    channels = settings.NOTIFICATION_CHANNELS
    settings.NOTIFICATION_CHANNELS = []
    try:
        yield
    finally:
        settings.NOTIFICATION_CHANNELS = channels


def _grant(memberships: Iterable[Membership]) -> None:
    for membership in memberships:
        settle(membership.user)
