"""The result as it will be, before it is issued."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.pdf import render_pdf_now
from services.documents.models import IssuedDocument
from services.dossiers import slips
from services.dossiers.models import Dossier, DossierState

# From the day it is sent until it is issued; afterwards there is the document itself.
STATES = (DossierState.SUBMITTED, DossierState.SUPPLEMENT, DossierState.ACCEPTED, DossierState.PROCESSING)


def has_draft(dossier: Dossier) -> bool:
    return dossier.state in STATES


def print_draft(dossier: Dossier, *, signer: User | None, at: datetime) -> bytes:
    """The result's PDF, marked as a draft: number and date once it has them, no signature, no code to check it by.

    `signer` is named where the signature will be, unless it is signed already. Everything else is what
    they will sign (`digest`). Writes nothing. Raises pdf.Busy.
    """
    context = slips.result(dossier, signer=dossier.signed_by or signer, at=dossier.signed_at or at)
    return _print(dossier, context, IssuedDocument.objects.about(dossier).filter(kind=slips.RESULT).first())


def print_correction(dossier: Dossier, mended: Mapping[str, str], *, signer: User | None, at: datetime) -> bytes:
    """The corrected result, as `print_draft` prints the first one."""
    return _print(dossier, slips.result(dossier, signer=signer, at=at, mended=mended))


def _print(dossier: Dossier, context: dict[str, Any], document: IssuedDocument | None = None) -> bytes:
    return render_pdf_now("desk/draft_result.html", _on_paper(dossier, context, document))


def digest(dossier: Dossier, *, signer: User, at: datetime) -> str:
    """What `signer` would sign now; a screen sends it back with the signature."""
    return slips.digest_of_result(dossier, signer=signer, at=at)


def _on_paper(dossier: Dossier, context: dict[str, Any], document: IssuedDocument | None) -> dict[str, Any]:
    numbered = document if document and document.number else None
    return {
        **context,
        "title": dossier.spec.result.title,
        "agency": dossier.agency.name_in(dossier.ward),
        "parent_agency": dossier.agency.parent_in(dossier.ward),
        "number": numbered.official_number if numbered else f"…/{dossier.spec.result.suffix}",
        "place": dossier.ward.name,
        "date": numbered.issued_at.astimezone(VIETNAM).date() if numbered else None,
    }
