"""The control slip, PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ (form 06): who gave a dossier to whom, and when.

It writes itself: each line is a recorded hand-over, its result read off the moment of arrival.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.pdf import render_pdf_now
from services.dossiers import slips
from services.dossiers.models import Dossier, HandOver, Step

KIND = slips.CONTROL

# How a result is shown (templatetags/components/telling.py, TONES).
TONES = {HandOver.Result.EARLY: "done", HandOver.Result.ON_TIME: "done", HandOver.Result.LATE: "late"}


@dataclass(frozen=True)
class Party:
    """One side of a hand-over: the unit, and the person who acted for it."""

    unit: str
    person: str


@dataclass(frozen=True)
class Line:
    giver: Party
    receiver: Party
    given_at: datetime
    received_at: datetime | None
    result: str  # in words; nothing where no due time stood before it
    tone: str
    note: str


def lines(dossier: Dossier) -> list[Line]:
    """The hand-overs in their order, in one query."""
    found = dossier.hand_overs.select_related("from_step", "to_step", "giver", "receiver").order_by("seq")
    return [
        Line(
            giver=_party(hand_over.from_step, hand_over.giver),
            receiver=_party(hand_over.to_step, hand_over.receiver),
            given_at=hand_over.given_at,
            received_at=hand_over.received_at,
            result=str(hand_over.get_result_display()) if hand_over.result else "",
            tone=TONES.get(HandOver.Result(hand_over.result), "") if hand_over.result else "",
            note=hand_over.note,
        )
        for hand_over in found
    ]


def context(dossier: Dossier) -> dict[str, Any]:
    """What the slip says above its lines, on the screen as in print."""
    return {
        "code": dossier.code,
        "procedure": dossier.spec.name,
        "applicant": dossier.applicant_name,
        "handled_by": dossier.agency.in_words(dossier.ward),
        "with_agency": dossier.verification_asked.agency if dossier.verification_asked else "",
        "received_at": dossier.accepted_at or dossier.submitted_at,
        "due_at": dossier.due_at,
        "rescheduled_to": dossier.rescheduled_to,
        "lines": lines(dossier),
        "form": dossier.rules.form(KIND),
    }


def printed(dossier: Dossier, *, at: datetime) -> bytes:
    """The slip as it stands at this moment, as a PDF; it gets its number when the dossier has ended."""
    form = dossier.rules.form(KIND)
    return render_pdf_now(
        "pdf/dossiers/control.html",
        {
            **slips.control(dossier, notes=True),
            "form": {"number": form.number},
            "title": form.title,
            "agency": dossier.agency.name_in(dossier.ward),
            "desk": slips.desk_of(dossier),
            "number": f"……/{form.suffix}",
            "place": dossier.ward.name,
            "date": at.astimezone(VIETNAM).date(),
        },
    )


def _party(step: Step | None, person: User | None) -> Party:
    if step is None:
        return Party(_("Người nộp hồ sơ"), str(person or ""))
    return Party(str(step.get_position_display()), str(person or step.assignee or ""))
