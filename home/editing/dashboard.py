"""The first screen of the editors' admin: what waits for whoever signs in, of their own wards alone.

Every list is bounded and asks the same number of queries whatever it holds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type

from portal.core.calendar import VIETNAM, load_calendar
from services.catalogue.models import Procedure

from ..kinds import PUBLISHED_WITHIN, Kind
from ..models import AnnouncementIndexPage, AnnouncementPage
from ..readership import counting
from .editors import Scope, scope_of

SHOWN = 10  # of each list; the rest is one click away
EXPIRING_WITHIN = timedelta(days=7)
UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


@dataclass(frozen=True)
class Row:
    """One page of a list: its draft's title, and in a few words why it stands there."""

    title: str
    url: str
    says: str
    tone: str = ""  # "late" or "near": what cannot wait


@dataclass
class Section:
    heading: str
    rows: list[Row] = field(default_factory=list)
    nothing: str = ""  # said when the list is empty; without it an empty list is not shown
    more: int = 0

    @property
    def is_shown(self) -> bool:
        return bool(self.rows or self.nothing)


@dataclass(frozen=True)
class Start:
    """A button that begins something new."""

    label: str
    url: str


class Dashboard(Component):
    """The lists of one person. `order` among Wagtail's panels: it stands alone."""

    template_name = "home/editing/dashboard.html"
    order = 100

    def __init__(self, user, *, at: datetime) -> None:
        self.user, self.at = user, at
        self.scope: Scope = scope_of(user)

    def get_context_data(self, parent_context: Any = None) -> dict:
        return {
            "starts": list(self.starts()),
            "sections": [section for section in self.sections() if section.is_shown],
            "wards": [page.title for page in self.scope.ward_pages],
        }

    def starts(self) -> Iterator[Start]:
        pages = self.scope.ward_pages
        for index in AnnouncementIndexPage.objects.filter(self._below(pages)).order_by("path") if pages else ():
            ward = next(page for page in pages if index.path.startswith(page.path))
            label = _("Thông báo mới") if len(pages) == 1 else _("Thông báo mới: %(ward)s") % {"ward": ward.title}
            yield Start(label, reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk]))
        if self.scope.writes_catalogue:
            yield Start(_("Thủ tục mới"), reverse("wagtailsnippets_catalogue_procedure:add"))

    def sections(self) -> Iterator[Section]:
        if self.scope.ward_ids:
            yield from self._approval()
            yield self._due()
            yield self._urgent()
            yield self._scheduled()
            yield self._expiring()
            yield self._drafts()
            yield self._read()
        if self.scope.writes_catalogue:
            yield self._procedures()

    # --- Approval ------------------------------------------------------------------------------------
    @cached_property
    def _under_way(self) -> list[tuple[WorkflowState, Page]]:
        """What is on its way to approval in the person's wards, the longest waiting first. Two queries."""
        states = (
            self.scope.workflow_states()
            .filter(status__in=UNDER_WAY, base_content_type=get_default_page_content_type())
            .select_related("current_task_state", "requested_by")
            .order_by("current_task_state__started_at", "pk")
        )
        found = list(states)
        pages = self.scope.pages().in_bulk([int(state.object_id) for state in found])
        return [(state, pages[int(state.object_id)]) for state in found if int(state.object_id) in pages]

    def _approval(self) -> Iterator[Section]:
        approving = [page for page in self.scope.ward_pages if self.scope.approves(page.ward_id)]
        if approving:
            waiting = [
                Row(
                    page.draft_title,
                    _edit(page),
                    _("%(who)s gửi lúc %(when)s")
                    % {"who": state.requested_by or "", "when": _moment(state.current_task_state.started_at)},
                )
                for state, page in self._under_way
                if state.status == WorkflowState.STATUS_IN_PROGRESS
                and any(page.path.startswith(ward.path) for ward in approving)
            ]
            yield self._section(_("Chờ bạn duyệt"), waiting, nothing=_("Không có bài nào chờ duyệt."))
        sent = [self._sent(state, page) for state, page in self._under_way if state.requested_by_id == self.user.pk]
        yield self._section(_("Bạn đã gửi duyệt"), sorted(sent, key=lambda row: row.tone != "near"))

    def _sent(self, state: WorkflowState, page: Page) -> Row:
        task = state.current_task_state
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            says = _("Cần sửa")
            if task and task.comment:
                says = _("Cần sửa: %(comment)s") % {"comment": Truncator(task.comment).chars(140)}
            return Row(page.draft_title, _edit(page), says, "near")
        says = _("Chờ duyệt từ %(when)s") % {"when": _moment(task.started_at if task else state.created_at)}
        return Row(page.draft_title, _edit(page), says)

    # --- Dates ---------------------------------------------------------------------------------------
    def _due(self) -> Section:
        """Decided and not published yet: the law gives five working days."""
        obliged = [kind.value for kind in Kind if kind.obliged]
        found = self._own(live=False, decision_date__isnull=False, kind__in=obliged, first_published_at=None)
        calendars = {page.ward_id: load_calendar(page.ward) for page in self.scope.ward_pages}
        today = self.at.astimezone(VIETNAM).date()
        rows = []
        for page in found.order_by("decision_date", "pk")[: 3 * SHOWN]:
            due = calendars[page.ward_id].working_day_after(cast(date, page.decision_date), PUBLISHED_WITHIN)
            late = due < today
            says = _("Quá hạn công khai từ %(day)s") if late else _("Công khai chậm nhất %(day)s")
            rows.append(Row(page.draft_title, _edit(page), says % {"day": _day(due)}, "late" if late else "near"))
        return self._section(_("Hạn công khai"), rows)

    def _urgent(self) -> Section:
        found = AnnouncementPage.objects.filter(ward__in=self.scope.ward_ids).urgent(self.at).order_by("urgent_until")
        return self._listed(
            _("Đang khẩn"),
            found,
            lambda page: _("Đứng đầu mọi trang đến %(when)s") % {"when": _moment(page.urgent_until)},
        )

    def _scheduled(self) -> Section:
        """Approved, and published by itself at a moment to come. Two queries."""
        keys = self.scope.pages().order_by().values(key=Cast("pk", Revision._meta.get_field("object_id")))
        revisions = (
            Revision.page_revisions.filter(approved_go_live_at__isnull=False, object_id__in=keys)
            .order_by("approved_go_live_at")
            .values_list("object_id", "approved_go_live_at")
        )
        when = {int(key): moment for key, moment in revisions[: 3 * SHOWN]}
        pages = self.scope.pages().in_bulk(when)
        rows = [
            Row(pages[key].draft_title, _edit(pages[key]), _("Đăng lúc %(when)s") % {"when": _moment(moment)})
            for key, moment in when.items()
            if key in pages
        ]
        return self._section(_("Hẹn giờ đăng"), rows)

    def _expiring(self) -> Section:
        found = self._own(live=True, expire_at__gt=self.at, expire_at__lte=self.at + EXPIRING_WITHIN)
        return self._listed(
            _("Sắp hết hạn"),
            found.order_by("expire_at"),
            lambda page: _("Tự gỡ lúc %(when)s") % {"when": _moment(page.expire_at)},
        )

    def _drafts(self) -> Section:
        """Written and neither sent for approval nor scheduled."""
        under_way = WorkflowState.objects.active().filter(
            base_content_type=get_default_page_content_type(),
            object_id=Cast(OuterRef("pk"), WorkflowState._meta.get_field("object_id")),
        )
        scheduled = Revision.page_revisions.filter(
            approved_go_live_at__isnull=False, object_id=Cast(OuterRef("pk"), Revision._meta.get_field("object_id"))
        )
        found = (
            self._own(Q(live=False, first_published_at=None) | Q(live=True, has_unpublished_changes=True))
            .exclude(Exists(under_way))
            .exclude(Exists(scheduled))
        )

        def says(page: AnnouncementPage) -> str:
            when = {"when": _moment(page.latest_revision_created_at or self.at)}
            return (_("Bản đang đăng có sửa đổi, %(when)s") if page.live else _("Viết lần cuối %(when)s")) % when

        return self._listed(_("Bản nháp"), found.order_by("-latest_revision_created_at", "-pk"), says)

    def _read(self) -> Section:
        """The newest that are up, and what their readers made of them. Two queries."""
        pages = list(self._own(live=True).order_by("-first_published_at", "-pk")[:SHOWN])
        counted = counting.figures(pages)

        def says(page: AnnouncementPage) -> str:
            figures = counted[page.pk]
            reads = _("%(reads)d lượt đọc") % {"reads": figures.reads}
            if not figures.answers:
                return reads
            return _("%(reads)s; %(useful)d trên %(answers)d góp ý thấy hữu ích") % {
                "reads": reads,
                "useful": figures.useful,
                "answers": figures.answers,
            }

        return Section(_("Người đọc"), [Row(page.draft_title, _edit(page), says(page)) for page in pages])

    # --- The catalogue -------------------------------------------------------------------------------
    def _procedures(self) -> Section:
        found = Procedure.objects.filter(Q(live=False) | Q(has_unpublished_changes=True)).order_by("name")
        rows = [
            Row(
                str(procedure),
                reverse("wagtailsnippets_catalogue_procedure:edit", args=[procedure.pk]),
                _("Bản đang dùng có sửa đổi chưa công bố") if procedure.live else _("Chưa công bố"),
            )
            for procedure in found[: SHOWN + 1]
        ]
        return self._section(_("Thủ tục chưa công bố"), rows, nothing=_("Mọi thủ tục đã công bố bản mới nhất."))

    # --- Building blocks -----------------------------------------------------------------------------
    def _own(self, *conditions: Q, **narrowed) -> QuerySet[AnnouncementPage]:
        return AnnouncementPage.objects.filter(*conditions, ward__in=self.scope.ward_ids, **narrowed).defer(
            "body", "body_en"
        )

    def _listed(self, heading: str, found: QuerySet, says: Callable[[AnnouncementPage], str]) -> Section:
        rows = [Row(page.draft_title, _edit(page), says(page)) for page in found[: SHOWN + 1]]
        return self._section(heading, rows)

    def _section(self, heading: str, rows: Sequence[Row], *, nothing: str = "") -> Section:
        return Section(heading, list(rows[:SHOWN]), nothing, more=max(len(rows) - SHOWN, 0))

    @staticmethod
    def _below(pages: Sequence[Page]) -> Q:
        places = Q()
        for page in pages:
            places |= Q(path__startswith=page.path)
        return places


def of(user) -> Dashboard:
    return Dashboard(user, at=timezone.now())


def _edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "H:i d/m/Y") if at else ""


def _day(day) -> str:
    return date_format(day, "d/m/Y")
