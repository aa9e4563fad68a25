"""What the killed processes do: run as `python -m tests.never_lost.story <act>`, on a database of its own."""

import json
import sys
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from home.models import AnnouncementIndexPage, AnnouncementPage  # noqa: E402
from home.subscriptions.models import Subscriber, Subscription  # noqa: E402
from home.tenancy.opening import open_ward  # noqa: E402
from portal.core.models import Job, MailboxMessage  # noqa: E402
from services.documents.models import IssuedDocument  # noqa: E402
from services.dossiers import actions  # noqa: E402
from services.dossiers.models import Dossier  # noqa: E402
from tests.factories.dossiers import DossierFactory, advance  # noqa: E402


def prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def submit() -> None:
    """A complete draft is sent; what the resident is told goes to stdout."""
    dossier = DossierFactory(at=timezone.now())
    dossier = actions.submit(dossier, by=dossier.owner, at=timezone.now())
    print(json.dumps({"id": str(dossier.pk), "code": dossier.code}))


def walk() -> None:
    """The desk takes every dossier from the counter to the issued result."""
    for dossier in Dossier.objects.filter(state="submitted"):
        for move in ("accept", "hand_on", "approve", "sign", "number", "issue"):
            dossier = advance(dossier, move, at=timezone.now())


def report() -> None:
    """Every document with the bytes of its file, every promise not kept."""
    documents = [
        {"kind": document.kind, "state": document.state, "sha256": document.sha256, "size": document.size}
        | ({"read": document.file.open().read()[:5].decode()} if document.file else {})
        for document in IssuedDocument.objects.order_by("issued_at")
    ]
    print(
        json.dumps(
            {
                "documents": documents,
                "waiting": Job.objects.exclude(state="done").count(),
                "begun": Job.objects.filter(attempts__gt=0).count(),
                "leased": Job.objects.exclude(leased_until=None).count(),
            }
        )
    )


READERS = 250


def announce() -> None:
    """A ward with many readers publishes an announcement."""
    at = timezone.now()
    facts = {"name": "Việt Hưng", "code": "00127", "agency_code": "H26.004.127", "address": "Phố Vạn Hạnh"}
    page = open_ward(slug="viet-hung", by=None, at=at, phone="02438271234", email="ward@portal.example", **facts)
    people = Subscriber.objects.bulk_create(
        Subscriber(email=f"an{number}@portal.example", since=at) for number in range(READERS)
    )
    Subscription.objects.bulk_create(Subscription(subscriber=person, ward=page.ward, since=at) for person in people)
    AnnouncementIndexPage.objects.child_of(page).get().add_child(
        instance=AnnouncementPage(title="Tiêm chủng", kind="tiem-chung-phong-dich", summary="Thứ Bảy.", live=False)
    )
    AnnouncementPage.objects.get().save_revision().publish()


def mailbox() -> None:
    """How often each reader was written to."""
    found = Counter(MailboxMessage.objects.values_list("to", flat=True))
    waiting = Job.objects.exclude(state="done").filter(kind__startswith="subscriptions.").count()
    print(json.dumps({"readers": len(found), "mails": found.total(), "waiting": waiting}))


if __name__ == "__main__":
    acts = (prepare, submit, walk, report, announce, mailbox)
    {act.__name__: act for act in acts}[sys.argv[1]]()
