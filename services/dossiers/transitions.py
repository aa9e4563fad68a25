"""The table of legal moves of a dossier (domain.md §1.2). Screens and server read the same rows.

Every move of the desk stands behind the lateness gate; the resident's rights, and what the watch
does in their favour, do not.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.models import User
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


def is_blocked(dossier: Dossier, at: datetime) -> bool:
    """The lateness gate: shut from the moment the current step is late until its case is closed.

    Read off the due time itself, so that it is shut before the watch has opened the case.
    """
    return dossier.lateness_id is not None or (dossier.next_due_at is not None and dossier.next_due_at < at)


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

SUBMIT = Transition("submit", {S.DRAFT}, S.SUBMITTED, fills_in, _("Nộp hồ sơ"))
ANSWER_SUPPLEMENT = Transition(
    "answer_supplement", {S.SUPPLEMENT}, S.SUBMITTED, is_owner, _("Gửi bổ sung"), needs=_not_yet_accepted
)
ANSWER_APPRAISAL = replace(ANSWER_SUPPLEMENT, name="answer_appraisal", target=S.PROCESSING, needs=_was_accepted)
CONFIRM = Transition("confirm", {S.CONFIRMING}, S.PROCESSING, owner_or_system, _("Đồng ý với bản điện tử"))
DISPUTE = Transition("dispute", {S.CONFIRMING}, S.PROCESSING, is_owner, _("Đề nghị sửa bản điện tử"), needs_reason=True)
WITHDRAW = Transition(
    "withdraw",
    {S.SUBMITTED, *WAITING_STATES, S.ACCEPTED, S.PROCESSING},
    S.WITHDRAWN,
    is_owner,
    _("Rút hồ sơ"),
    needs=_unsigned,
)

CONFIRM_RECEIPT = Transition(
    "confirm_receipt", {S.DELIVERED}, None, owner_or_system, _("Xác nhận đã nhận kết quả"), needs=_receipt_outstanding
)

# --- The desk ---------------------------------------------------------------------------------------------


def _desk_move(
    name: str,
    sources: Collection[str],
    target: str | None,
    label: Promise,
    *,
    may: Callable[[User | None, Dossier], bool] = owes_step,
    **more: Any,
) -> Transition:
    """A move by which the desk takes a dossier on: behind the gate, and made by whoever owes the step."""
    return Transition(name, sources, target, may, label, gate=is_blocked, **more)


ACCEPT = _desk_move("accept", {S.SUBMITTED}, S.ACCEPTED, pgettext_lazy("move", "Tiếp nhận"))
REQUEST_SUPPLEMENT = _desk_move(
    "request_supplement", {S.SUBMITTED}, S.SUPPLEMENT, _("Yêu cầu bổ sung"), needs_reason=True, needs=_may_still_ask
)
REFUSE = _desk_move("refuse", {S.SUBMITTED}, S.REFUSED, _("Từ chối tiếp nhận"), needs_reason=True)
HAND_ON = _desk_move("hand_on", {S.ACCEPTED}, S.PROCESSING, _("Chuyển xử lý"), needs=_at(Step.Kind.RECEIVE))
PROPOSE_SUPPLEMENT = _desk_move(
    "propose_supplement",
    {S.PROCESSING},
    None,
    _("Đề nghị yêu cầu bổ sung"),
    public=False,
    needs_reason=True,
    needs=_nothing_proposed,
)
APPROVE_SUPPLEMENT = _desk_move(
    "approve_supplement", {S.PROCESSING}, S.SUPPLEMENT, _("Duyệt yêu cầu bổ sung"), may=leads, needs=_is_proposed
)
DECLINE_SUPPLEMENT = _desk_move(
    "decline_supplement",
    {S.PROCESSING},
    None,
    _("Không duyệt yêu cầu bổ sung"),
    may=leads,
    public=False,
    needs_reason=True,
    needs=_is_proposed,
)
ASK_FEE = _desk_move("ask_fee", {S.PROCESSING}, S.AWAITING_FEE, _("Yêu cầu nộp phí, lệ phí"), needs=_at(Step.Kind.WORK))
RECORD_FEE = Transition("record_fee", {S.AWAITING_FEE}, S.PROCESSING, receives, _("Ghi nhận đã nộp phí, lệ phí"))
# The ward asks another agency, and goes on working: no pause, but the longer limit of the procedure.
ASK_VERIFICATION = _desk_move(
    "ask_verification", {S.PROCESSING}, None, _("Hỏi cơ quan khác xác minh"), needs_reason=True, needs=_can_be_verified
)
ASK_CONFIRMATION = _desk_move(
    "ask_confirmation", {S.PROCESSING}, S.CONFIRMING, _("Gửi công dân xác nhận"), needs=_to_be_confirmed
)
# At level 3 the ward waits for a person, not the other way round: the clock stands still until they came.
ASK_VISIT = _desk_move(
    "ask_visit", {S.SUBMITTED, S.PROCESSING}, S.VISITING, _("Mời công dân đến theo hẹn"), needs=_needs_a_visit
)
RECORD_VISIT = Transition(
    "record_visit", {S.VISITING}, S.PROCESSING, works_at_desk, _("Công dân đã đến"), needs=_was_accepted
)
RECORD_FIRST_VISIT = replace(RECORD_VISIT, name="record_first_visit", target=S.SUBMITTED, needs=_not_yet_accepted)
APPROVE = _desk_move("approve", {S.PROCESSING}, S.PROCESSING, _("Đồng ý, chuyển tiếp"), needs=_examined)
RECORD_FINDINGS = _desk_move(
    "record_findings",
    {S.PROCESSING},
    None,
    _("Ghi kết quả thẩm định"),
    may=examines,
    public=False,
    needs=_asks_for_findings,
)
SEND_BACK = _desk_move(
    "send_back",
    {S.PROCESSING},
    S.PROCESSING,
    _("Trả lại để thẩm định lại"),
    public=False,
    needs_reason=True,
    needs=_was_examined,
)
SIGN = _desk_move("sign", {S.PROCESSING}, S.PROCESSING, _("Ký"), may=signs_step, needs=_at(Step.Kind.SIGN))
NUMBER = _desk_move("number", {S.PROCESSING}, S.PROCESSING, _("Cấp số"), public=False, needs=_unnumbered)
ISSUE = _desk_move("issue", {S.PROCESSING}, S.DONE, _("Ký số cơ quan và phát hành"), needs=_numbered)
# A late result may still be delivered: the gate must not hurt the resident.
DELIVER = Transition("deliver", {S.DONE}, S.DELIVERED, owes_step, _("Trả kết quả"), needs=_has_its_result)
STOP = _desk_move(
    "stop",
    {S.ACCEPTED, S.PROCESSING, S.AWAITING_FEE, S.CONFIRMING, S.VISITING},
    S.STOPPED,
    _("Dừng giải quyết"),
    may=leads,
    needs_reason=True,
    needs=_unsigned,
)

# --- Who does it ------------------------------------------------------------------------------------------

TAKE = _desk_move("take", AT_DESK_STATES, None, _("Nhận việc"), public=False)
REASSIGN = _desk_move("reassign", AT_DESK_STATES, None, _("Giao cho người khác"), may=leads, public=False)
COVER = Transition("cover", OPEN_STATES, None, is_system, public=False)
# Wards merge and split (`actions.succession`): every sent dossier goes with its people, wherever it stands.
CHANGE_WARD = Transition("change_ward", frozenset(S) - {S.DRAFT}, None, is_system)
DECLARE_INTEREST = Transition(
    "declare_interest", OPEN_STATES, None, works_at_desk, _("Khai báo quan hệ thân thích"), public=False
)
APPROVE_INTEREST = Transition(
    "approve_interest",
    OPEN_STATES,
    None,
    leads,
    _("Đồng ý để người khai báo xử lý tiếp"),
    public=False,
    needs=_has_excluded,
)

# --- Answering for it: the gate itself --------------------------------------------------------------------

MARK_LATE = Transition("mark_late", AT_DESK_STATES, None, is_system, needs=_in_order)
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
CLOSE = Transition("close", {S.SUPPLEMENT, S.VISITING}, S.CLOSED, is_system)

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
