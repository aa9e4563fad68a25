"""The ward's decision about a building's board goes into the building's book by itself, once it is issued.

Only where the dossier was begun from the building's page and still names that building: whose board it is follows
from that, not from what somebody typed. Everything else the managers write down by hand, as they do with boards that
were recognised before the portal.
"""

from datetime import datetime

from django.utils import timezone

from buildings.registry import boards, facts
from services.catalogue.forms import for_building
from services.documents.models import IssuedDocument

from .models import Dossier

PROCEDURE = "1.012888"  # Công nhận Ban quản trị nhà chung cư


def is_asked(dossier: Dossier) -> bool:
    """The dossier asks for a board's recognition and was begun from its building's page."""
    return dossier.building_id is not None and dossier.spec.code == PROCEDURE


def follows(dossier: Dossier) -> bool:
    """What is decided will be in the book of the building by itself."""
    return is_asked(dossier) and facts.is_about(dossier.building, for_building(dossier.spec, dossier.answers))


def write_down(dossier: Dossier, document: IssuedDocument, *, at: datetime) -> None:
    """The result is out, or another in its place. Run again, it writes nothing."""
    if not follows(dossier):
        return
    decision = {"decision": document.official_number, "token": document.token}
    if document.replaces:
        boards.decision_replaced(dossier.building, old=document.replaces.token, **decision, at=at)
        return
    said = for_building(dossier.spec, dossier.answers, dossier.findings)
    facts.decided(dossier.building, said, **decision, decided_on=timezone.localdate(document.issued_at), at=at)
