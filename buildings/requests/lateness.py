"""The lateness rule for a building's requests: the managers owe an explanation, the resident an apology.

The mechanism is `portal.core.lateness`; here is what a request adds to it. The case stands between the late request
and everything the managers do with it after (`transitions.is_blocked`); the resident's own moves pass.
"""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.core import outbox, workflow
from portal.core.lateness import LatenessProcess, LatenessState
from portal.core.models import User
from portal.core.pdf import render_pdf

from ..models import people_of, positions_at, positions_in
from ..roles import OPERATOR_POSITIONS, Position
from . import clocks, notifications, rules
from . import transitions as moves
from .actions.moving import calendar_of
from .models import WORKING_STATES, BuildingRequest, RequestLateness, RequestState
from .permissions import heads, works_on

ANSWERED, DONE = "Trả lời cư dân", "Làm xong"  # what is owed, as the letter says it


def note_late(locked: BuildingRequest, *, at: datetime) -> RequestLateness | None:
    """Open the case of a locked request that is past its due time. Twice is once; None when it is not late, or when
    nobody answers for it."""
    if locked.lateness_id:
        return locked.lateness
    due_at = locked.next_due_at
    if locked.state not in WORKING_STATES or locked.answerable is None or due_at is None or due_at >= at:
        return None
    case = new_case(locked, at=at)
    case.save(force_insert=True)
    changes = {"lateness": case, "was_late": True}
    workflow.apply(locked, moves.MARK_LATE, by=None, at=at, set=changes, due_at=due_at, number=case.number)
    notifications.late(locked, case, at=at)
    notifications.lateness_owned_up(locked, case, at=at)
    return case


def new_case(request: BuildingRequest, *, at: datetime) -> RequestLateness:
    """The case of a late request as it is opened, not saved."""
    earlier = list(request.latenesses.filter(reason=RequestLateness.Reason.LATE))
    answered = request.state != RequestState.NEW
    return RequestLateness(
        request=request,
        reason=RequestLateness.Reason.LATE,
        what=DONE if answered else ANSWERED,
        number=len(earlier) + 1,
        # A date is promised anew once; for an answer that is late nothing is promised but the answer itself.
        new_date_allowed=answered and not any(case.new_due_at and case.signed_at for case in earlier),
        escalated=bool(earlier) or not _has_a_head_besides(request),
        due_at=request.next_due_at,
        opened_at=at,
        responsible=request.answerable,
    )


def _has_a_head_besides(request: BuildingRequest) -> bool:
    return people_of(request.building, Position.BUILDING_HEAD).exclude(user=request.answerable_id).exists()


def find_late(request: BuildingRequest, *, at: datetime) -> RequestLateness | None:
    """Open the case of a request that is past its due time. Twice is once; None when it is not late."""
    with transaction.atomic():
        return note_late(workflow.lock(request), at=at)


# --- Who does what on the road out ---------------------------------------------------------------------------


def answering(user: User | None, case: RequestLateness) -> bool:
    """The person who answers for the request; or the operator's head, in their place."""
    request = case.request
    if user is None or user.pk == request.reporter_id:
        return False
    if user.pk == case.responsible_id:
        return bool(positions_at(user, request.building_id) & set(OPERATOR_POSITIONS))
    if heads(user, request):
        return True
    # Nobody else is left to answer: whoever works there.
    return works_on(user, request) and not _has_anybody(request, case.responsible_id)


def judges(user: User | None, case: RequestLateness) -> bool:
    """Never who explained it. The operator's head; where that is the late one, or it is late again, the board's chair;
    where there is no board, a leader of the ward, which does the board's work then (Thông tư 05/2024/TT-BXD)."""
    if user is None or user.pk in _concerned(case):
        return False
    request = case.request
    if not case.escalated and (others := _holders(request, Position.BUILDING_HEAD) - _concerned(case)):
        return user.pk in others
    return _above(user, case)


def signs(user: User | None, case: RequestLateness) -> bool:
    """The operator's head signs what the operator apologises for, in any case; without a head, whoever stands above."""
    if user is None or user.pk == case.request.reporter_id:
        return False
    if _holders(case.request, Position.BUILDING_HEAD) - {case.request.reporter_id}:
        return heads(user, case.request)
    return _above(user, case)


def records(user: User | None, case: RequestLateness) -> bool:
    return works_on(user, case.request)


def overrides(user: User | None, case: RequestLateness) -> bool:
    """Who looks on in the residents' interest, and nobody who was late."""
    return user is not None and user.pk not in _concerned(case) and _above(user, case)


def _above(user: User, case: RequestLateness) -> bool:
    """The board's chair; where there is none besides the people concerned, a leader of the ward."""
    request = case.request
    if chairs := _holders(request, Position.BOARD_CHAIR) - _concerned(case):
        return user.pk in chairs
    return Position.LEADER in positions_in(user, request.building.ward_id)


def _concerned(case: RequestLateness) -> set[int | None]:
    """Whose own affair it is: who was late, who explained it, who waits for it."""
    return {case.responsible_id, case.explained_by_id, case.request.reporter_id}


def _holders(request: BuildingRequest, position: str) -> set[int]:
    """Read once for a case on a screen: kept on its request."""
    known = request.__dict__.setdefault("_holders", {})
    if position not in known:
        known[position] = {held.user_id for held in people_of(request.building, position)}
    return known[position]


def _has_anybody(request: BuildingRequest, responsible: int) -> bool:
    heads_or_responsible = people_of(request.building, *OPERATOR_POSITIONS).filter(
        Q(position=Position.BUILDING_HEAD) | Q(user=responsible)
    )
    return heads_or_responsible.exclude(user=request.reporter_id).exists()


# --- What follows --------------------------------------------------------------------------------------------


def _lock_request(case: RequestLateness) -> None:
    workflow.lock(case.request)


def _issue_apology(case: RequestLateness, *, at: datetime) -> None:
    outbox.enqueue("requests.apology", str(case.pk), at=at, payload={"case_id": str(case.pk)})


def print_apology(case: RequestLateness, *, at: datetime) -> None:
    """The signed letter is printed and kept, leaves, and the case knows that it has. Twice is once."""
    if case.state != LatenessState.SIGNED:
        return
    if not case.letter:
        case.letter.save(f"{case.pk}.pdf", ContentFile(render_pdf("pdf/buildings/apology.html", letter(case))))
    with transaction.atomic():
        notifications.apology_arrives(case, at=at)
        process.send_apology(case, at=at)


def letter(case: RequestLateness) -> dict[str, Any]:
    """What the letter says. `signer` is empty in a draft that nobody has signed."""
    request = case.request
    building, category = request.building, rules.categories().get(request.category)
    operator = building.operated_by
    return {
        "title": "THƯ XIN LỖI",
        "subtitle": "Về việc xử lý chậm yêu cầu của cư dân",
        "agency": operator.company if operator else f"Ban quản lý {building.name}",
        "building": building.name,
        "place": building.ward.name,
        "date": timezone.localdate(case.signed_at) if case.signed_at else None,
        "code": request.code,
        "applicant": request.reporter.full_name,
        "flat": request.apartment.number if request.apartment else "",
        "sent_at": notifications.when(request.sent_at),
        "category": category.name.vi if category else request.category,
        "spot": request.spot,
        "promise": request.promise,
        "due_at": notifications.when(case.due_at),
        "step": case.what.lower(),
        "reason": case.apology,
        "new_due_at": notifications.when(case.new_due_at),
        "phone": operator.phone.as_national if operator and operator.phone else "",
        "signer": case.signed_by.full_name if case.signed_by else "",
        "capacity": _capacity(case),
    }


def _capacity(case: RequestLateness) -> str:
    signer = case.signed_by
    if signer is None or Position.BUILDING_HEAD in positions_at(signer, case.request.building_id):
        return "TRƯỞNG BAN QUẢN LÝ"
    if Position.BOARD_CHAIR in positions_at(signer, case.request.building_id):
        return "TRƯỞNG BAN QUẢN TRỊ"
    return "TM. ỦY BAN NHÂN DÂN"


def _release(case: RequestLateness, *, at: datetime, by: User | None) -> None:
    """The request goes on. What is owed next is due at the new date where one was promised, else after a whole limit
    from now: the first promise stays on record in `due_at`, and that it was kept late in `was_late`."""
    locked = workflow.lock(case.request)
    changes: dict[str, Any] = {"lateness": None}
    if locked.state in WORKING_STATES and locked.stopped_at is None:
        calendar, limit = calendar_of(locked), rules.limit(locked.category, locked.urgency)
        promised_at = case.new_due_at if case.signed_at else None  # a draft nobody signed has promised nothing
        if promised_at is None:
            ahead = locked.promised_at > at
            promised_at = locked.promised_at if ahead else clocks.done_due(calendar, limit, at)
        unanswered = locked.state == RequestState.NEW
        next_due_at = clocks.answer_due(calendar, limit, at) if unanswered else promised_at
        changes |= {"promised_at": max(promised_at, next_due_at), "next_due_at": next_due_at}
    workflow.apply(locked, moves.RELEASE, by=by, at=at, set=changes, case=str(case.pk), outcome=case.state)
    locked.next_watch_at = clocks.next_watch(locked, calendar_of(locked), rules.limits(), after=at)
    locked.save(update_fields=["next_watch_at"])
    notifications.released(locked, case, at=at)


process = LatenessProcess(
    may_explain=answering,
    may_judge=judges,
    may_draft=answering,
    may_sign=signs,
    may_record=records,
    may_override=overrides,
    lock_subject=_lock_request,
    issue_apology=_issue_apology,
    released=_release,
)
