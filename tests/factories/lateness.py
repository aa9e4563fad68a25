"""Dossiers that are held up, walked along the road out by the real process: what tests see is what people do."""

from datetime import datetime, timedelta

from buildings.roles import Position
from portal.core.lateness import LatenessState
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import lateness
from services.dossiers.models import Dossier, Lateness

from .buildings import officer

L = LatenessState
ROAD = (L.EXPLAINING, L.EXPLAINED, L.APOLOGISING, L.DRAFTED, L.SIGNED, L.SENT, L.TOLD)

EXPLANATION = {
    "cause": "own",
    "text": "Hồ sơ bị để sót khi bàn giao ca trực.",
    "remedy": "Thẩm định ngay trong hôm nay.",
}
APOLOGY = "Phường đã để sót hồ sơ của Ông/Bà khi bàn giao ca trực."


def late_case(
    dossier: Dossier, state: str = L.EXPLAINING, *, at: datetime, new_due_at: datetime | None = None, **explanation
) -> Lateness:
    """The case of a dossier whose current step is past its due time at `at`, led up to this state.

    Each step of the road is taken a minute after the one before, by whoever it belongs to.
    """
    case = lateness.find_late(dossier, at=at)
    assert case, f"{dossier.code} is not late at {at}"
    case.dossier = dossier
    for number, reached in enumerate(ROAD[1 : ROAD.index(state) + 1], start=1):
        case = _further(
            case, reached, at=at + timedelta(minutes=number), new_due_at=new_due_at, explanation=explanation
        )
    return Lateness.objects.get(pk=case.pk)


def _further(case: Lateness, reached: str, *, at: datetime, new_due_at: datetime | None, explanation: dict) -> Lateness:
    head = officer(Position.LEADER, case.dossier.ward)
    process = lateness.process
    match reached:
        case L.EXPLAINED:
            return process.explain(case, by=case.responsible, at=at, **(EXPLANATION | explanation))
        case L.APOLOGISING:
            return process.accept_explanation(case, by=head, at=at)
        case L.DRAFTED:
            return process.draft_apology(case, by=case.responsible, at=at, text=APOLOGY, new_due_at=new_due_at)
        case L.SIGNED:
            signed = process.sign_apology(case, by=head, at=at)
            for letter in IssuedDocument.objects.about(case.dossier).filter(kind="apology", file=""):
                render(str(letter.pk), at=at)
            return signed
        case L.SENT:
            return process.send_apology(case, at=at)
        case _:
            return process.arrive(case, at=at, how="email: an@portal.example")
