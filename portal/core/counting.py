"""Counts of lists that may be of any length: as quick over a million as over a thousand."""

from django.db.models import QuerySet

AT_MOST = 1_000  # how many of a list are counted and can be paged through; beyond it one searches


def capped(found: QuerySet) -> int:
    """How many, counted no further than one past `AT_MOST`."""
    return found.order_by()[: AT_MOST + 1].count()


def in_words(count: int) -> str:
    """A count as a list says it: "7", "1.000+"."""
    number = f"{min(count, AT_MOST):,}".replace(",", ".")
    return f"{number}+" if count > AT_MOST else number
