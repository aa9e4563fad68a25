"""The apology as it will be, before the head of the agency signs it."""

from datetime import datetime

from buildings.models import holders_of
from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.pdf import render_pdf_now
from services.dossiers import slips
from services.dossiers.models import Lateness


def has_letter(case: Lateness) -> bool:
    """Whether somebody has written what the letter says."""
    return bool(case.apology) and case.signed_at is None


def print_letter(case: Lateness, *, signer: User | None, at: datetime) -> bytes:
    """Form 04, marked as a draft: no number, no signature, no code to check it by. Writes nothing.

    Without `signer` the agency's first head is named where the signature will be. Raises pdf.Busy.
    """
    dossier = case.dossier
    first = holders_of(dossier.agency.head, dossier.ward).select_related("user").first()
    case.signed_by = signer or (first.user if first else None)
    form = dossier.rules.form(slips.APOLOGY, dossier.spec.slip_family)
    context = {
        **slips.apology(case),
        "form": {"number": form.number, "basis": dossier.rules.basis[-1]},
        "title": form.title,
        "agency": dossier.agency.name_in(dossier.ward),
        "parent_agency": dossier.agency.parent_in(dossier.ward),
        "number": f"…/{form.suffix}",
        "place": dossier.ward.name,
        "date": at.astimezone(VIETNAM).date(),
    }
    return render_pdf_now("desk/lateness/draft_letter.html", context)
