"""What the people who answer for a building are told of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.models import User
from portal.core.notifications import gathered, notify

from ..models import BoardTerm, Building, OperatorTerm, people_of
from ..roles import Position


def board_ends(term: BoardTerm, step: int, *, at: datetime) -> None:
    """To the board's chair and the head of the managers; when it is over also to the ward's leaders."""
    building = term.building
    readers = [held.user for held in people_of(building, Position.BOARD_CHAIR, Position.BUILDING_HEAD)]
    over = step == BoardTerm.Warned.ENDED
    for reader in dict.fromkeys([*readers, *(building.ward.leaders if over else ())]):
        with translation.override(reader.preferred_language):
            words = {"building": building.name, "until": f"{term.until:%d/%m/%Y}"}
            if over:
                title = _("Ban quản trị %(building)s đã hết nhiệm kỳ")
                body = _(
                    "Nhiệm kỳ đã hết ngày %(until)s và chưa có Ban quản trị mới được công nhận. Từ nay UBND phường "
                    "làm việc của Ban quản trị cho đến khi công nhận Ban quản trị mới."
                )
            else:
                title = _("Ban quản trị %(building)s hết nhiệm kỳ ngày %(until)s")
                body = _(
                    "Hãy triệu tập Hội nghị nhà chung cư để bầu Ban quản trị mới và nộp hồ sơ công nhận tại phường."
                )
            place = "registry:book_board" if reader in readers else "registry:building"
            notify(
                reader,
                kind="board_ends",
                key=f"board_ends:{term.pk}:{step}",
                title=title % words,
                body=body % words,
                url=_at(place, building),
                at=at,
            )


def board_recognised(term: BoardTerm, *, at: datetime) -> None:
    """The ward's decision is out: to the board's chair and those who manage the house."""
    _tell_of_decision(
        term,
        gettext_lazy("Phường đã công nhận Ban quản trị %(building)s"),
        gettext_lazy("Quyết định %(decision)s, nhiệm kỳ đến hết ngày %(until)s. Sổ tòa nhà đã ghi theo quyết định."),
        at=at,
    )


def board_decision_replaced(term: BoardTerm, *, at: datetime) -> None:
    _tell_of_decision(
        term,
        gettext_lazy("Quyết định công nhận Ban quản trị %(building)s được đính chính"),
        gettext_lazy("Quyết định %(decision)s thay quyết định trước. Xem lại danh sách thành viên trong sổ."),
        at=at,
    )


def _tell_of_decision(term: BoardTerm, title: Promise, body: Promise, *, at: datetime) -> None:
    building = term.building
    held = people_of(building, Position.BOARD_CHAIR, Position.BUILDING_HEAD, Position.BUILDING_MANAGER)
    words = {"building": building.name, "decision": term.decision, "until": f"{term.until:%d/%m/%Y}"}
    with gathered():
        for reader in dict.fromkeys(one.user for one in held):
            with translation.override(reader.preferred_language):
                notify(
                    reader,
                    kind="board_recognised",
                    key=f"board_recognised:{term.pk}:{term.decision_token}",
                    title=str(title) % words,
                    body=str(body) % words,
                    url=_at("registry:book_board", building),
                    at=at,
                )


def handed_over(
    building: Building, new: OperatorTerm, to: Collection[User], *, ward: Iterable[User] = (), at: datetime
) -> None:
    """To whoever begins to work for the building, and its board; to the `ward`'s leaders while they do the board's
    work."""
    for reader in dict.fromkeys([*to, *ward]):
        with translation.override(reader.preferred_language):
            notify(
                reader,
                kind="building_handed_over",
                key=f"handover:{new.pk}",
                title=_("%(company)s vận hành %(building)s") % {"company": new.company, "building": building.name},
                body=_("Biên bản bàn giao ghi những việc còn mở và những gì đã nhận. Hãy đọc lại khi bắt đầu."),
                url=_at("registry:book_operator" if reader in to else "registry:building", building),
                at=at,
            )


def _at(route: str, building: Building) -> str:
    return reverse(route, args=[building.ward.slug, building.slug])
