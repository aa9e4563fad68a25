"""The table of legal moves of a dossier (domain.md §1.2). Screens and server read the same rows.

Every move of the desk stands behind the lateness gate; the resident's rights, and what the watch
does in their favour, do not.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.workflow import Transition
from services.documents.models import IssuedDocument

from . import slips
from .models import (
    AT_DESK_STATES,
    OPEN_STATES,
    WAITING_STATES,
    Dossier,
    DossierState,
    ResultDelivery,
    Step,
    Verification,
)
from .permissions import (
    examines,
    fills_in,
    is_owner,
    is_system,
    leads,
    owes_step,
    owner_or_system,
    receives,
    signs_step,
    works_at_desk,
)

S = DossierState
AT_THE_DESK = frozenset(AT_DESK_STATES)


def is_blocked(dossier: Dossier, at: datetime) -> bool:
    """The lateness gate: shut from the moment the current step is late until its case is closed.

    Read off the due time itself, so that it is shut before the watch has opened the case.
    """
    return dossier.lateness_id is not None or (dossier.next_due_at is not None and dossier.next_due_at < at)


_gated = partial(Transition, gate=is_blocked)  # a move by which the desk takes a dossier on


def _at(*kinds: str):
    """The move belongs to a step of these kinds."""

    def holds(dossier: Dossier) -> bool:
        return dossier.current_step is not None and dossier.current_step.kind in kinds

    return holds


def examined_before(dossier: Dossier) -> Step | None:
    """The step of examination a leader can return the dossier to, from the step of signing."""
    step = dossier.current_step
    if step is None or step.kind != Step.Kind.SIGN:
        return None
    return dossier.steps.filter(kind=Step.Kind.WORK, seq__lt=step.seq).last()


def _was_examined(dossier: Dossier) -> bool:
    return examined_before(dossier) is not None


def _may_still_ask(dossier: Dossier) -> bool:
    # Desk staff may ask only once (art. 11 NĐ 118/2025).
    asked = dossier.supplement_requests.filter(stage="desk").count()
    return asked < dossier.rules.supplements_at_desk


def _nothing_proposed(dossier: Dossier) -> bool:
    return _at(Step.Kind.WORK)(dossier) and not _is_proposed(dossier)


def _is_proposed(dossier: Dossier) -> bool:
    return dossier.open_request is not None and dossier.open_request.sent_at is None


def _was_accepted(dossier: Dossier) -> bool:
    return dossier.accepted_at is not None


def _not_yet_accepted(dossier: Dossier) -> bool:
    return dossier.accepted_at is None


def _to_be_confirmed(dossier: Dossier) -> bool:
    return dossier.spec.confirm_draft and dossier.confirmed_at is None and _at(Step.Kind.WORK)(dossier)


def _can_be_verified(dossier: Dossier) -> bool:
    # The law gives the longer limit once, for one verification.
    if dossier.spec.limit_after_verification is None or not _was_accepted(dossier):
        return False
    return _at(Step.Kind.WORK)(dossier) and not Verification.objects.filter(dossier=dossier).exists()


def _examined(dossier: Dossier) -> bool:
    # A civil-status form goes on once the citizen has agreed to it (domain.md §8, row 30).
    return _at(Step.Kind.WORK)(dossier) and not (dossier.spec.confirm_draft and dossier.confirmed_at is None)


def _asks_for_findings(dossier: Dossier) -> bool:
    # What is signed says what it says.
    return bool(dossier.spec.findings) and _at(Step.Kind.WORK, Step.Kind.SIGN)(dossier) and _unsigned(dossier)


def _unnumbered(dossier: Dossier) -> bool:
    return _at(Step.Kind.ISSUE)(dossier) and dossier.numbered_at is None


def _numbered(dossier: Dossier) -> bool:
    return _at(Step.Kind.ISSUE)(dossier) and dossier.numbered_at is not None


def _receipt_outstanding(dossier: Dossier) -> bool:
    delivery = ResultDelivery.objects.filter(dossier=dossier).first()
    return delivery is not None and delivery.confirmed_at is None


def _has_its_result(dossier: Dossier) -> bool:
    # Nothing is handed over before its signed file exists.
    at_delivery = _at(Step.Kind.DELIVER)(dossier)
    return at_delivery and IssuedDocument.objects.ready().about(dossier).filter(kind=slips.RESULT).exists()


def _unsigned(dossier: Dossier) -> bool:
    return dossier.signed_at is None


def _in_order(dossier: Dossier) -> bool:
    return dossier.lateness_id is None


def _has_excluded(dossier: Dossier) -> bool:
    return bool(dossier.excluded_officers)


def _needs_a_visit(dossier: Dossier) -> bool:
    step = dossier.current_step
    return dossier.spec.visit is not None and step is not None and step.kind in (Step.Kind.RECEIVE, Step.Kind.WORK)


def _held_up(dossier: Dossier) -> bool:
    return dossier.lateness_id is not None


# --- The resident: never behind the gate -----------------------------------------------------------------

SUBMIT = Transition("submit", frozenset({S.DRAFT}), S.SUBMITTED, fills_in, _("Nộp hồ sơ"))
ANSWER_SUPPLEMENT = Transition(
    "answer_supplement",
    frozenset({S.SUPPLEMENT}),
    S.SUBMITTED,
    is_owner,
    _("Gửi bổ sung"),
    needs=_not_yet_accepted,
)
ANSWER_APPRAISAL = replace(ANSWER_SUPPLEMENT, name="answer_appraisal", target=S.PROCESSING, needs=_was_accepted)
CONFIRM = Transition("confirm", frozenset({S.CONFIRMING}), S.PROCESSING, owner_or_system, _("Đồng ý với bản điện tử"))
DISPUTE = Transition(
    "dispute",
    frozenset({S.CONFIRMING}),
    S.PROCESSING,
    is_owner,
    _("Đề nghị sửa bản điện tử"),
    needs_reason=True,
)
WITHDRAW = Transition(
    "withdraw",
    frozenset({S.SUBMITTED, *WAITING_STATES, S.ACCEPTED, S.PROCESSING}),
    S.WITHDRAWN,
    is_owner,
    _("Rút hồ sơ"),
    needs=_unsigned,
)

CONFIRM_RECEIPT = Transition(
    "confirm_receipt",
    frozenset({S.DELIVERED}),
    None,
    owner_or_system,
    _("Xác nhận đã nhận kết quả"),
    needs=_receipt_outstanding,
)

# --- The desk ---------------------------------------------------------------------------------------------

ACCEPT = _gated("accept", frozenset({S.SUBMITTED}), S.ACCEPTED, owes_step, pgettext_lazy("move", "Tiếp nhận"))
REQUEST_SUPPLEMENT = _gated(
    "request_supplement",
    frozenset({S.SUBMITTED}),
    S.SUPPLEMENT,
    owes_step,
    _("Yêu cầu bổ sung"),
    needs_reason=True,
    needs=_may_still_ask,
)
REFUSE = _gated(
    "refuse",
    frozenset({S.SUBMITTED}),
    S.REFUSED,
    owes_step,
    _("Từ chối tiếp nhận"),
    needs_reason=True,
)
HAND_ON = _gated(
    "hand_on",
    frozenset({S.ACCEPTED}),
    S.PROCESSING,
    owes_step,
    _("Chuyển xử lý"),
    needs=_at(Step.Kind.RECEIVE),
)
PROPOSE_SUPPLEMENT = _gated(
    "propose_supplement",
    frozenset({S.PROCESSING}),
    None,
    owes_step,
    _("Đề nghị yêu cầu bổ sung"),
    public=False,
    needs_reason=True,
    needs=_nothing_proposed,
)
APPROVE_SUPPLEMENT = _gated(
    "approve_supplement",
    frozenset({S.PROCESSING}),
    S.SUPPLEMENT,
    leads,
    _("Duyệt yêu cầu bổ sung"),
    needs=_is_proposed,
)
DECLINE_SUPPLEMENT = _gated(
    "decline_supplement",
    frozenset({S.PROCESSING}),
    None,
    leads,
    _("Không duyệt yêu cầu bổ sung"),
    public=False,
    needs_reason=True,
    needs=_is_proposed,
)
ASK_FEE = _gated(
    "ask_fee",
    frozenset({S.PROCESSING}),
    S.AWAITING_FEE,
    owes_step,
    _("Yêu cầu nộp phí, lệ phí"),
    needs=_at(Step.Kind.WORK),
)
RECORD_FEE = Transition(
    "record_fee", frozenset({S.AWAITING_FEE}), S.PROCESSING, receives, _("Ghi nhận đã nộp phí, lệ phí")
)
# The ward asks another agency, and goes on working: no pause, but the longer limit of the procedure.
ASK_VERIFICATION = _gated(
    "ask_verification",
    frozenset({S.PROCESSING}),
    None,
    owes_step,
    _("Hỏi cơ quan khác xác minh"),
    needs_reason=True,
    needs=_can_be_verified,
)
ASK_CONFIRMATION = _gated(
    "ask_confirmation",
    frozenset({S.PROCESSING}),
    S.CONFIRMING,
    owes_step,
    _("Gửi công dân xác nhận"),
    needs=_to_be_confirmed,
)
# At level 3 the ward waits for a person, not the other way round: the clock stands still until they came.
ASK_VISIT = _gated(
    "ask_visit",
    frozenset({S.SUBMITTED, S.PROCESSING}),
    S.VISITING,
    owes_step,
    _("Mời công dân đến theo hẹn"),
    needs=_needs_a_visit,
)
RECORD_VISIT = Transition(
    "record_visit", frozenset({S.VISITING}), S.PROCESSING, works_at_desk, _("Công dân đã đến"), needs=_was_accepted
)
RECORD_FIRST_VISIT = replace(RECORD_VISIT, name="record_first_visit", target=S.SUBMITTED, needs=_not_yet_accepted)
APPROVE = _gated(
    "approve",
    frozenset({S.PROCESSING}),
    S.PROCESSING,
    owes_step,
    _("Đồng ý, chuyển tiếp"),
    needs=_examined,
)
RECORD_FINDINGS = _gated(
    "record_findings",
    frozenset({S.PROCESSING}),
    None,
    examines,
    _("Ghi kết quả thẩm định"),
    public=False,
    needs=_asks_for_findings,
)
SEND_BACK = _gated(
    "send_back",
    frozenset({S.PROCESSING}),
    S.PROCESSING,
    owes_step,
    _("Trả lại để thẩm định lại"),
    public=False,
    needs_reason=True,
    needs=_was_examined,
)
SIGN = _gated(
    "sign",
    frozenset({S.PROCESSING}),
    S.PROCESSING,
    signs_step,
    _("Ký"),
    needs=_at(Step.Kind.SIGN),
)
NUMBER = _gated(
    "number",
    frozenset({S.PROCESSING}),
    S.PROCESSING,
    owes_step,
    _("Cấp số"),
    public=False,
    needs=_unnumbered,
)
ISSUE = _gated(
    "issue",
    frozenset({S.PROCESSING}),
    S.DONE,
    owes_step,
    _("Ký số cơ quan và phát hành"),
    needs=_numbered,
)
# A late result may still be delivered: the gate must not hurt the resident.
DELIVER = Transition("deliver", frozenset({S.DONE}), S.DELIVERED, owes_step, _("Trả kết quả"), needs=_has_its_result)
STOP = _gated(
    "stop",
    frozenset({S.ACCEPTED, S.PROCESSING, S.AWAITING_FEE, S.CONFIRMING, S.VISITING}),
    S.STOPPED,
    leads,
    _("Dừng giải quyết"),
    needs_reason=True,
    needs=_unsigned,
)

# --- Who does it ------------------------------------------------------------------------------------------

TAKE = _gated("take", AT_THE_DESK, None, owes_step, _("Nhận việc"), public=False)
REASSIGN = _gated("reassign", AT_THE_DESK, None, leads, _("Giao cho người khác"), public=False)
COVER = Transition("cover", frozenset(OPEN_STATES), None, is_system, public=False)
# Wards merge and split (`actions.succession`): every sent dossier goes with its people, wherever it stands.
CHANGE_WARD = Transition("change_ward", frozenset(S) - {S.DRAFT}, None, is_system)
DECLARE_INTEREST = Transition(
    "declare_interest", frozenset(OPEN_STATES), None, works_at_desk, _("Khai báo quan hệ thân thích"), public=False
)
APPROVE_INTEREST = Transition(
    "approve_interest",
    frozenset(OPEN_STATES),
    None,
    leads,
    _("Đồng ý để người khai báo xử lý tiếp"),
    public=False,
    needs=_has_excluded,
)

# --- Answering for it: the gate itself --------------------------------------------------------------------

MARK_LATE = Transition("mark_late", AT_THE_DESK, None, is_system, needs=_in_order)
REPORT_ERROR = Transition(
    "report_error",
    frozenset(S) - {S.DRAFT},
    None,
    works_at_desk,
    _("Ghi nhận sai sót"),
    public=False,
    needs_reason=True,
    needs=_in_order,
)
# Made by the lateness process alone, for whoever closed the case.
RELEASE = Transition("release", frozenset(S) - {S.DRAFT}, None, lambda user, dossier: True, needs=_held_up)
CLOSE = Transition("close", frozenset({S.SUPPLEMENT, S.VISITING}), S.CLOSED, is_system)

DESK_MOVES = (
    ACCEPT,
    HAND_ON,
    RECORD_VISIT,
    RECORD_FIRST_VISIT,
    ASK_CONFIRMATION,
    APPROVE,
    SIGN,
    NUMBER,
    ISSUE,
    DELIVER,
    APPROVE_SUPPLEMENT,
    RECORD_FEE,
    RECORD_FINDINGS,
    REQUEST_SUPPLEMENT,
    ASK_VISIT,
    ASK_VERIFICATION,
    PROPOSE_SUPPLEMENT,
    DECLINE_SUPPLEMENT,
    ASK_FEE,
    SEND_BACK,
    REFUSE,
    REASSIGN,
    STOP,
    DECLARE_INTEREST,
    APPROVE_INTEREST,
)
RESIDENT_MOVES = (SUBMIT, ANSWER_SUPPLEMENT, ANSWER_APPRAISAL, CONFIRM, DISPUTE, WITHDRAW, CONFIRM_RECEIPT)
OTHER_MOVES = (TAKE, COVER, CHANGE_WARD, MARK_LATE, REPORT_ERROR, RELEASE, CLOSE)
MOVES = {move.name: move for move in (*RESIDENT_MOVES, *DESK_MOVES, *OTHER_MOVES)}
