"""A procedure in the words of its public page: what it costs, how long it takes, who does what."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buildings.roles import Position

from .checks import WORKING_DAY
from .definition import Definition, Limit

HOUR = 60


def overview(spec: Definition) -> dict[str, Any]:
    """The context of `catalogue/procedure.html`."""
    return {
        "spec": spec,
        "limit": limit_in_words(spec.limit),
        "fees": [
            {"channel": _("Nộp trực tuyến"), "fee": spec.fee("online")},
            {"channel": _("Nộp tại Bộ phận Một cửa"), "fee": spec.fee("counter")},
        ],
        "steps": [
            {
                "name": step.name,
                "task": step.task,
                "position": Position(step.position).label if step.position in Position.values else "",
                "time": time_in_words(step.minutes),
            }
            for step in spec.steps
        ],
        "questions": sum(len(section.fields) for section in spec.sections),
    }


def limit_in_words(limit: Limit) -> str:
    if limit.kind == "same_day":
        cutoff = limit.cutoff_time
        return _("Trong ngày làm việc. Hồ sơ nhận sau %(cutoff)s trả kết quả trong ngày làm việc tiếp theo.") % {
            "cutoff": _("%(hour)s giờ") % {"hour": cutoff.hour}
            if not cutoff.minute
            else _("%(hour)s giờ %(minute)02d") % {"hour": cutoff.hour, "minute": cutoff.minute}
        }
    if limit.kind == "working_days":
        return ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", limit.amount) % {"count": limit.amount}
    return time_in_words(limit.amount)


def time_in_words(minutes: int) -> str:
    """Working minutes as days, hours and minutes of work: 600 → "1 ngày 2 giờ làm việc"."""
    days, rest = divmod(minutes, WORKING_DAY)
    hours, rest = divmod(rest, HOUR)
    pieces = []
    if days:
        pieces.append(ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days})
    if hours:
        pieces.append(ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours})
    if rest or not pieces:
        pieces.append(ngettext("%(count)s phút", "%(count)s phút", rest) % {"count": rest})
    return _("%(time)s làm việc") % {"time": " ".join(pieces)}
