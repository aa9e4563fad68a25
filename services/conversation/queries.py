"""What a screen asks of the conversation. Each starts from what the user may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery

from buildings.models import Ward
from portal.core.models import User
from services.dossiers.models import Dossier, DossierQuerySet

from .models import Message, MessageQuerySet


def thread(user: User, dossier: Dossier) -> MessageQuerySet:
    """What this person may read of a conversation, oldest first, with authors and files."""
    return (
        Message.objects.visible_to(user)
        .about(dossier)
        .select_related("author", "answers", "dossier")
        .prefetch_related("files__message")
        .defer("dossier__answers")
        .order_by("sent_at", "pk")
    )


def unanswered(user: User, ward: Ward) -> DossierQuerySet:
    """The dossiers of a ward in which the resident waits for an answer: for the work list and its count."""
    waiting = Message.objects.at_desk_of(user).waiting().filter(dossier__ward=ward)
    return Dossier.objects.at_desk_of(user).filter(ward=ward, pk__in=waiting.values("dossier"))


def longest_waiting_first(dossiers: DossierQuerySet) -> DossierQuerySet:
    """Complaints by the time they must be answered, then messages by how long they have waited.

    Each dossier carries `answer_due_at` (of its first open complaint, or None) and `waiting_since`.
    """
    waits = Message.objects.waiting().filter(dossier=OuterRef("pk"))
    return dossiers.annotate(
        answer_due_at=Subquery(waits.complaints().order_by("due_at").values("due_at")[:1]),
        waiting_since=Subquery(waits.order_by("sent_at").values("sent_at")[:1]),
    ).order_by(F("answer_due_at").asc(nulls_last=True), "waiting_since", "pk")


def complaints(user: User, ward: Ward, *, answered: bool = False) -> MessageQuerySet:
    """The complaints a ward must answer, what is due first on top; or those it has answered, newest first."""
    found = (
        Message.objects.at_desk_of(user)
        .complaints()
        .filter(dossier__ward=ward, answered_at__isnull=not answered)
        .select_related("dossier__version__procedure")
        .defer("dossier__answers", "dossier__version__definition")
    )
    return found.order_by("-answered_at", "pk") if answered else found.order_by("due_at", "pk")


@dataclass(frozen=True)
class Glance:
    """A conversation in a few words, for the page of its dossier."""

    total: int
    unread: int
    waiting: int
    complaints: int
    next_due_at: datetime | None
    last: Message | None


def glance(user: User, dossier: Dossier, side: str) -> Glance:
    seen = Message.objects.visible_to(user).about(dossier)
    unread = ~Q(kind=Message.Kind.NOTE) & ~Q(side=side) & Q(read_at=None)
    waits = Q(side=Message.Side.RESIDENT, answered_at=None)
    counts = seen.aggregate(
        total=Count("pk"),
        unread=Count("pk", filter=unread),
        waiting=Count("pk", filter=waits),
        complaints=Count("pk", filter=waits & Q(kind=Message.Kind.COMPLAINT)),
    )
    last = seen.select_related("author").order_by("-sent_at", "-pk").first() if counts["total"] else None
    due = (
        seen.complaints().waiting().order_by("due_at").values_list("due_at", flat=True).first()
        if counts["complaints"]
        else None
    )
    return Glance(**counts, next_due_at=due, last=last)
