"""Procedures as their authors write them, and the frozen versions dossiers are filed under."""

from .procedures import Procedure
from .versions import LimitReview, ProcedureVersion

__all__ = ["LimitReview", "Procedure", "ProcedureVersion"]
