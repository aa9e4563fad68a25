"""The office's registers by the name each has in its address. To add one: a module like `follow_up`, a line here."""

from operator import attrgetter

from portal.core.audit import stream_of

from . import follow_up, forms, issued
from .models import Export
from .register import Register

REGISTERS: dict[str, Register] = {
    register.what: register
    for register in (
        Register(
            what=Export.What.FOLLOW_UP,
            title=follow_up.TITLE,
            form="register",
            columns=follow_up.COLUMNS,
            keyset=follow_up.ORDER,
            filters=forms.FollowUpFilter,
            entries=follow_up.entries,
            rows=follow_up.rows,
            subject=stream_of,
            subtitle=follow_up.subtitle,
        ),
        Register(
            what=Export.What.ISSUED,
            title=issued.TITLE,
            form="",
            columns=issued.COLUMNS,
            keyset=issued.ORDER,
            filters=forms.IssuedFilter,
            entries=issued.entries,
            rows=issued.rows,
            subject=attrgetter("subject"),
            subtitle=issued.subtitle,
        ),
    )
}
