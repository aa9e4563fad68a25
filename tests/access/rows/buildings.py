"""Buildings: residents, managers, the requests between them."""

from django.core.files.base import ContentFile

from buildings.requests import lateness
from tests.access.answers import POSTED, PUBLIC, SIGNED_IN, Rows, only
from tests.access.world import BUILDING_STAFF, World, nothing, to_request

# The managers' desk of one building: its staff alone. The first page leads on whoever has one building.
STAFF = only(*BUILDING_STAFF)


def building(world: World) -> dict:
    return {"ward": world.building.ward.slug, "building": world.building.slug}


RESIDENTS = only("flat_owner")


def request(world: World) -> dict:
    return {"id": to_request(world).pk}


def letter(world: World) -> dict:
    """An apology that was signed: its reader is whom it is written to; managers have it on their own desk."""
    sent = to_request(world)
    case = lateness.new_case(sent, at=sent.sent_at)
    case.signed_at = sent.sent_at
    case.letter.save("thu.pdf", ContentFile(b"%PDF-1.7"))
    return {"id": sent.pk, "case": case.pk}


def photo(world: World) -> dict:
    return {"id": to_request(world).photos.get().pk}


# Whoever scans a poster may open the report; who lives there gets a form of their own, others whom to call.
REPORT = {**PUBLIC, "flat_owner": 302}
PICTURES = only("flat_owner", *BUILDING_STAFF)

ROWS: Rows = {
    "requests:new": (building, REPORT),
    "requests:mine": (nothing, SIGNED_IN),
    "requests:request": (request, RESIDENTS),
    "requests:letter": (letter, RESIDENTS),
    "requests:add_photo": (nothing, POSTED),
    "requests:photo": (photo, PICTURES),
    "requests:thumbnail": (photo, PICTURES),
    "building_desk:buildings": (nothing, only(**dict.fromkeys((*BUILDING_STAFF, "manager_next_door"), 302))),
    "building_desk:building": (building, STAFF),
}
