"""The ward's decision about a building's board goes into the building's book by itself, once it is issued.

Only where the dossier was begun from the building's page and still names that building: whose board it is follows
from that, not from what somebody typed. Everything else the managers write down by hand, as they do with boards that
were recognised before the portal.
"""

from datetime import datetime

from django.utils import timezone

from buildings.models import Building
from buildings.registry import boards, facts
from services.catalogue.answers import for_building
from services.documents.models import IssuedDocument

from .models import Dossier

PROCEDURE = "1.012888"  # Công nhận Ban quản trị nhà chung cư


def asked_for(dossier: Dossier) -> Building | None:
    """The building from whose page the dossier was begun, if it asks for the recognition of a board."""
    return dossier.building if dossier.spec.code == PROCEDURE else None


def follows(dossier: Dossier) -> bool:
    """What is decided will be in the book of the building by itself."""
    building = asked_for(dossier)
    return building is not None and facts.is_about(building, for_building(dossier.spec, dossier.answers))


def write_down(dossier: Dossier, document: IssuedDocument, *, at: datetime) -> None:
    """The result is out, or another in its place. Run again, it writes nothing."""
    building = asked_for(dossier)
    if building is None or not follows(dossier):
        return
    decision = {"decision": document.official_number, "token": document.token}
    if document.replaces:
        boards.decision_replaced(building, old=document.replaces.token, **decision, at=at)
        return
    said = for_building(dossier.spec, dossier.answers, dossier.findings)
    facts.decided(building, said, **decision, decided_on=timezone.localdate(document.issued_at), at=at)
