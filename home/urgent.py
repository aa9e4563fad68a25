"""Urgent announcements: a banner on every page of their ward, and word sent out when they begin."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.core import audit, outbox

if TYPE_CHECKING:
    from .models import AnnouncementPage

JOB = "home.urgent"


def promise(page: "AnnouncementPage", *, at: datetime) -> None:
    """Promises that word is sent out when the announcement becomes urgent; once for each beginning."""
    if page.urgent_until is None or page.urgent_until <= at:
        return
    begins = page.urgent_from or page.first_published_at or at
    outbox.enqueue(JOB, f"{page.pk}:{int(begins.timestamp())}", at=max(begins, at), payload={"page_id": page.pk})


def keep_promise(page_id: int, *, at: datetime) -> None:
    """Sends word out if the announcement is still there and still urgent. Safe to repeat."""
    from .models import AnnouncementPage  # noqa: PLC0415 - the models' guard asks this module

    page = AnnouncementPage.objects.urgent(at).select_related("ward").filter(pk=page_id).first()
    if page:
        announce(page, at)


@transaction.atomic
def announce(page: "AnnouncementPage", at: datetime) -> None:
    """An urgent announcement begins: what tells people of it at once is called here."""
    from .subscriptions import sending  # noqa: PLC0415 - it stands above the models, which ask this module

    audit.record(page, "announcement.urgent", by=None, at=at, ward_id=page.ward_id, public=True)
    sending.urge(page, at=at)
