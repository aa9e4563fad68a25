"""The table of legal moves of a dossier (domain.md §1.2). Screens and server read the same rows."""

from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition
from services.documents.models import IssuedDocument

from . import slips
from .models import Dossier, DossierState, Step
from .permissions import is_owner, owes_step

S = DossierState


def _at(kind: str):
    """The move belongs to a step of this kind."""

    def holds(dossier: Dossier) -> bool:
        return dossier.current_step is not None and dossier.current_step.kind == kind

    return holds


def examined_before(dossier: Dossier) -> Step | None:
    """The step of examination a leader can return the dossier to, from the step of signing."""
    step = dossier.current_step
    if step is None or step.kind != Step.Kind.SIGN:
        return None
    return dossier.steps.filter(kind=Step.Kind.WORK, seq__lt=step.seq).last()


def _was_examined(dossier: Dossier) -> bool:
    return examined_before(dossier) is not None


def _never_supplemented(dossier: Dossier) -> bool:
    # Desk staff may ask only once (art. 11 NĐ 118/2025).
    return not dossier.supplement_requests.exists()


def _has_its_result(dossier: Dossier) -> bool:
    # Nothing is handed over before its signed file exists.
    at_delivery = _at(Step.Kind.DELIVER)(dossier)
    return at_delivery and IssuedDocument.objects.ready().about(dossier).filter(kind=slips.RESULT).exists()


def _unsigned(dossier: Dossier) -> bool:
    return dossier.signed_at is None


SUBMIT = Transition("submit", frozenset({S.DRAFT}), S.SUBMITTED, is_owner, _("Nộp hồ sơ"))
ACCEPT = Transition("accept", frozenset({S.SUBMITTED}), S.ACCEPTED, owes_step, _("Tiếp nhận"))
REQUEST_SUPPLEMENT = Transition(
    "request_supplement",
    frozenset({S.SUBMITTED}),
    S.SUPPLEMENT,
    owes_step,
    _("Yêu cầu bổ sung"),
    needs_reason=True,
    needs=_never_supplemented,
)
ANSWER_SUPPLEMENT = Transition("answer_supplement", frozenset({S.SUPPLEMENT}), S.SUBMITTED, is_owner, _("Gửi bổ sung"))
REFUSE = Transition("refuse", frozenset({S.SUBMITTED}), S.REFUSED, owes_step, _("Từ chối tiếp nhận"), needs_reason=True)
HAND_ON = Transition(
    "hand_on", frozenset({S.ACCEPTED}), S.PROCESSING, owes_step, _("Chuyển xử lý"), needs=_at(Step.Kind.RECEIVE)
)
APPROVE = Transition(
    "approve", frozenset({S.PROCESSING}), S.PROCESSING, owes_step, _("Đồng ý, chuyển tiếp"), needs=_at(Step.Kind.WORK)
)
SEND_BACK = Transition(
    "send_back",
    frozenset({S.PROCESSING}),
    S.PROCESSING,
    owes_step,
    _("Trả lại để thẩm định lại"),
    public=False,
    needs_reason=True,
    needs=_was_examined,
)
SIGN = Transition("sign", frozenset({S.PROCESSING}), S.PROCESSING, owes_step, _("Ký"), needs=_at(Step.Kind.SIGN))
ISSUE = Transition(
    "issue", frozenset({S.PROCESSING}), S.DONE, owes_step, _("Cấp số và phát hành"), needs=_at(Step.Kind.ISSUE)
)
DELIVER = Transition("deliver", frozenset({S.DONE}), S.DELIVERED, owes_step, _("Trả kết quả"), needs=_has_its_result)
WITHDRAW = Transition(
    "withdraw",
    frozenset({S.SUBMITTED, S.SUPPLEMENT, S.ACCEPTED, S.PROCESSING}),
    S.WITHDRAWN,
    is_owner,
    _("Rút hồ sơ"),
    needs=_unsigned,
)

DESK_MOVES = (ACCEPT, HAND_ON, APPROVE, SIGN, ISSUE, DELIVER, REQUEST_SUPPLEMENT, SEND_BACK, REFUSE)
RESIDENT_MOVES = (SUBMIT, ANSWER_SUPPLEMENT, WITHDRAW)
MOVES = {move.name: move for move in (*RESIDENT_MOVES, *DESK_MOVES)}
