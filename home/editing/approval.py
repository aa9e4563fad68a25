"""Who is told of the way to approval: approvers that something waits, its author what became of it.

Wagtail's own e-mails about its workflows go to groups, whoever is in them, and are lost when the mail
server is away. Ours go to the ward's people of today, through the portal's inbox and outbox.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from buildings.models import Ward, memberships_of
from portal.core.models import User
from portal.core.notifications import notify

from ..models import AnnouncementPage, PortalPage, WardPage
from .editors import approvers_of

# Wagtail's own names for its receivers: what is connected under one of them stands in its place.
TOLD_BY_WAGTAIL = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)
Words = Callable[[], tuple[str, str]]


def connect() -> None:
    ours = (waiting, nothing, sent_back, approved)
    for (signal, sender, name), receiver in zip(TOLD_BY_WAGTAIL, ours, strict=True):
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(receiver, sender=sender, dispatch_uid=name)


def nothing(sender: type, **kwargs) -> None:
    """The task that follows says it."""


def waiting(sender: type, instance: TaskState, user: User | None = None, **kwargs) -> None:
    """Tells the ward's approvers that something waits for them; not the one who sent it."""
    page = _page_of(instance.workflow_state)
    if page is None:
        return
    author = user or instance.workflow_state.requested_by

    def words() -> tuple[str, str]:
        return (
            _("Chờ bạn duyệt: %(title)s") % {"title": _title(page)},
            _("%(who)s gửi duyệt. Mở bài để xem, duyệt hoặc yêu cầu sửa.") % {"who": author or ""},
        )

    _tell((each for each in approvers_of(_ward_of(page)) if each != author), f"waiting:{instance.pk}", words, page)


def sent_back(sender: type, instance: WorkflowState, user: User | None = None, **kwargs) -> None:
    def words(page: PortalPage) -> tuple[str, str]:
        return _("Cần sửa: %(title)s"), _("%(who)s yêu cầu sửa trước khi đăng.")

    _tell_author("sent-back", instance, user, words)


def approved(sender: type, instance: WorkflowState, user: User | None = None, **kwargs) -> None:
    def words(page: PortalPage) -> tuple[str, str]:
        now, planned = _("%(who)s đã duyệt; bài đã đăng."), _("%(who)s đã duyệt; bài sẽ đăng theo lịch.")
        return _("Đã duyệt: %(title)s"), now if page.live else planned

    _tell_author("approved", instance, user, words)


def _tell_author(
    what: str, state: WorkflowState, by: User | None, words_of: Callable[[PortalPage], tuple[str, str]]
) -> None:
    """What became of a page, with what was remarked; not to the one whose doing it was."""
    page, task = _page_of(state), state.current_task_state
    if page is None or task is None:
        return

    def words() -> tuple[str, str]:
        title, body = words_of(page)
        body %= {"who": by or ""}
        if task.comment:
            body += "\n\n" + _("Lời nhắn: %(comment)s") % {"comment": task.comment}
        return title % {"title": _title(page)}, body

    _tell(_authors(state, page, but=by), f"{what}:{task.pk}", words, page)


def _page_of(state: WorkflowState) -> PortalPage | None:
    """The page that is on its way, as it is now; nothing else of the portal takes this way."""
    found = Page.objects.filter(pk=state.object_id).first() if isinstance(state.content_object, Page) else None
    page = found.specific if found else None
    return page if isinstance(page, PortalPage) and PortalPage.ward_page_above(page) else None


def _ward_of(page: PortalPage) -> Ward:
    """Raises WardPage.DoesNotExist for a page outside the wards."""
    if isinstance(page, AnnouncementPage | WardPage):
        return page.ward
    return WardPage.objects.ancestor_of(page).select_related("ward").get().ward


def _title(page: PortalPage) -> str:
    return page.draft_title or page.title


def _authors(state: WorkflowState, page: PortalPage, *, but: User | None) -> Iterable[User]:
    """Who sent it, as long as they still write for this ward."""
    person, ward = state.requested_by, _ward_of(page)
    if person is not None and person != but and person.is_active and ward.pk in memberships_of(person):
        yield person


def _tell(people: Iterable[User], key: str, words: Words, page: PortalPage) -> None:
    at = timezone.now()
    with transaction.atomic():
        for person in people:
            with translation.override(person.preferred_language):
                title, body = words()
                url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            notify(person, kind="editing.approval", key=f"approval:{key}", title=title, body=body, url=url, at=at)
