"""Dossiers: what a resident asked for, where it stands, who owes the next step and by when."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AGENCIES, Agency, AgencyKey
from buildings.models import Building, Ward, holders_of, memberships_of
from buildings.roles import ONE_STOP_POSITIONS, POLICE_POSITIONS, Position
from portal.core.calendar import WorkingCalendar, load_calendar
from services.catalogue.definition import Definition, Limit
from services.catalogue.models import ProcedureVersion

from ..rules import RuleSet, in_force, rule_set

if TYPE_CHECKING:
    from .steps import Step
    from .verification import Verification


def new_secret() -> str:
    """The eight digits that, with the code, open the public look-up. Printed on the receipt."""
    return f"{secrets.randbelow(10**8):08d}"


class DossierState(models.TextChoices):
    """domain.md §1.2; a state here, its meaning there."""

    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    SUPPLEMENT = "supplement", _("Chờ công dân bổ sung")
    AWAITING_FEE = "awaiting_fee", _("Chờ nộp phí, lệ phí")
    CONFIRMING = "confirming", _("Chờ công dân xác nhận")
    VISITING = "visiting", _("Chờ công dân đến theo hẹn")
    REFUSED = "refused", _("Không được tiếp nhận")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    PROCESSING = "processing", _("Đang xử lý")
    DONE = "done", _("Đã có kết quả")
    DELIVERED = "delivered", _("Đã trả kết quả")
    WITHDRAWN = "withdrawn", _("Công dân đã rút")
    STOPPED = "stopped", _("Đã dừng giải quyết")
    CLOSED = "closed", _("Đã đóng vì không có phản hồi")


DRAFT_KEPT = timedelta(days=90)  # after its last change; its owner is warned before (forgetting.py)
OPEN_STATES = (
    DossierState.SUBMITTED,
    DossierState.SUPPLEMENT,
    DossierState.AWAITING_FEE,
    DossierState.CONFIRMING,
    DossierState.VISITING,
    DossierState.ACCEPTED,
    DossierState.PROCESSING,
    DossierState.DONE,
)
# The next word is the resident's, and the clock stands still.
WAITING_STATES = (
    DossierState.SUPPLEMENT,
    DossierState.AWAITING_FEE,
    DossierState.CONFIRMING,
    DossierState.VISITING,
)
# The next word is the ward's: somebody at its desk owes a step.
AT_DESK_STATES = (
    DossierState.SUBMITTED,
    DossierState.ACCEPTED,
    DossierState.PROCESSING,
    DossierState.DONE,
)
ENDED_STATES = (
    DossierState.REFUSED,
    DossierState.DELIVERED,
    DossierState.WITHDRAWN,
    DossierState.STOPPED,
    DossierState.CLOSED,
)


def at_desk_of(user, dossier: str = "") -> Q:
    """Whose desk a dossier is at: the one-stop desk has to do with every dossier of its ward, the ward's police
    with what the police decide. `dossier` is the way to it from another model ("dossier__")."""
    desks = Q(**{f"{dossier}ward__in": Ward.objects.worked_in_by(user, *ONE_STOP_POSITIONS)})
    held = frozenset().union(*memberships_of(user).values())
    if not held & {*POLICE_POSITIONS}:
        return desks
    theirs = ProcedureVersion.objects.filter(agency=AgencyKey.POLICE)
    stations = Ward.objects.worked_in_by(user, *POLICE_POSITIONS)
    police = Q(**{f"{dossier}ward__in": stations, f"{dossier}version__in": theirs.values("pk")})
    return desks | police if held & {*ONE_STOP_POSITIONS} else police


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, drafts included; what was sent to a ward whose desk one works at; what one fills in there."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(owner=user) | self._at_desk_of(user) | self._begun_at_counter_by(user))

    def owned_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def filled_in_by(self, user):
        """Where this person may write: their own, and drafts they began at the counter for somebody who came in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(owner=user) | self._begun_at_counter_by(user))

    def _begun_at_counter_by(self, user):
        counters = Ward.objects.worked_in_by(user, Position.CLERK)
        return Q(filed_by=user, state=DossierState.DRAFT, ward__in=counters)

    def at_desk_of(self, user):
        """What the desk of the user's wards has to do with: never a draft."""
        return self.filter(self._at_desk_of(user)) if user.is_authenticated else self.none()

    def _at_desk_of(self, user):
        return at_desk_of(user) & ~Q(state=DossierState.DRAFT)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def in_hand(self):
        """Where the next word is the ward's."""
        return self.filter(state__in=AT_DESK_STATES)

    def drafts(self):
        return self.filter(state=DossierState.DRAFT)

    def sent(self):
        return self.exclude(state=DossierState.DRAFT)

    def waiting_for(self, user):
        """Where this person owes the step now; while it waits for the resident, nobody at the desk does."""
        return self.in_hand().filter(current_step__assignee=user, current_step__finished_at=None)

    def at_risk(self, at):
        """Where the work that remains no longer fits into the time that remains."""
        return self.open().filter(at_risk_at__lte=at)

    def by_due_time(self):
        """What is due first comes first; what has no due time waits at the end."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "submitted_at", "pk")

    def with_people(self):
        return self.select_related("ward", "version__procedure", "owner", "current_step__assignee")


class Dossier(models.Model):
    """From the first saved page of the form to the last stamp: one row, one id.

    Its ward's desk sees it once it is sent; only its owner before that and besides. Drafts are
    kept 90 days, sent dossiers as the archive rules of their procedure say.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", _("Trực tuyến")
        COUNTER = "counter", _("Tại Bộ phận Một cửa")

    class Delivery(models.TextChoices):
        PORTAL = "portal", _("Bản điện tử trên cổng")
        COUNTER = "counter", _("Tại Bộ phận Một cửa")
        POST = "post", _("Qua bưu chính công ích")
        HOME = "home", _("Tại nhà")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="dossiers")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="dossiers")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="the clerk who filled it in at the counter, for an owner who came in",
    )
    building = models.ForeignKey(
        Building,
        models.PROTECT,
        null=True,
        related_name="dossiers",
        help_text="from whose page it was begun, by somebody who works for it or lives there",
    )
    state = models.CharField(max_length=12, choices=DossierState, default=DossierState.DRAFT)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    delivery = models.CharField(_("cách nhận kết quả"), max_length=10, choices=Delivery, default=Delivery.PORTAL)
    answers = models.JSONField(default=dict, help_text="field key → value; frozen once sent")
    code = models.CharField(_("mã hồ sơ"), max_length=40, unique=True, null=True)  # noqa: DJ001 - drafts have none
    secret = models.CharField(_("mã tra cứu"), max_length=8, default=new_secret)
    applicant_name = models.CharField(_("người nộp"), max_length=120, blank=True)
    folded_name = models.CharField(max_length=120, blank=True, db_index=True)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True)
    accepted_at = models.DateTimeField(_("tiếp nhận lúc"), null=True)
    due_at = models.DateTimeField(_("hẹn trả"), null=True, help_text="computed by clocks.py; stored for its index")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    numbered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True, help_text="when the resident agreed to the filled e-form")
    done_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    rule_set = models.CharField(max_length=20, blank=True, help_text="pinned at acceptance (rules.py)")
    rescheduled_to = models.DateTimeField(
        _("hẹn lại"), null=True, help_text="the one new date of an apology, moved by the pauses since (clocks.py)"
    )
    visit_expected_at = models.DateTimeField(
        null=True, help_text="when the resident last said they would come, or called it off; silence counts from then"
    )
    lateness = models.OneToOneField(
        "Lateness", models.PROTECT, null=True, related_name="+", help_text="the open case that holds it up"
    )
    current_step = models.OneToOneField("Step", models.SET_NULL, null=True, related_name="+")
    next_due_at = models.DateTimeField(null=True, help_text="the current step's due time; for the work list's index")
    at_risk_at = models.DateTimeField(null=True, help_text="from when on the remaining work no longer fits (clocks.py)")
    next_watch_at = models.DateTimeField(null=True, help_text="when the watch has something to do next (watch.py)")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        indexes: ClassVar = [
            models.Index(fields=["ward", "state", "next_due_at"]),
            models.Index(
                fields=["ward", "next_due_at"], condition=Q(state__in=OPEN_STATES), name="dossier_open_by_due"
            ),
            models.Index(
                fields=["ward", "accepted_at", "id"], condition=Q(accepted_at__isnull=False), name="dossier_register"
            ),
            models.Index(fields=["ward", "at_risk_at"], condition=Q(state__in=OPEN_STATES), name="dossier_at_risk"),
            # Counted without reading a row: what a person owes, from `step_owed` by way of this one.
            models.Index(
                fields=["current_step", "ward"], condition=Q(state__in=AT_DESK_STATES), name="dossier_at_desk"
            ),
            models.Index(fields=["next_watch_at"], condition=Q(next_watch_at__isnull=False), name="dossier_to_watch"),
            models.Index(fields=["owner", "-created_at"]),
            models.Index(
                fields=["ward", "-changed_at"], condition=Q(state__in=ENDED_STATES), name="dossier_ended_newest"
            ),
            models.Index(
                fields=["ward", "-submitted_at"], condition=Q(submitted_at__isnull=False), name="dossier_sent_newest"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=DossierState.DRAFT, code=None, submitted_at=None)
                | (~Q(state=DossierState.DRAFT) & Q(code__isnull=False, submitted_at__isnull=False)),
                name="dossier_sent_has_code_and_time",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="dossier_signed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DossierState.DONE, DossierState.DELIVERED]) | Q(signed_at__isnull=False),
                name="dossier_done_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(numbered_at=None) | Q(signed_at__isnull=False), name="dossier_numbered_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(numbered_at__isnull=False), name="dossier_done_is_numbered"
            ),
            models.CheckConstraint(
                condition=Q(filed_by=None) | (Q(channel="counter") & ~Q(filed_by=models.F("owner"))),
                name="dossier_filed_for_another_at_the_counter",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | ~Q(rule_set=""), name="dossier_accepted_has_its_rules"
            ),
        ]

    def __str__(self) -> str:
        code = self.code or _("Bản nháp")
        return f"{code}: {self.spec.name}"

    def get_absolute_url(self) -> str:
        return reverse("dossiers:detail", args=[self.pk])

    @property
    def spec(self) -> Definition:
        """The procedure as it was published when this dossier was begun."""
        return self.version.spec

    @property
    def rules(self) -> RuleSet:
        """The rule set it is handled under: pinned at acceptance; before that the one in force when it was sent."""
        return rule_set(self.rule_set) if self.rule_set else in_force(self.submitted_at or self.created_at)

    @property
    def kept_until(self) -> datetime | None:
        """Until when a draft is kept at least; what was sent has no such day."""
        return self.changed_at + DRAFT_KEPT if self.is_draft else None

    @property
    def promised_at(self):
        """When the result is owed to the resident: as promised anew, else as promised first."""
        return self.rescheduled_to or self.due_at

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of its ward, read once for this object."""
        return load_calendar(self.ward)

    @cached_property
    def open_request(self):
        """The supplement request that is waiting: for the leader while `sent_at` is empty, else for the resident."""
        return self.supplement_requests.filter(answered_at=None, declined_at=None).first()

    @cached_property
    def verification_asked(self) -> "Verification | None":
        """What another agency was asked; None where nobody was, or the procedure knows no longer limit for it."""
        if self.spec.limit_after_verification is None:
            return None
        from .verification import Verification  # noqa: PLC0415 - it names this model

        return Verification.objects.filter(dossier=self).first()

    @property
    def limit(self) -> Limit:
        """The limit it is handled under: the longer one once another agency was asked."""
        return self.longer_limit or self.spec.limit

    @property
    def longer_limit(self) -> Limit | None:
        return self.spec.limit_after_verification if self.verification_asked else None

    @cached_property
    def excluded_officers(self) -> frozenset[int]:
        """Who declared an interest in it and has no second approval: they do not handle it."""
        return frozenset(self.interests.filter(approved_at=None).values_list("officer_id", flat=True))

    @cached_property
    def findings(self) -> dict[str, Any]:
        """What the officers have found so far, for the result: key → value (`models.findings`)."""
        if not self.spec.findings:
            return {}
        sheets = list(self.finding_sheets.all())  # as a list has read them beforehand
        return sheets[-1].values if sheets else {}

    @property
    def agency(self) -> Agency:
        """The agency that decides it and signs."""
        return AGENCIES[self.version.agency]  # a column: lists leave the definition where it is

    @property
    def heads(self) -> list[Any]:
        """The heads of the agency that decides it; where it has none, the ward's leaders."""
        if self.agency.head == Position.LEADER:
            return list(self.ward.leaders)
        held = holders_of(self.agency.head, self.ward).select_related("user")
        return [membership.user for membership in held] or list(self.ward.leaders)

    @property
    def owed_step(self) -> "Step":
        """The current step, where the caller knows that there is one. Raises LookupError."""
        if self.current_step is None:
            raise LookupError(f"{self.code} has no current step")
        return self.current_step

    @property
    def is_draft(self) -> bool:
        return self.state == DossierState.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
