"""What the outbox keeps for the wards' pages and for wards as tenants; imported when the apps are ready."""

from django.utils import timezone

from portal.core.outbox import handles

from . import sizes, urgent
from .tenancy import jobs as tenancy

__all__ = ["tenancy"]


@handles(urgent.JOB)
def announce_urgent(page_id: int) -> None:
    urgent.keep_promise(page_id, at=timezone.now())


@handles(sizes.JOB, slow=True)
def make_sizes(picture_id: int) -> None:
    sizes.keep_promise(picture_id)
