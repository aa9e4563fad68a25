"""The lateness rule, for whatever has a due time: a ward's step, a building's request.

When a step is late nothing moves on until its person has explained it in writing, the head has
accepted the explanation, and an apology signed by the head of the agency has reached the resident.
One mechanism: `LatenessCase` holds what was written, `LatenessProcess` is the road out. Whoever has
due times keeps a concrete model and one process, which says who may do what and what follows; and
shuts its own gate (`workflow.Transition.gate`) as long as a case is open.

Source: the pilot's rule (Long Biên 2017); the apology is form 04 of Thông tư 03/2025/TT-VPCP, signed
by the head of the agency; a new date is promised once only (NĐ 297/2025, art. 6.5).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import workflow
from .files.storage import private_storage
from .models import User
from .workflow import Transition


class LatenessState(models.TextChoices):
    EXPLAINING = "explaining", _("Chờ giải trình")
    EXPLAINED = "explained", _("Chờ duyệt giải trình")
    APOLOGISING = "apologising", _("Chờ dự thảo thư xin lỗi")
    DRAFTED = "drafted", _("Chờ ký thư xin lỗi")
    SIGNED = "signed", _("Đang gửi thư xin lỗi")
    SENT = "sent", _("Chờ xác nhận thư đã đến")
    TOLD = "told", _("Thư xin lỗi đã đến người dân")
    OVERRIDDEN = "overridden", _("Lãnh đạo cho đi tiếp")


L = LatenessState
OPEN_STATES = (L.EXPLAINING, L.EXPLAINED, L.APOLOGISING, L.DRAFTED, L.SIGNED, L.SENT)


class LatenessCase(models.Model):
    """One time something was late, or wrong, and how it was answered for.

    Concrete models add what was late, whose ward it is, and `open_once` (one open case a subject).
    """

    class Reason(models.TextChoices):
        LATE = "late", _("quá hạn")
        ERROR = "error", _("sai sót")

    class Cause(models.TextChoices):
        OWN = "own", _("chủ quan")
        OBJECTIVE = "objective", _("khách quan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, choices=LatenessState, default=L.EXPLAINING)
    reason = models.CharField(max_length=6, choices=Reason, default=Reason.LATE)
    what = models.CharField(_("việc"), max_length=200, help_text="the step that was late, or what went wrong")
    number = models.PositiveSmallIntegerField(help_text="which lateness of this subject it is: 1, 2, …")
    escalated = models.BooleanField(default=False, help_text="to the chairman and the inspection list")
    new_date_allowed = models.BooleanField(default=True, help_text="a date is promised anew once only")
    due_at = models.DateTimeField(null=True, help_text="the due time that passed")
    opened_at = models.DateTimeField()
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người chịu trách nhiệm")
    )

    cause = models.CharField(_("nguyên nhân"), max_length=10, choices=Cause, blank=True)
    explanation = models.TextField(_("giải trình"), blank=True)
    remedy = models.TextField(_("biện pháp khắc phục"), blank=True)
    evidence = models.FileField(storage=private_storage, upload_to="evidence/", blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True, help_text="why the head gave the explanation or the draft back")
    objective_confirmed = models.BooleanField(default=False, help_text="the head agrees that the cause was objective")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    apology = models.TextField(_("lý do nêu trong thư xin lỗi"), blank=True)
    new_due_at = models.DateTimeField(_("hẹn lại"), null=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when the apology had reached the resident")
    told_how = models.CharField(max_length=200, blank=True, help_text="by which channel, to whom")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    overridden_at = models.DateTimeField(null=True)
    override_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("opened_at",)

    def __str__(self) -> str:
        return f"{self.what}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def closed_at(self) -> datetime | None:
        return self.told_at or self.overridden_at


def case_constraints(name: str) -> list[models.BaseConstraint]:
    """A case told, overridden or explained has its proof; for the `Meta.constraints` of concrete models."""
    return [
        models.CheckConstraint(condition=~Q(state=L.TOLD) | Q(told_at__isnull=False), name=f"{name}_told_has_its_time"),
        models.CheckConstraint(
            condition=~Q(state=L.OVERRIDDEN) | (Q(overridden_by__isnull=False) & ~Q(override_reason="")),
            name=f"{name}_overridden_has_its_reason",
        ),
        models.CheckConstraint(
            condition=Q(state__in=[L.EXPLAINING, L.OVERRIDDEN]) | ~Q(explanation=""), name=f"{name}_goes_on_explained"
        ),
    ]


class NewDateRefused(ValueError):
    """A new date that cannot be promised: in the past, or a second one."""


Predicate = Callable[[User | None, Any], bool]


def _system(user: User | None, case: Any) -> bool:
    return user is None


@dataclass
class LatenessProcess:
    """The road out of lateness: who may take which step of it, and what follows.

    `lock_subject` locks what is late, always before the case. `issue_apology` issues form 04, inside
    the transaction of its signature. `released` lets the subject go on, once told or overridden.
    """

    may_explain: Predicate
    may_judge: Predicate
    may_draft: Predicate
    may_sign: Predicate
    may_record: Predicate
    may_override: Predicate
    lock_subject: Callable[[Any], Any]
    issue_apology: Callable[..., Any]
    released: Callable[..., Any]
    moves: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        rows = (
            Transition("explain", {L.EXPLAINING}, L.EXPLAINED, self.may_explain, _("Giải trình")),
            Transition(
                "accept_explanation",
                {L.EXPLAINED},
                L.APOLOGISING,
                self.may_judge,
                _("Chấp nhận giải trình"),
            ),
            Transition(
                "return_explanation",
                {L.EXPLAINED},
                L.EXPLAINING,
                self.may_judge,
                _("Trả lại giải trình"),
                needs_reason=True,
            ),
            Transition(
                "draft_apology",
                {L.APOLOGISING, L.DRAFTED},
                L.DRAFTED,
                self.may_draft,
                _("Dự thảo thư xin lỗi"),
            ),
            Transition("sign_apology", {L.DRAFTED}, L.SIGNED, self.may_sign, _("Ký thư xin lỗi")),
            Transition(
                "return_draft",
                {L.DRAFTED},
                L.APOLOGISING,
                self.may_sign,
                _("Trả lại dự thảo"),
                needs_reason=True,
            ),
            Transition("send_apology", {L.SIGNED}, L.SENT, _system),
            Transition("arrive", {L.SENT}, L.TOLD, _system),
            Transition(
                "record_delivery",
                {L.SENT},
                L.TOLD,
                self.may_record,
                _("Ghi nhận thư xin lỗi đã đến"),
            ),
            Transition(
                "override",
                OPEN_STATES,
                L.OVERRIDDEN,
                self.may_override,
                _("Cho đi tiếp, nêu lý do"),
                needs_reason=True,
            ),
        )
        self.moves = {row.name: row for row in rows}

    def available(self, case: LatenessCase, user: User, *, at: datetime) -> list[Transition]:
        return workflow.available(self.moves.values(), case, user, at=at)

    def explain(
        self,
        case: LatenessCase,
        *,
        by: User,
        at: datetime,
        cause: str,
        text: str,
        remedy: str,
        evidence: str = "",
        evidence_name: str = "",
    ) -> LatenessCase:
        """The late person, or their head, says why and what will be done. `evidence` is a stored file's name."""
        return self._move(
            case,
            "explain",
            by=by,
            at=at,
            set={
                "cause": LatenessCase.Cause(cause),
                "explanation": text,
                "remedy": remedy,
                "explained_by": by,
                "explained_at": at,
                "objection": "",
                **({"evidence": evidence, "evidence_name": evidence_name} if evidence else {}),
            },
            cause=cause,
        )

    def accept_explanation(
        self, case: LatenessCase, *, by: User, at: datetime, objective: bool = False
    ) -> LatenessCase:
        """The head accepts it; only the head can confirm that the cause was objective."""
        return self._move(
            case,
            "accept_explanation",
            by=by,
            at=at,
            set={
                "judged_by": by,
                "judged_at": at,
                "objective_confirmed": objective and case.cause == LatenessCase.Cause.OBJECTIVE,
            },
        )

    def return_explanation(self, case: LatenessCase, *, by: User, at: datetime, reason: str) -> LatenessCase:
        return self._move(case, "return_explanation", by=by, at=at, set={"objection": reason}, reason=reason)

    def draft_apology(
        self, case: LatenessCase, *, by: User, at: datetime, text: str, new_due_at: datetime | None
    ) -> LatenessCase:
        """The late unit writes what the head will sign. Raises NewDateRefused."""
        if new_due_at is not None and not case.new_date_allowed:
            raise NewDateRefused("a date is promised anew once only")
        if new_due_at is not None and new_due_at <= at:
            raise NewDateRefused("a new date lies ahead")
        return self._move(
            case,
            "draft_apology",
            by=by,
            at=at,
            set={"apology": text, "new_due_at": new_due_at, "drafted_by": by, "drafted_at": at, "objection": ""},
            new_due_at=new_due_at,
        )

    def return_draft(self, case: LatenessCase, *, by: User, at: datetime, reason: str) -> LatenessCase:
        return self._move(case, "return_draft", by=by, at=at, set={"objection": reason}, reason=reason)

    def sign_apology(self, case: LatenessCase, *, by: User, at: datetime) -> LatenessCase:
        """The head of the agency signs; the letter is numbered, and goes out once its file exists.

        Raises NewDateRefused when the date promised in the draft has passed meanwhile.
        """
        with transaction.atomic():
            if case.new_due_at is not None and case.new_due_at <= at:
                raise NewDateRefused("a new date lies ahead")
            signed = self._move(case, "sign_apology", by=by, at=at, set={"signed_by": by, "signed_at": at})
            self.issue_apology(signed, at=at)
            return signed

    def send_apology(self, case: LatenessCase, *, at: datetime) -> LatenessCase:
        """The signed letter has left by every channel the resident has. Twice is once."""
        if case.state != L.SIGNED:
            return case
        return self._move(case, "send_apology", by=None, at=at, set={"sent_at": at})

    def arrive(self, case: LatenessCase, *, at: datetime, how: str) -> LatenessCase:
        """A channel reports that the letter has arrived. Twice is once."""
        if case.state != L.SENT:
            return case
        return self._move(case, "arrive", by=None, at=at, set={"told_at": at, "told_how": how}, how=how, release=True)

    def record_delivery(self, case: LatenessCase, *, by: User, at: datetime, how: str) -> LatenessCase:
        """An officer brought the news: by telephone, by post, at the counter."""
        told = {"told_at": at, "told_how": how, "told_by": by}
        return self._move(case, "record_delivery", by=by, at=at, set=told, how=how, release=True)

    def override(self, case: LatenessCase, *, by: User, at: datetime, reason: str) -> LatenessCase:
        """The leader lets it go on without the apology. Recorded, and counted."""
        said = {"overridden_by": by, "overridden_at": at, "override_reason": reason}
        return self._move(case, "override", by=by, at=at, set=said, reason=reason, release=True)

    def _move(
        self, case: Any, name: str, *, by: User | None, at: datetime, set: dict[str, Any], release=False, **data
    ) -> Any:
        with transaction.atomic():
            self.lock_subject(case)
            locked = workflow.lock(case)
            workflow.apply(locked, self.moves[name], by=by, at=at, set=set, **data)
            if release:
                self.released(locked, at=at, by=by)
            return locked
