"""The result as it will be, before it is signed and numbered."""

from datetime import datetime

from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.pdf import render_pdf
from services.dossiers import slips
from services.dossiers.models import Dossier, DossierState

# From the day it is sent until it is issued; afterwards there is the document itself.
STATES = (DossierState.SUBMITTED, DossierState.SUPPLEMENT, DossierState.ACCEPTED, DossierState.PROCESSING)


def has_draft(dossier: Dossier) -> bool:
    return dossier.state in STATES


def print_draft(dossier: Dossier, *, signer: User | None, at: datetime) -> bytes:
    """The result's PDF, marked as a draft: no number, no signature, no code to check it by.

    `signer` is named where the signature will be, unless it is signed already. Writes nothing.
    """
    dossier.signed_by = dossier.signed_by or signer
    return render_pdf(
        "desk/draft_result.html",
        {
            **slips.result(dossier),
            "title": dossier.spec.result.title,
            "agency": dossier.ward.agency,
            "parent_agency": dossier.ward.parent_agency,
            "number": f"…/{dossier.spec.result.suffix}",
            "place": dossier.ward.name,
            "date": at.astimezone(VIETNAM).date(),
        },
    )
