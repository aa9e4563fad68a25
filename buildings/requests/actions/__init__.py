"""Everything that happens to a request: lock, check, change, record, tell. One function a move of the table.

All take `by` (who) and `at` (when), and raise what `workflow.check` raises: IllegalMove, PermissionDenied, Blocked.
"""

from .resident import confirm, rate, reopen, support, withdraw
from .sending import NobodyAnswers, TooManyReports, alike, code_of, send
from .talking import AlreadyFull, comment, note
from .work import (
    BadDate,
    NeedsProof,
    NotAlike,
    accept,
    assign,
    bring_back,
    come_back,
    finish,
    join,
    plan,
    reclassify,
    refer,
    refuse,
    resume,
    wait,
)

__all__ = [
    "AlreadyFull",
    "BadDate",
    "NeedsProof",
    "NobodyAnswers",
    "NotAlike",
    "TooManyReports",
    "accept",
    "alike",
    "assign",
    "bring_back",
    "code_of",
    "come_back",
    "comment",
    "confirm",
    "finish",
    "join",
    "note",
    "plan",
    "rate",
    "reclassify",
    "refer",
    "refuse",
    "reopen",
    "resume",
    "send",
    "support",
    "wait",
    "withdraw",
]
