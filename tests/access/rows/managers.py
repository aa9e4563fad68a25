"""The managers' desk: what residents ask, lateness, contractors, what is handed over to the ward."""

from datetime import timedelta

from django.core.files.base import ContentFile

from buildings.requests import actions, contractors, lateness, photos, referrals
from buildings.requests.models import BuildingRequest, RequestLateness, RequestPhoto, WardReferral
from tests.access.answers import POSTED, PUBLIC, Rows, only
from tests.access.rows.buildings import STAFF, building
from tests.access.world import World, nothing
from tests.factories.dossiers import AT
from tests.factories.requests import a_request, picture


def asked(world: World) -> BuildingRequest:
    """What the flat's owner reported, with a picture; a contractor has a link to it."""
    if "new" not in world.asked:
        request = a_request(world.building, by=world.people["flat_owner"], at=AT)
        photos.add(request.token, picture(), by=request.reporter, at=AT)
        photos.attach(request, request.token, by=request.reporter, kind=RequestPhoto.Kind.REPORT)
        given, secret = contractors.send_link(request, by=world.people["manager"], at=AT, name="Cơ điện Sông Hồng")
        given.secret = secret
        world.asked["new"] = given
    return world.asked["new"]


def late(world: World) -> BuildingRequest:
    """Answered for as far as the letter, which waits for the head's signature."""
    if "late" not in world.asked:
        began = AT - timedelta(days=30)
        request = a_request(world.building, by=world.people["flat_owner"], at=began, category="cleaning")
        manager, head = world.people["manager"], world.people["building_head"]
        case = lateness.find_late(request, at=AT)
        proof = RequestLateness._meta.get_field("evidence").storage.save("evidence/x", ContentFile(b"%PDF-"))
        process = lateness.process
        case = process.explain(
            case, by=manager, at=AT, cause="own", text="a", remedy="b", evidence=proof, evidence_name="x.pdf"
        )
        case = process.accept_explanation(case, by=head, at=AT)
        process.draft_apology(case, by=manager, at=AT, text="a", new_due_at=None)
        world.asked["late"] = request
    return world.asked["late"]


def one(world: World, **more) -> dict:
    return {**building(world), "id": asked(world).pk, **more}


def late_one(world: World, **more) -> dict:
    return {**building(world), "id": late(world).pk, **more}


def referral(world: World) -> WardReferral:
    """What the building handed over to the ward."""
    if "referred" not in world.asked:
        request = a_request(world.building, by=world.people["flat_owner"], at=AT)
        photos.add(request.token, picture(1), by=request.reporter, at=AT)
        photos.attach(request, request.token, by=request.reporter, kind=RequestPhoto.Kind.REPORT)
        actions.accept(request, by=world.people["manager"], at=AT)
        referrals.refer(request, by=world.people["manager"], at=AT, reason="a")
        world.asked["referred"] = request
    return world.asked["referred"].referrals.get()


ANSWERING = only("clerk", "specialist", "leader")
OPERATORS = {**STAFF, "board_chair": 403}
HEAD = {**STAFF, "board_chair": 403, "manager": 403}

ROWS: Rows = {
    "building_desk:work": (building, STAFF),
    "building_desk:board": (building, STAFF),
    "building_desk:lateness": (building, STAFF),
    "building_desk:posters": (building, STAFF),
    "building_desk:posters_add": (building, POSTED),
    "building_desk:report": (building, STAFF),
    "building_desk:report_print": (building, STAFF),
    "building_desk:request": (one, STAFF),
    "building_desk:move": (lambda world: one(world, slug="tiep-nhan"), OPERATORS),
    "building_desk:say": (one, POSTED),
    "building_desk:revoke": (one, POSTED),
    "building_desk:photo": (lambda world: one(world, photo=asked(world).photos.get().pk), STAFF),
    "building_desk:road": (lambda world: late_one(world, slug="ky"), HEAD),
    "building_desk:letter": (late_one, STAFF),
    "building_desk:evidence": (lambda world: late_one(world, case=late(world).latenesses.get().pk), STAFF),
    # Whoever holds the secret has the work, and nothing else (tests/buildings/desk/test_contractors.py).
    "building_desk:contractor": (lambda world: {"secret": asked(world).secret}, PUBLIC),
    "building_desk:contractor_photo": (
        lambda world: {"secret": asked(world).secret, "photo": asked(world).photos.get().pk},
        PUBLIC,
    ),
    "desk:buildings": (nothing, {**ANSWERING, "clerk_elsewhere": 200, "leader_elsewhere": 200}),
    "desk:referral": (lambda world: {"id": referral(world).pk}, ANSWERING),
    "desk:referral_take": (lambda world: {"id": referral(world).pk}, POSTED),
    "desk:referral_photo": (
        lambda world: {"id": referral(world).pk, "photo": referral(world).request.photos.get().pk},
        ANSWERING,
    ),
}
