"""Dossiers: what a resident asked for, where it stands, who owes the next step and by when."""

from .answering import Interest, Lateness, LatenessQuerySet
from .dossier import (
    AT_DESK_STATES,
    DRAFT_KEPT,
    ENDED_STATES,
    OPEN_STATES,
    WAITING_STATES,
    Dossier,
    DossierQuerySet,
    DossierState,
    at_desk_of,
    new_secret,
)
from .findings import FindingSheet
from .papers import Attachment, private_storage
from .results import Correction, CorrectionQuerySet, ResultDelivery
from .steps import HandOver, Pause, Step
from .supplements import SupplementItem, SupplementRequest
from .verification import Verification

__all__ = [
    "AT_DESK_STATES",
    "DRAFT_KEPT",
    "ENDED_STATES",
    "OPEN_STATES",
    "WAITING_STATES",
    "Attachment",
    "Correction",
    "CorrectionQuerySet",
    "Dossier",
    "DossierQuerySet",
    "DossierState",
    "FindingSheet",
    "HandOver",
    "Interest",
    "Lateness",
    "LatenessQuerySet",
    "Pause",
    "ResultDelivery",
    "Step",
    "SupplementItem",
    "SupplementRequest",
    "Verification",
    "at_desk_of",
    "new_secret",
    "private_storage",
]
