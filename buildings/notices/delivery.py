"""Telling the people of a building: a batch a transaction, by their keys, until everybody has been told."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core import ical, outbox
from portal.core.models import User
from portal.core.notifications import gathered, notify

from . import audience, calendar_file
from .actions import TELL
from .models import Notice, Telling

BATCH = 250  # people a transaction


def tell_all(telling_id: int, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Idempotent: goes on where it was broken off, and a telling that is done stays as it is."""
    while _tell_batch(telling_id, at=clock()):
        outbox.hold(TELL, str(telling_id), at=clock())


@transaction.atomic
def _tell_batch(telling_id: int, *, at: datetime) -> bool:
    """The next people; False when there are no more."""
    telling = Telling.objects.select_for_update(of=("self",)).get(pk=telling_id)
    if telling.finished_at:
        return False
    notice = Notice.objects.select_related("building__ward").get(pk=telling.notice_id)
    if _is_outrun(telling, notice):
        telling.finished_at = at
        telling.save(update_fields=["finished_at"])
        return False
    people = audience.people(notice)
    batch = list(people.filter(pk__gt=telling.cursor)[:BATCH])
    calendars = _Calendars(notice, at=at)
    with gathered():
        for person in batch:
            _tell(person, notice, telling, calendars, at=at)
    telling.told += len(batch)
    if batch:
        telling.cursor = batch[-1].pk
    if len(batch) < BATCH:
        telling.finished_at = at
    telling.save(update_fields=["told", "cursor", "finished_at"])
    return telling.finished_at is None


def _is_outrun(telling: Telling, notice: Notice) -> bool:
    """Something newer became of the notice, and its own telling says so: the old words would be wrong."""
    return telling.version != notice.version or (notice.is_withdrawn and telling.what != Telling.What.WITHDRAWN)


class _Calendars:
    """The calendar file of a notice, made once a language."""

    def __init__(self, notice: Notice, *, at: datetime) -> None:
        self.notice, self.at, self.made = notice, at, dict[str, bytes]()

    def file(self, language: str) -> bytes:
        if not self.notice.starts_at:
            return b""
        if language not in self.made:
            self.made[language] = ical.calendar_file([calendar_file.event_of(self.notice)], at=self.at)
        return self.made[language]


def _tell(person: User, notice: Notice, telling: Telling, calendars: _Calendars, *, at: datetime) -> None:
    with translation.override(person.preferred_language):
        title, body = _words(notice, telling)
        notify(
            person,
            kind=f"notices.{telling.what}",
            key=f"notice:{notice.pk}:{telling.what}:{telling.version}",
            title=title,
            body=body,
            url=notice.get_absolute_url(),
            at=at,
            calendar=calendars.file(person.preferred_language),
        )


def _words(notice: Notice, telling: Telling) -> tuple[str, str]:
    """Title and text of what is told: who, what, when, for whom. Nothing of the person."""
    title = {
        Telling.What.PUBLISHED: "%(title)s",
        Telling.What.CORRECTED: _("Đã sửa: %(title)s"),
        Telling.What.WITHDRAWN: _("Đã rút: %(title)s"),
    }[Telling.What(telling.what)] % {"title": notice.title}
    lines = [f"{notice.issuer}, {notice.building}. {notice.audience}."]
    if telling.what == Telling.What.WITHDRAWN:
        return title, "\n".join([_("Lý do: %(reason)s") % {"reason": notice.reason}, *lines])
    if telling.what == Telling.What.CORRECTED:
        lines.insert(
            0, _("Nội dung đã sửa: %(changed)s") % {"changed": notice.versions.get(number=telling.version).changed}
        )
    if notice.starts_at:
        lines.append(calendar_file.when_in_words(notice))
    if notice.place:
        lines.append(_("Địa điểm: %(place)s") % {"place": notice.place})
    if notice.due_date:
        lines.append(_("Hạn nộp: %(day)s") % {"day": f"{notice.due_date:%d/%m/%Y}"})
    return title, "\n".join(lines)
