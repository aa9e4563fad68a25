"""How it is addressed: in whose language, at which address, with whose building."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import notify

from ...models import people_of
from ...roles import BUILDING_POSITIONS, OPERATOR_POSITIONS
from ..models import BuildingRequest

Words = Callable[[], tuple[str, str]]


def when(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def tell(person: User, request: BuildingRequest, what: str, at: datetime, words: Words, *, url: str, side: str) -> None:
    with translation.override(person.preferred_language):
        title, body = words()
        notify(
            person,
            kind=f"requests.{what.split(':')[0]}",
            key=f"{side}:{request.pk}:{what}",
            title=title,
            body="\n".join([body, _("Tòa nhà: %(building)s") % {"building": request.building}]),
            url=url,
            at=at,
        )


def tell_reporter(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    tell(request.reporter, request, what, at, words, url=request.get_absolute_url(), side="request")


def tell_supporters(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    for each in request.supports.select_related("user").order_by("pk"):
        tell(each.user, request, what, at, words, url=request.get_absolute_url(), side="request")


def tell_waiting(request: BuildingRequest, what: str, at: datetime, words: Words) -> None:
    """Its reporter, and the neighbours who have the same trouble."""
    tell_reporter(request, what, at, words)
    tell_supporters(request, what, at, words)


def tell_staff(request: BuildingRequest, people: Iterable[User | None], what: str, at: datetime, words: Words) -> None:
    """Those of them who work there today; where none is left, all who do: it is heard by somebody, and by nobody gone."""
    working = {held.user_id for held in people_of(request.building, *BUILDING_POSITIONS)}
    here = {person.pk: person for person in people if person and person.pk in working}
    for person in here.values() or everybody(request):
        tell(person, request, what, at, words, url=request.get_desk_url(), side="request-desk")


def everybody(request: BuildingRequest) -> list[User]:
    staff = people_of(request.building, *OPERATOR_POSITIONS).exclude(user=request.reporter_id)
    return list({held.user_id: held.user for held in staff}.values())
