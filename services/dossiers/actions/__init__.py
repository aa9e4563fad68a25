"""What can be done to a dossier: one function a business action, one transaction each.

Each locks the row, makes one move of the table, writes what belongs to it and promises what
follows. All take `by` (who) and `at` (when). They raise what `core.workflow.apply` raises:
IllegalMove when somebody was quicker, PermissionDenied when it is not theirs, Blocked when the
lateness gate is shut. What opens that gate again is `lateness.py`.
"""

from .ending import stop, withdraw
from .finding import FindingsMissing, record_findings
from .intake import (
    Incomplete,
    accept,
    answer_supplement,
    applicant_name,
    approve_supplement,
    close_silent,
    decline_supplement,
    hand_on,
    problems_of,
    propose_supplement,
    refuse,
    request_supplement,
    submit,
)
from .locking import StepMoved
from .signing import ResultChanged, confirm_receipt, deliver, issue, number, sign
from .succession import change_ward, change_ward_of_draft
from .work import (
    approve,
    approve_interest,
    ask_confirmation,
    ask_fee,
    ask_verification,
    ask_visit,
    confirm,
    cover,
    declare_interest,
    dispute,
    expect_visit,
    reassign,
    record_fee,
    record_visit,
    send_back,
    take,
)

__all__ = [
    "FindingsMissing",
    "Incomplete",
    "ResultChanged",
    "StepMoved",
    "accept",
    "answer_supplement",
    "applicant_name",
    "approve",
    "approve_interest",
    "approve_supplement",
    "ask_confirmation",
    "ask_fee",
    "ask_verification",
    "ask_visit",
    "change_ward",
    "change_ward_of_draft",
    "close_silent",
    "confirm",
    "confirm_receipt",
    "cover",
    "decline_supplement",
    "declare_interest",
    "deliver",
    "dispute",
    "expect_visit",
    "hand_on",
    "issue",
    "number",
    "problems_of",
    "propose_supplement",
    "reassign",
    "record_fee",
    "record_findings",
    "record_visit",
    "refuse",
    "request_supplement",
    "send_back",
    "sign",
    "stop",
    "submit",
    "take",
    "withdraw",
]
