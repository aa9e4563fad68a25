"""Drafts nobody comes back to: their owner is warned, and if nothing is written in them they are deleted.

A draft holds what is in a dossier before anybody was meant to have it. It is kept ninety days after the last
change; any change, or moving it to the newest form, begins them anew.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from portal.core import audit, workflow

from . import filing, notifications
from .models import DRAFT_KEPT, Dossier

log = logging.getLogger(__name__)

WARNED_AHEAD = timedelta(days=14)


def watch_drafts(*, at: datetime) -> tuple[int, int]:
    """Warn of the drafts that come to their end, delete those that are at it; how many each. Called by beat.

    Nothing is deleted without a warning: where beat stood still, the fourteen days count from the warning.
    """
    nearing = Dossier.objects.drafts().filter(changed_at__lte=at - DRAFT_KEPT + WARNED_AHEAD)
    warned = deleted = 0
    for key in list(nearing.order_by("changed_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                draft = workflow.lock(Dossier(pk=key))
                if not draft.is_draft or draft.changed_at > at - DRAFT_KEPT + WARNED_AHEAD:
                    continue
                warning = notifications.draft_warning(draft)
                if warning is None:
                    notifications.draft_ends(draft, ends=max(draft.kept_until, at + WARNED_AHEAD), at=at)
                    warned += 1
                elif at >= max(draft.kept_until, warning.created_at + WARNED_AHEAD):
                    audit.record(draft, "draft_forgotten", by=None, at=at, changed_at=draft.changed_at)
                    filing.erase(draft)
                    deleted += 1
        except Dossier.DoesNotExist:  # its owner was quicker
            continue
        except Exception:
            log.exception("draft %s could not be attended to", key)
    return warned, deleted
