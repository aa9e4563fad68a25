"""A procedure in the words of its public page: what it costs, how long it takes, who does what."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buildings.roles import Position
from portal.core.templatetags.components import dong

from .blocks import kind_of
from .blocks.yes_no import YesNo
from .checks import WORKING_DAY
from .definition import Definition, Fee, FieldSpec, Limit

HOUR = 60


def overview(spec: Definition) -> dict[str, Any]:
    """The context of `catalogue/procedure.html`."""
    return {
        "spec": spec,
        "limit": [line for line in (limit_in_words(spec.limit), spec.limit.note) if line],
        "fees": [
            _fee(_("Lệ phí, nộp trực tuyến"), spec.fee("online")),
            _fee(_("Lệ phí, nộp tại phường"), spec.fee("counter")),
        ],
        "papers": [{"spec": paper, "condition": _condition_in_words(spec, paper)} for paper in spec.papers],
        "steps": [
            {
                "name": step.name,
                "task": step.task,
                "position": Position(step.position).label if step.position in Position.values else "",
                "time": time_in_words(step.minutes),
            }
            for step in spec.steps
        ],
    }


def _fee(label: str, fee: Fee) -> dict[str, Any]:
    return {"label": label, "lines": [line for line in (dong(fee.amount), fee.note) if line]}


def _condition_in_words(definition: Definition, paper: FieldSpec) -> str:
    """Who needs the paper, in the words of the question that decides it; empty when everyone does."""
    if paper.when is None:
        return ""
    question = definition.field(paper.when.field)
    kind = kind_of(question)
    answers = " / ".join(str(kind.display(question, value)) for value in paper.when.values)
    return f"{question.label} {answers}." if question.kind == YesNo.name else f"{answers}."


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
