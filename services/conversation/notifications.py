"""Who is told that something was said: one notice until it is read, not one a line.

The words themselves stay in the portal: notices travel by e-mail and SMS.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core import outbox
from portal.core.models import User
from portal.core.notifications import notify
from services.dossiers.models import Dossier
from services.dossiers.permissions import works_at_desk

from . import rules
from .models import Message
from .permissions import at_work, clerks_for, desk_of, leaders_for

Words = Callable[[], tuple[str, str]]


def sent(message: Message, *, at: datetime) -> None:
    """Tell the other side. A note is nobody's news."""
    if message.is_note:
        return
    if message.is_complaint:
        complained(message, at=at)
    elif message.side == Message.Side.RESIDENT:
        resident_wrote(message, at=at)
    else:
        desk_wrote(message, at=at)


def desk_wrote(message: Message, *, at: datetime) -> None:
    dossier = message.dossier
    answer = message.answers_id is not None

    def words() -> tuple[str, str]:
        title = (
            _("Lãnh đạo phường đã trả lời phản ánh về hồ sơ %(code)s")
            if answer
            else _("Phường nhắn bạn về hồ sơ %(code)s")
        )
        body = _("%(ward)s đã viết cho bạn. Mở hồ sơ để đọc và trả lời.") % {"ward": dossier.ward.shown}
        return title % {"code": dossier.code}, body

    # An answer to a complaint is always told; lines of a talk are told once until they are read.
    key = f"answer:{message.pk}" if answer else _batch(message)
    _tell([dossier.owner], key, words, reverse("conversation:conversation", args=[dossier.pk]), at)


def resident_wrote(message: Message, *, at: datetime) -> None:
    dossier = message.dossier

    def words() -> tuple[str, str]:
        return (
            _("Công dân nhắn về hồ sơ %(code)s") % {"code": dossier.code},
            _("Có tin chưa đọc trong trao đổi của hồ sơ."),
        )

    _tell(readers_at_desk(dossier, at=at), _batch(message), words, _at_desk(dossier), at)


def complained(message: Message, *, at: datetime) -> None:
    """Each complaint is told on its own, and remembered one working day before it is due."""
    dossier = message.dossier
    _tell(
        answerers(dossier, at=at), f"complaint:{message.pk}", lambda: _complaint_words(message), _at_desk(dossier), at
    )
    outbox.enqueue(
        "conversation.complaint_due",
        str(message.pk),
        at=rules.complaint_reminder(dossier, at),
        payload={"message_id": str(message.pk)},
    )


def complaint_due(message: Message, *, at: datetime) -> None:
    dossier = message.dossier

    def words() -> tuple[str, str]:
        title = _("Sắp đến hạn trả lời phản ánh về hồ sơ %(code)s") % {"code": dossier.code}
        return title, _complaint_words(message)[1]

    _tell(answerers(dossier, at=at), f"complaint-due:{message.pk}", words, _at_desk(dossier), at)


def readers_at_desk(dossier: Dossier, *, at: datetime) -> list[User]:
    """Whoever owes the current step; else who wrote to the resident last; else the clerks, else the leaders.

    Who is away today is read for by their substitute.
    """
    step = dossier.current_step
    answers = Message.objects.about(dossier).said().filter(side=Message.Side.DESK).select_related("author")
    wrote = answers.last()
    for person in filter(None, (step and step.assignee, wrote and wrote.author)):
        reader = at_work(person, dossier, at=at)
        if works_at_desk(reader, dossier):
            return [reader]
    return clerks_for(dossier, at=at) or leaders_for(dossier, at=at) or desk_of(dossier)


def answerers(dossier: Dossier, *, at: datetime) -> list[User]:
    """Who must answer a complaint: never nobody."""
    return leaders_for(dossier, at=at) or clerks_for(dossier, at=at) or desk_of(dossier)


def _complaint_words(message: Message) -> tuple[str, str]:
    due = timezone.localtime(message.due_at) if message.due_at else None
    return (
        _("Phản ánh về hồ sơ %(code)s") % {"code": message.dossier.code},
        _("Trả lời chậm nhất %(time)s ngày %(date)s.") % {"time": f"{due:%H:%M}", "date": f"{due:%d/%m/%Y}"},
    )


def _batch(message: Message) -> str:
    """The oldest message its readers have not seen: the same until they read."""
    other = Message.Side.DESK if message.side == Message.Side.RESIDENT else Message.Side.RESIDENT
    unread = Message.objects.about(message.dossier).unread_by(other).filter(kind=Message.Kind.MESSAGE, answers=None)
    return f"messages:{unread.values_list('pk', flat=True)[0]}"


def _at_desk(dossier: Dossier) -> str:
    return reverse("desk:conversation", args=[dossier.pk])


def _tell(people: Iterable[User], key: str, words: Words, url: str, at: datetime) -> None:
    for person in people:
        with translation.override(person.preferred_language):
            title, body = words()
            notify(person, kind="conversation", key=key, title=title, body=body, url=f"{url}#moi-nhat", at=at)
