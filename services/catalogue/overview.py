"""A procedure in the words of its public page: what it costs, how long it takes, who does what."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buildings.roles import Position
from portal.core.languages import marked
from portal.core.templatetags.components import dong

from .blocks import kind_of
from .blocks.yes_no import YesNo
from .checks import WORKING_DAY, limit_minutes
from .definition import Definition, Fee, FieldSpec, Limit
from .lookups import name_of

if TYPE_CHECKING:
    from .models import LimitReview  # which previews a procedure through this module

HOUR = 60
FULL = 4  # the level done wholly online


OWN_PAGES = 2  # of the way through a draft, besides the procedure's: how to receive the result, the check


def overview(spec: Definition, reviews: "Iterable[LimitReview]" = ()) -> dict[str, Any]:
    """The context of `catalogue/procedure.html`. `reviews`: how the committed limit came about."""
    return {
        "spec": spec,
        "visit": visit(spec),
        "form_pages": len(spec.pages) + OWN_PAGES,
        "limit": [line for line in (limit_in_words(spec.limit), marked(spec.limit.note)) if line],
        "legal_limit": _legal_limit(spec),
        "limit_after_verification": _limit_after_verification(spec),
        "shortened": [_shortened(review) for review in reviews if review.minutes_saved > 0],
        "fees": [
            _fee(_("Lệ phí, nộp trực tuyến"), spec.fee("online")),
            _fee(_("Lệ phí, nộp tại phường"), spec.fee("counter")),
        ],
        "papers": [
            {"spec": paper, "condition": _condition_in_words(spec, paper), "replaced_by": name_of(paper)}
            for paper in spec.papers
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
    }


def visit(spec: Definition) -> dict[str, str] | None:
    """Why one must come, for what and for how long; None for what is done wholly online."""
    if spec.level == FULL:
        return None
    return {
        "reason": spec.presence_reason,
        "purpose": spec.visit.purpose if spec.visit else "",
        "minutes": clock_time_in_words(spec.visit.minutes) if spec.visit else "",
    }


def _legal_limit(spec: Definition) -> list[str]:
    """What the law allows, where that is longer than what the agency commits itself to."""
    legal = spec.legal_limit
    if legal is None or limit_minutes(legal) <= limit_minutes(spec.limit):
        return []
    return [line for line in (limit_in_words(legal), marked(legal.note)) if line]


def _limit_after_verification(spec: Definition) -> list[str]:
    """What it becomes once another agency has to be asked."""
    longer = spec.limit_after_verification
    return [line for line in (limit_in_words(longer), marked(longer.note)) if line] if longer else []


def _shortened(review: "LimitReview") -> str:
    return _("Đã rút ngắn từ %(old)s xuống %(new)s, theo Quyết định số %(number)s ngày %(date)s.") % {
        "old": _amount_in_words(review.old),
        "new": _amount_in_words(review.new),
        "number": review.decision_number,
        "date": f"{review.decision_date:%d/%m/%Y}",
    }


def _amount_in_words(limit: Limit) -> str:
    return _("trong ngày") if limit.kind == "same_day" else limit_in_words(limit)


def _fee(label: str, fee: Fee) -> dict[str, Any]:
    return {"label": label, "lines": [line for line in (dong(fee.amount), marked(fee.note)) if line]}


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
    if limit.kind == "days":
        return ngettext("%(count)s ngày, tính cả ngày nghỉ", "%(count)s ngày, tính cả ngày nghỉ", limit.amount) % {
            "count": limit.amount
        }
    return time_in_words(limit.amount)


def time_in_words(minutes: int) -> str:
    """Working minutes as days, hours and minutes of work: 600 → "1 ngày 2 giờ làm việc"."""
    days, rest = divmod(minutes, WORKING_DAY)
    pieces = [ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}] if days else []
    if rest or not days:
        pieces.append(clock_time_in_words(rest))
    return _("%(time)s làm việc") % {"time": " ".join(pieces)}


def clock_time_in_words(minutes: int) -> str:
    """90 → "1 giờ 30 phút"."""
    hours, rest = divmod(minutes, HOUR)
    pieces = []
    if hours:
        pieces.append(ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours})
    if rest or not pieces:
        pieces.append(ngettext("%(count)s phút", "%(count)s phút", rest) % {"count": rest})
    return " ".join(pieces)
