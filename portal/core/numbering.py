"""Numbers without gaps."""

from django.db import transaction

from .models import Sequence


def next_number(scope: str) -> int:
    """The next number of a book, from 1, taken inside the caller's transaction.

    A rollback gives the number back, so a book has no gaps; the row lock means that nobody else
    takes from the same book until the caller commits. Ask late in a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    Sequence.objects.get_or_create(scope=scope)
    row = Sequence.objects.select_for_update().get(scope=scope)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
