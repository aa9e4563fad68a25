"""Flats: one's own, the household of an owner, the managers' residents."""

from datetime import timedelta

from django.core.files.base import ContentFile

from buildings.models import Residency
from buildings.residence.models import Invitation
from tests.access.answers import POSTED, SIGNED_IN, Rows, everyone, only
from tests.access.rows.buildings import STAFF, building
from tests.access.world import AT, World, nothing
from tests.factories.buildings import ResidencyFactory

OPERATORS = only("manager", "building_head")  # the board's chair sees numbers alone
FLAT_OWNER = only("flat_owner")
ON = {**everyone(302)}  # leads on: nothing was answered before


def ward(world: World) -> dict:
    return {"ward": world.building.ward.slug}


def flat(world: World) -> dict:
    return {"flat": world.flat.pk}


def own(world: World) -> dict:
    """The flat owner's, with a proof that is still kept."""
    residency = Residency.objects.get(user=world.people["flat_owner"])
    if not residency.proof:
        residency.proof_name, residency.proof_mime = "so-hong.pdf", "application/pdf"
        residency.proof.save("so-hong.pdf", ContentFile(b"%PDF-"))
    return {"residency": residency.pk}


def asked(world: World) -> dict:
    """Somebody who asks to be a member of the flat owner's household."""
    asking = Residency.objects.asked().filter(apartment=world.flat).first()
    return {"residency": (asking or ResidencyFactory(apartment=world.flat, role="member", asked=True)).pk}


def invitation(world: World) -> dict:
    """To somebody who lives elsewhere and has proved their address."""
    invited = world.people["other_resident"]
    invited.emailaddress_set.get_or_create(email=invited.email, defaults={"verified": True, "primary": True})
    made, _new = Invitation.objects.get_or_create(
        apartment=world.flat,
        invited_by=world.people["flat_owner"],
        email=invited.email,
        defaults={"invited_at": AT, "expires_at": AT + timedelta(days=30)},
    )
    return {"invitation": made.pk}


ROWS: Rows = {
    "residence:mine": (nothing, SIGNED_IN),
    "residence:claim": (nothing, ON),  # one ward alone has flats
    "residence:claim_building": (ward, SIGNED_IN),
    "residence:claim_flat": (building, SIGNED_IN),
    "residence:claim_role": (flat, {**SIGNED_IN, "flat_owner": 302}),
    "residence:claim_dates": (flat, ON),
    "residence:claim_evidence": (flat, ON),
    "residence:claim_send": (flat, ON),
    "residence:residency": (own, FLAT_OWNER),
    "residence:claimed": (own, FLAT_OWNER),
    "residence:leave": (own, FLAT_OWNER),
    "residence:phone": (own, POSTED),
    "residence:proof": (own, FLAT_OWNER),
    "residence:invitation": (invitation, only("other_resident")),
    "residence:household": (flat, FLAT_OWNER),
    "residence:invite": (flat, FLAT_OWNER),
    "residence:take_back": (lambda world: {**flat(world), **invitation(world)}, POSTED),
    "residence:household_decide": (lambda world: {**flat(world), **asked(world), "move": "xac-nhan"}, FLAT_OWNER),
    "residence:manage_residents": (building, STAFF),
    "residence:manage_letters": (building, OPERATORS),
    "residence:manage_resident": (lambda world: {**building(world), **own(world)}, OPERATORS),
    "residence:manage_proof": (lambda world: {**building(world), **own(world)}, OPERATORS),
    "residence:manage_decide": (lambda world: {**building(world), **asked(world), "move": "xac-nhan"}, OPERATORS),
}
