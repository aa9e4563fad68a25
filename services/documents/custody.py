"""Who keeps the record of a document when its ward is no more: the ward that took over.

The document itself does not change: its ward, its number, its book, its file and its check stay those
of the agency that issued it.
"""

from django.db import models

from buildings.models import Ward

from .models import IssuedDocument


def pass_on(documents: models.QuerySet[IssuedDocument], ward: Ward) -> int:
    """Let `ward` read these documents and answer for them besides the ward that issued them. Returns how many."""
    mine = documents.filter(ward=ward).exclude(kept_by=None).update(kept_by=None)  # they came back
    return mine + documents.exclude(ward=ward).exclude(kept_by=ward).update(kept_by=ward)
