"""The road out of lateness as screens: a page for each step of it, whose turn it is, what was done when.

One road for whoever is late. A desk keeps one `Road` and says what differs: its process, its words, the forms in which
it asks for more, and who has which part. What may be done is its process' to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import workflow
from .audit import history_of
from .lateness import LatenessCase, LatenessProcess, LatenessState
from .lateness_forms import AcceptForm, CaseForm, DeliveryForm, ReturnDraftForm, ReturnExplanationForm
from .models import User
from .workflow import Transition

L = LatenessState
Words = str | Promise
Who = Words | User | None


class Texts(NamedTuple):
    """What a page says of its step."""

    follows: Words  # what it brings about, said before it is done
    done: Words  # said after it was done, with the %(code)s of what was late


class Stop(NamedTuple):
    """A step of the road as a page, whoever is late."""

    slug: str  # in its address
    form: type[CaseForm] = CaseForm
    kind: str = "primary"  # of its button
    back: str = ""  # the step that gives it back instead
    shows: str = ""  # what is read before it is done: explanation, letter


# By the names of the moves, in the order in which a screen offers them: what leads on first.
STOPS = {
    "sign_apology": Stop("ky", back="return_draft", shows="letter"),
    "accept_explanation": Stop("duyet", AcceptForm, back="return_explanation", shows="explanation"),
    "explain": Stop("giai-trinh"),
    "draft_apology": Stop("thu-xin-loi", shows="explanation"),
    "record_delivery": Stop("da-den", DeliveryForm),
    "return_explanation": Stop("tra-lai-giai-trinh", ReturnExplanationForm, shows="explanation"),
    "return_draft": Stop("tra-lai-du-thao", ReturnDraftForm, shows="letter"),
    "override": Stop("cho-di-tiep", kind="warning"),
}
ASIDE = ("return_explanation", "return_draft", "override")  # never the chief thing to do


@dataclass(frozen=True)
class RoadPage:
    """A step of one desk's road: what all have of it, and the desk's own words and form."""

    move: Transition
    slug: str
    form: type[CaseForm]
    kind: str
    back: str
    shows: str
    follows: Words
    done: Words
    signs: bool = False  # asks for the second factor again

    @property
    def name(self) -> str:
        return self.move.name

    @property
    def label(self) -> Words:
        return self.move.label

    @property
    def is_aside(self) -> bool:
        return self.name in ASIDE


class Owed(NamedTuple):
    """Who has the parts of the road that are not the late person's."""

    judges: Who
    signs: Who
    records: Who  # that the letter arrived, where no channel can say so


@dataclass(frozen=True)
class Milestone:
    """One part of the road out: who has it, when it was done."""

    title: Words
    state: str  # past, now, next
    who: Who = ""
    when: datetime | None = None


PORTAL = _("Cổng thông tin tự gửi")


@dataclass(frozen=True)
class Road:
    """The road out at one desk. `note_late` opens the case of a locked subject that is late, and is None for others."""

    process: LatenessProcess
    note_late: Callable[..., Any]
    owed: Callable[[Any], Owed]
    texts: Mapping[str, Texts]
    forms: Mapping[str, type[CaseForm]]  # where the desk asks for more, or otherwise
    arrival: Words  # the last part: the letter has reached the person
    let_go: Words  # instead of it: somebody let it go on
    signing: frozenset[str] = frozenset()  # the moves that ask for the second factor again
    pages: dict[str, RoadPage] = field(init=False)  # by the names of their moves

    def __post_init__(self) -> None:
        pages = {
            name: RoadPage(
                self.process.moves[name],
                signs=name in self.signing,
                **stop._asdict() | self.texts[name]._asdict() | {"form": self.forms.get(name, stop.form)},
            )
            for name, stop in STOPS.items()
        }
        object.__setattr__(self, "pages", pages)

    def page_at(self, slug: str) -> RoadPage | None:
        return next((page for page in self.pages.values() if page.slug == slug), None)

    def open_to(self, user: User, case: LatenessCase, *, at: datetime) -> list[RoadPage]:
        """What this person may do on the road now, what leads on first."""
        names = {move.name for move in self.process.available(case, user, at=at)}
        return [page for name, page in self.pages.items() if name in names]

    def take(self, page: RoadPage, subject: Any, *, seen: str, by: User, at: datetime, **arguments: Any) -> Any:
        """Take a step on the case the screen saw; a case that was not open yet is opened.

        Raises IllegalMove when it is another case, or has gone on; and what the process raises.
        """
        with transaction.atomic():
            locked = workflow.lock(subject)
            case = locked.lateness or self.note_late(locked, at=at)
            if case is None or not is_as_seen(case, seen):
                raise workflow.IllegalMove(locked, page.move, history_of(case or locked).last())
            return getattr(self.process, page.name)(case, by=by, at=at, **arguments)

    def milestones(self, case: LatenessCase) -> list[Milestone]:
        """The whole road with names and times, whatever of it lies behind."""
        owed = self.owed(case)
        arrived = f"{case.told_by}: {case.told_how}" if case.told_by else case.told_how
        parts: tuple[tuple[LatenessState, Words, Who, Who, datetime | None], ...] = (
            (L.EXPLAINING, _("Giải trình"), case.responsible, case.explained_by, case.explained_at),
            (L.EXPLAINED, _("Duyệt giải trình"), owed.judges, case.judged_by, case.judged_at),
            (L.APOLOGISING, _("Dự thảo thư xin lỗi"), case.responsible, case.drafted_by, case.drafted_at),
            (L.DRAFTED, _("Ký thư xin lỗi"), owed.signs, case.signed_by, case.signed_at),
            (L.SIGNED, _("Gửi thư xin lỗi"), PORTAL, PORTAL, case.sent_at),
            (L.SENT, self.arrival, owed.records, arrived, case.told_at),
        )
        states = [state for state, *_rest in parts]
        reached = states.index(LatenessState(case.state)) if case.is_open else len(states)
        road = []
        for place, (_state, title, owes, did, when) in enumerate(parts):
            if place < reached and when:
                road.append(Milestone(title, "past", did, when))
            elif case.is_open:
                road.append(Milestone(title, "now" if place == reached else "next", owes))
        if case.state == L.OVERRIDDEN:
            road.append(Milestone(self.let_go, "past", case.overridden_by, case.overridden_at))
        return road

    def next_of(self, case: LatenessCase) -> Milestone | None:
        """Whose turn it is, and for what; None once the case is closed."""
        return next((part for part in self.milestones(case) if part.state == "now"), None)


# --- What a screen saw ---------------------------------------------------------------------------------------


def turn_of(case: LatenessCase) -> str:
    """What a screen saw of a case, to be sent back with what is done there."""
    if case._state.adding:
        return f"/{case.state}/0"
    last = history_of(case).last()
    return f"{case.pk}/{case.state}/{last.seq if last else 0}"


def is_as_seen(case: LatenessCase, seen: str) -> bool:
    """Whether a screen shows the case as it is; one made in the minute before the watch opened it does."""
    now = turn_of(case)
    return seen in (now, now.removeprefix(str(case.pk)))
