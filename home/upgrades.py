"""What wards and pages of an older version lack."""

from datetime import datetime

from portal.core.upgrading import upgrades

from . import sizes
from .models import WardPage
from .tenancy.opening import complete


@upgrades("Wards completed")
def complete_wards(at: datetime) -> int:
    """Groups, permissions and workflow that wards have since."""
    in_use = WardPage.objects.filter(ward__closed_at=None).select_related("ward", "editors", "approvers", "collection")
    return sum(complete(page) for page in in_use)


@upgrades("Pictures whose sizes the worker will make")
def promise_sizes(at: datetime) -> int:
    return sizes.promise_missing(at=at)
