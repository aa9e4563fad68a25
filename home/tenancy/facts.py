"""Where a ward is reached and when: what it says of itself on every page."""

from datetime import datetime

from django.db import transaction

from buildings.models import Ward
from portal.core import audit
from portal.core.models import User
from services.dossiers import watch

CHANGEABLE = ("address", "phone", "email", "office_hours")


@transaction.atomic
def change_facts(ward: Ward, *, by: User | None, at: datetime, **facts) -> bool:
    """Changes some of `CHANGEABLE`; False when nothing is different. Other hours plan anew what has not started.

    What was issued keeps the address it bears. Raises ValidationError.
    """
    locked = Ward.objects.select_for_update(of=("self",)).get(pk=ward.pk)
    before = {name: str(getattr(locked, name)) for name in CHANGEABLE}
    for name in facts.keys() & set(CHANGEABLE):
        setattr(locked, name, facts[name])
    locked.full_clean()
    changed = [name for name in CHANGEABLE if str(getattr(locked, name)) != before[name]]
    if not changed:
        return False
    locked.save(update_fields=changed)
    audit.record(
        locked,
        "ward.changed",
        by=by,
        at=at,
        ward_id=locked.pk,
        public=True,
        **{f"from_{name}": before[name] for name in changed},
        **{f"to_{name}": str(getattr(locked, name)) for name in changed},
    )
    if "office_hours" in changed:
        watch.calendar_changed(locked, at=at)
    return True
