"""What is due is published and what has expired comes down, each by itself: one page holds up no other."""

import logging
from datetime import datetime

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from wagtail.models import DraftStateMixin, Page, Revision

log = logging.getLogger(__name__)


def publish_due(*, at: datetime) -> None:
    """Takes Wagtail's `publish_scheduled` over, which stops at the first page it cannot attend to."""
    for expired in _expired(at):
        _attend(expired, lambda page: page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled"))
    due = Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at")
    for revision in list(due):
        _attend(revision, lambda revision: revision.publish(log_action="wagtail.publish.scheduled"))


def _expired(at: datetime) -> list[models.Model]:
    found: list[models.Model] = list(Page.objects.filter(live=True, expire_at__lt=at).order_by("expire_at").specific())
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page):
            found += model._default_manager.filter(live=True, expire_at__lt=at).order_by("expire_at")
    return found


def _attend(subject, action) -> None:
    try:
        with transaction.atomic():
            action(subject)
    except (PermissionDenied, ValidationError) as refusal:
        # It is tried again with the next round; the editor sees at the page what keeps it.
        log.warning("not done on schedule: %s %s: %s", type(subject).__name__, subject.pk, refusal)
