"""Services and dossiers as residents meet them: filing, following, talking, rating, checking a document."""

from collections.abc import Callable
from uuid import UUID

from services.conversation import actions as conversation
from services.documents.models import IssuedDocument
from services.dossiers.models import Attachment
from services.ratings import actions as ratings
from tests.access.answers import (
    OWNER,
    POSTED,
    PUBLIC,
    SIGNED_IN,
    WITH_DESK,
    Rows,
    only,
)
from tests.access.world import World, dossier, nothing, visit
from tests.factories.dossiers import AT, photo


def paper(state: str) -> Callable[[World], dict]:
    def named(world: World) -> dict:
        return world.of(state, attachment=Attachment.objects.filter(dossier=world.dossiers[state]).first().pk)

    return named


def service(world: World) -> dict:
    return {"ward": "viet-hung", "procedure": "xac-nhan-hon-nhan"}


def document(world: World) -> IssuedDocument:
    return IssuedDocument.objects.about(world.dossiers["done"]).get(kind="result")


def enclosure(world: World) -> dict:
    """A file sent with a message; asked for twice it is one."""
    sent = conversation.write(
        world.dossiers["accepted"],
        by=world.people["owner"],
        at=AT,
        text="Ảnh kèm theo.",
        files=[photo()],
        token=UUID(int=1),
    )
    return world.of("accepted", file=sent.files.get().pk)


def rated(world: World) -> dict:
    ratings.rate(world.dossiers["processing"], "receipt", by=world.people["owner"], at=AT, score=4)
    return world.of("processing", event="tiep-nhan")


ROWS: Rows = {
    "catalogue:services": (lambda world: {"ward": "viet-hung"}, PUBLIC),
    "catalogue:procedure": (service, PUBLIC),
    "dossiers:start": (service, SIGNED_IN),
    "dossiers:lookup": (nothing, PUBLIC),
    "dossiers:list": (nothing, SIGNED_IN),
    "dossiers:detail": (dossier("accepted"), OWNER),
    "dossiers:withdraw": (dossier("accepted"), OWNER),
    "dossiers:delete": (dossier("draft"), OWNER),
    "dossiers:renew": (dossier("draft"), only(owner=302)),  # its version is in force: back to the check
    "dossiers:delivery": (dossier("draft"), OWNER),
    "dossiers:page": (dossier("draft", page="hon-nhan"), OWNER),
    "dossiers:check": (dossier("draft"), OWNER),
    "dossiers:confirmation": (dossier("submitted"), OWNER),
    "dossiers:agreement": (dossier("confirming"), OWNER),
    "dossiers:supplement": (dossier("supplement"), OWNER),
    "dossiers:supplement_item": (dossier("supplement", field="muc_dich"), OWNER),
    "dossiers:file": (paper("submitted"), WITH_DESK),
    "dossiers:thumbnail": (paper("submitted"), WITH_DESK),
    "conversation:conversation": (dossier("accepted"), OWNER),
    "conversation:file": (enclosure, WITH_DESK),
    "ratings:rate": (dossier("accepted", event="tiep-nhan"), OWNER),
    "ratings:thanks": (rated, OWNER),
    "documents:verify": (nothing, PUBLIC),
    "documents:verify_token": (lambda world: {"token": document(world).token}, PUBLIC),
    "documents:download": (lambda world: {"id": document(world).pk}, WITH_DESK),
    "appointments:day": (visit, OWNER),
    "appointments:time": (visit, only(owner=302)),  # without a day: back to the days
    "appointments:check": (visit, only(owner=302)),
    "appointments:booked": (visit, OWNER),
    "appointments:cancel": (visit, OWNER),
    "appointments:calendar_file": (visit, OWNER),
    "dossiers:confirm_receipt": (dossier("done"), POSTED),
}
