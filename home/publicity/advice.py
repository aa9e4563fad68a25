"""What the editor is told beside the dates: by when, until when, and what else the law asks of this kind."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from home.kinds import KEPT_UP, PUBLISHED_WITHIN, SPOKEN, Kind
from portal.core.calendar import VIETNAM

from . import rules

if TYPE_CHECKING:
    from home.models import AnnouncementPage

NEAR = 2  # days before the limit on which the editor is warned of it


def of(page: "AnnouncementPage", *, at: datetime) -> dict[str, Any]:
    """The words of the panel; an announcement that is not saved yet gets the general ones."""
    kind = Kind(page.kind) if page.kind in Kind.values else None
    told: dict[str, Any] = {"within": PUBLISHED_WITHIN, "kept": KEPT_UP, "kind": kind, "obliged": kind and kind.obliged}
    if kind and kind.rule.shown_days and not page.expire_at and not page.event_repeats:
        told["shown_days"] = kind.rule.shown_days
    if page.pk is None or kind is None or not kind.obliged:
        return told
    standing = rules.standing_of(page.translation_key) if page.live else None
    told |= {
        "key": page.translation_key,
        "standing": standing,
        "kept_for_good": kind.rule.kept_for_good,
        "spoken": SPOKEN if kind.rule.loudspeaker else 0,
    }
    if page.decision_date:
        due = rules.due_date(page.ward, page.decision_date)
        published_on = (standing.up_since if standing else at).astimezone(VIETNAM).date()
        told |= {
            "due_date": due,
            "late": published_on > due,
            "near": standing is None and 0 <= (due - published_on).days <= NEAR,
        }
    return told
