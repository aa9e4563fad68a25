"""Counts of lists that may be of any length: as quick over a million as over a thousand."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

AT_MOST = 1_000  # how many of a list are counted and can be paged through; beyond it one searches


def capped(found: QuerySet) -> int:
    """How many, counted no further than one past `AT_MOST`."""
    return found.order_by()[: AT_MOST + 1].count()


def capped_page(rows: QuerySet, number: Any, *, size: int, count: int) -> Page:
    """One page of the rows of a list; `count` as `capped` counted it, so that no page is asked for beyond."""
    paginator = Paginator(rows, size)
    paginator.count = min(count, AT_MOST)
    return paginator.get_page(number)


class _Count(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def all_capped(lists: Mapping[Any, QuerySet], *, beside: QuerySet) -> dict[Any, int]:
    """As `capped`, of several lists in one query, asked beside the one row of another table."""
    counts = [_Count(found.order_by().values("pk")[: AT_MOST + 1]) for found in lists.values()]
    return dict(zip(lists, beside.values_list(*counts).get(), strict=True))


def in_words(count: int) -> str:
    """A count as a list says it: "7", "1.000+", in English "1,000+"."""
    number = number_format(min(count, AT_MOST), force_grouping=True)
    return f"{number}+" if count > AT_MOST else number
