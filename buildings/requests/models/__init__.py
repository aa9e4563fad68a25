"""What residents ask of their building, and what is done about it."""

from portal.core.files.storage import private_storage

from .lateness import RequestLateness
from .others import ANSWERING_POSITIONS, ContractorLink, WardReferral
from .requests import (
    ENDED_STATES,
    OPEN_STATES,
    WHAT_LENGTH,
    WORKING_STATES,
    BuildingRequest,
    RequestState,
    Support,
    Urgency,
)
from .said import RequestComment, RequestPhoto, RequestRating

__all__ = [
    "ANSWERING_POSITIONS",
    "ENDED_STATES",
    "OPEN_STATES",
    "WHAT_LENGTH",
    "WORKING_STATES",
    "BuildingRequest",
    "ContractorLink",
    "RequestComment",
    "RequestLateness",
    "RequestPhoto",
    "RequestRating",
    "RequestState",
    "Support",
    "Urgency",
    "WardReferral",
    "private_storage",
]
