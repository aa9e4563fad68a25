"""Where the rules hold whatever way a page takes: before it is saved or deleted, and the record after.

Wagtail takes pages down from a dozen places (its views, bulk actions, workflows, scheduled expiry, the
deletion of a parent), some of them on the bare `Page` row, where our model's `save` is never called.
Django's own signals of saving and deleting are the one point all of them pass.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.signals import post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from home import urgent
from home.kinds import Kind
from home.models import AnnouncementPage
from home.models.publicity import PublicityRecord
from home.subscriptions import sending
from portal.core.addresses import plain
from portal.core.models import User

from . import rules

Event = PublicityRecord.Event


def connect() -> None:
    for sender in (Page, AnnouncementPage):
        pre_save.connect(before_saving, sender=sender, dispatch_uid=f"publicity of {sender.__name__}")
        post_save.connect(after_saving, sender=sender, dispatch_uid=f"publicity of {sender.__name__}")
    pre_delete.connect(before_deleting, sender=AnnouncementPage, dispatch_uid="publicity")


def before_saving(
    sender: type[Page], instance: Page, *, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Raises TooEarly when the page is to come down and the law keeps it up."""
    instance._publicity = None
    if raw or not _is_announcement(instance) or (update_fields and "live" not in update_fields):
        return
    at = timezone.now()
    before = Page.objects.filter(pk=instance.pk).values("live", "last_published_at").first() if instance.pk else None
    was_live = before is not None and before["live"]
    if was_live and not instance.live:
        rules.check_removal(instance.translation_key, at=at)
        instance._publicity = Event.TAKEN_DOWN
    elif instance.live and not was_live:
        instance._publicity = Event.PUBLISHED
    elif instance.live and before and before["last_published_at"] != instance.last_published_at:
        instance._publicity = Event.REVISED
    if instance.live and isinstance(instance, AnnouncementPage):
        _never_expires_too_early(instance, at)


def after_saving(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    event, instance._publicity = getattr(instance, "_publicity", None), None
    if event is None:
        return
    page = instance if isinstance(instance, AnnouncementPage) else AnnouncementPage.objects.get(pk=instance.pk)
    now = timezone.now()
    record(page, event, at=now if event == Event.TAKEN_DOWN else page.last_published_at or now)
    if event != Event.TAKEN_DOWN:
        sending.published(page, at=now)
        urgent.promise(page, at=now)


def before_deleting(sender: type[Page], instance: AnnouncementPage, **kwargs: Any) -> None:
    """Raises TooEarly when the law keeps the page up. What is deleted leaves its record."""
    if instance.live:
        now = timezone.now()
        rules.check_removal(instance.translation_key, at=now)
        record(instance, Event.TAKEN_DOWN, at=now)


def record(page: AnnouncementPage, event: str, *, at: datetime) -> PublicityRecord:
    """The one writer of the record: what happened to an announcement, as it was at that moment."""
    kind = Kind(page.kind) if page.kind in Kind.values else None
    obliged = kind is not None and kind.obliged
    standing = rules.standing_of(page.translation_key) if event == Event.TAKEN_DOWN else None
    by = _who(page)
    return PublicityRecord.objects.create(
        ward=page.ward,
        announcement=page.translation_key,
        event=event,
        at=at,
        by=by,
        by_name=str(by) if by else "",
        title=page.title,
        address=plain(page.address),
        kind=page.kind,
        obliged=obliged,
        basis=page.legal_item or (kind.basis if kind else ""),
        decision_number=page.decision_number,
        decision_date=page.decision_date,
        due_date=rules.due_date(page.ward, page.decision_date) if obliged and page.decision_date else None,
        audience="; ".join(page.audience_places),
        reason=standing.released.reason if standing and standing.released and not _in_its_time(standing, at) else "",
    )


def _in_its_time(standing: rules.Standing, at: datetime) -> bool:
    return standing.stays_until is not None and at >= datetime.combine(
        standing.stays_until, datetime.min.time(), rules.VIETNAM
    )


def _never_expires_too_early(page: AnnouncementPage, at: datetime) -> None:
    """An expiry that came in past the editors' form is put off to the first lawful day."""
    if page.expire_at:
        earliest = rules.earliest_expiry(page, at=at)
        if earliest is None or (page.expire_at < earliest and earliest > at):
            page.expire_at = earliest


def _is_announcement(page: models.Model) -> bool:
    return isinstance(page, AnnouncementPage) or (
        isinstance(page, Page) and bool(page.content_type_id) and page.specific_class is AnnouncementPage
    )


def _who(page: AnnouncementPage) -> User | None:
    """Who does it now; what happens by schedule was arranged by whoever wrote the version that is up."""
    if user := get_active_log_context().user:
        return user
    revision = page.live_revision or page.latest_revision
    return revision.user if revision else page.owner
