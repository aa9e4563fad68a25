"""What the killed processes do: run as `python -m tests.never_lost.story <act>`, on a database of its own."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.core.models import Job  # noqa: E402
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


if __name__ == "__main__":
    {"prepare": prepare, "submit": submit, "walk": walk, "report": report}[sys.argv[1]]()
