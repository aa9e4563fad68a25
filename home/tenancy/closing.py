"""Closing a ward: it takes nothing new, its pages stay to be read, its editors lose the door."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Revision, WorkflowState

from buildings.models import Membership, Ward
from buildings.roles import Position
from portal.core import audit
from portal.core.models import User

from ..editing.editors import people_of, settle
from ..models import WardPage


@transaction.atomic
def close_ward(ward: Ward, *, by: User | None, at: datetime, because: str) -> bool:
    """Close a ward that nobody takes over from: its desk finishes what is open. False when it is closed already."""
    if not shut(ward, by=by, at=at, because=because):
        return False
    for membership in editing_positions(ward):
        end_position(membership, at=at, by=by)
    return True


def editing_positions(ward: Ward) -> QuerySet[Membership]:
    """What ends with the ward's pages. Leaders stay: they finish what is open at the desk, and change no pages."""
    writing = (Position.WARD_EDITOR, Position.CULTURE_OFFICER)
    return Membership.objects.current().filter(ward=ward, position__in=writing)


def shut(ward: Ward, *, at: datetime, because: str, by: User | None = None) -> bool:
    """No new dossiers and no new pages from now on. Inside the caller's transaction; twice is once."""
    locked = Ward.objects.select_for_update(of=("self",)).get(pk=ward.pk)
    if locked.closed_at:
        return False
    locked.is_open, locked.closed_at = False, at
    locked.save(update_fields=["is_open", "closed_at"])
    for person in people_of(ward):
        settle(person)  # a leader who stays for its dossiers approves no pages any more
    if page := WardPage.objects.filter(ward=ward).first():
        pages = page.get_descendants(inclusive=True)
        # Nobody is left who could stop what publishes itself. What ends by itself still ends.
        keys = [str(pk) for pk in pages.values_list("pk", flat=True)]
        Revision.page_revisions.filter(object_id__in=keys, approved_go_live_at__isnull=False).update(
            approved_go_live_at=None
        )
        for state in WorkflowState.objects.active().filter(object_id__in=keys, base_content_type__model="page"):
            state.cancel(user=by)
    audit.record(locked, "ward.closed", by=by, at=at, ward_id=ward.pk, public=True, because=because)
    return True


def end_position(membership: Membership, *, at: datetime, by: User | None = None) -> None:
    """The person leaves the position; past steps still name them. Inside the caller's transaction."""
    membership.ended_at = max(at, membership.began_at)
    membership.save(update_fields=["ended_at"])
    settle(membership.user)
    audit.record(
        membership.ward,
        "position.ended",
        by=by,
        at=at,
        ward_id=membership.ward_id,
        person=membership.user_id,
        position=membership.position,
    )
