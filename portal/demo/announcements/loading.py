"""Publishes the announcements as an editor would have."""

from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from buildings.models import Ward, holders_of
from buildings.roles import Position
from home.blocks import AnnouncementBody
from home.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    Audience,
    AudiencePart,
    Picture,
    PublicFile,
    WardPage,
)
from portal.core.models import User
from portal.core.text import fold

from . import drawings
from .everywhere import CONTACTS, CONTACTS_ENGLISH, EVERYWHERE
from .items import Day, Item
from .of_ward import OF_WARD


def load_announcements(ward: Ward, *, at: datetime | None = None) -> None:
    """Publishes the ward's demo announcements as of `at` (now). What is there already stays."""
    now = at or timezone.now()
    page = WardPage.objects.select_related("collection").get(ward=ward)
    index = AnnouncementIndexPage.objects.child_of(page).get()
    if not page.intro:
        page.intro = "Nộp hồ sơ, xem thông báo, gặp đúng người khi cần."
        page.title_en = f"{fold(ward.name).title()} Ward"
        page.intro_en = "Apply, read announcements, and reach the right person when you need to."
        page.contacts = [("contact", contact) for contact in CONTACTS]
        page.contacts_en = [("contact", contact) for contact in CONTACTS_ENGLISH]
        page.save()
    for number, item in enumerate((*OF_WARD.get(ward.slug, ()), *EVERYWHERE)):
        slug = slugify(fold(item.title))[:80].strip("-")
        if not AnnouncementPage.objects.of(ward).filter(slug=slug).exists():
            with transaction.atomic():
                _publish(
                    item,
                    slug,
                    page,
                    index,
                    now,
                    published_at=now - timedelta(days=item.days_ago, minutes=7 * number + 60),
                )


def _publish(
    item: Item, slug: str, page: WardPage, index: AnnouncementIndexPage, now: datetime, *, published_at: datetime
) -> None:
    ward = page.ward
    words = {
        "day": Day(timezone.localdate(now)),
        "ward": ward.name,
        "ward_en": fold(ward.name).title(),
        "address": ward.address,
        "email": ward.email,
        "phone": ward.phone.as_national,
    }
    body = _blocks(item.body.format(**words)) + [(kind, _value(kind, value)) for kind, value in item.more]
    if item.file:
        body.append(("files", [_file(item.file, page)]))
    up = item.goes_live_in_days == 0
    announcement = AnnouncementPage(
        title=item.title,
        slug=slug,
        kind=item.kind,
        summary=item.summary.format(**words),
        body=body,
        picture=_picture(item.drawing, page) if item.drawing else None,
        picture_alt=item.alt,
        decision_date=_decided(item, now),
        decision_number=item.decision_number,
        urgent_until=published_at + timedelta(days=item.urgent_days) if item.urgent_days else None,
        expire_at=now + timedelta(days=item.expires_in_days) if item.expires_in_days else None,
        owner=_editor_of(ward),
        live=up,
        first_published_at=published_at if up else None,
        last_published_at=published_at if up else None,
        **_downtime(item, now),
        **_event(item, words, now),
        **_english(item, words),
    )
    if item.for_building:
        _aim(announcement, item.for_building, ward)
    index.add_child(instance=announcement)
    if up:
        _keep_first_version(announcement)
    else:
        announcement.go_live_at = now + timedelta(days=item.goes_live_in_days)
        announcement.save_revision().publish()


def _keep_first_version(announcement: AnnouncementPage) -> None:
    """So that what is changed later can be compared with it and given back."""
    announcement.live_revision = announcement.save_revision(user=announcement.owner, changed=False, clean=False)
    announcement.save(update_fields=["live_revision"], clean=False)


def _editor_of(ward: Ward) -> User | None:
    """Who the register says published it."""
    membership = holders_of(Position.WARD_EDITOR, ward).select_related("user").first()
    return membership.user if membership else None


def _value(kind: str, value: Any) -> Any:
    """What a block holds, from the plain data above."""
    return AnnouncementBody().child_blocks[kind].to_python(value)


def _event(item: Item, words: dict[str, Any], now: datetime) -> dict[str, Any]:
    if item.event is None:
        return {}
    day, hour, minutes, place = item.event
    begins = timezone.localtime(now).replace(hour=hour, minute=30 if hour in (7, 19) else 0, second=0, microsecond=0)
    begins += timedelta(days=words["day"].ahead(day))
    return {
        "event_starts_at": begins,
        "event_ends_at": begins + timedelta(minutes=minutes),
        "event_place": place.format(**words),
        "event_repeats": item.repeats,
    }


def _english(item: Item, words: dict[str, Any]) -> dict[str, Any]:
    if item.english is None:
        return {}
    title, summary, body, alt = item.english
    return {
        "title_en": title,
        "summary_en": summary,
        "body_en": _blocks(body.format(**words)),
        "picture_alt_en": alt,
    }


def _aim(announcement: AnnouncementPage, place: tuple[str, int | None, int | None], ward: Ward) -> None:
    slug, first, last = place
    if building := ward.buildings.filter(slug=slug).first():
        announcement.audience = Audience.BUILDINGS
        announcement.audience_parts = [AudiencePart(building=building, from_floor=first, to_floor=last)]


def _downtime(item: Item, now: datetime) -> dict[str, datetime]:
    if item.downtime is None:
        return {}
    days, hour, hours = item.downtime
    begins = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return {"downtime_from": begins, "downtime_until": begins + timedelta(hours=hours)}


def _decided(item: Item, now: datetime) -> date | None:
    if item.decided_days_ago is None:
        return None
    return timezone.localdate(now) - timedelta(days=item.decided_days_ago)


def _blocks(text: str) -> list[tuple[str, object]]:
    blocks: list[tuple[str, object]] = []
    markup = ""

    def close() -> None:
        nonlocal markup
        if markup:
            blocks.append(("paragraph", markup.replace("</ul><ul>", "")))
            markup = ""

    for line in text.splitlines():
        if line.startswith("# "):
            close()
            blocks.append(("heading", line[2:]))
        else:
            markup += f"<ul><li>{line[2:]}</li></ul>" if line.startswith("- ") else f"<p>{line}</p>"
    close()
    return blocks


def _picture(drawing: str, page: WardPage) -> Picture:
    title = f"Hình vẽ: {drawing}"
    found = Picture.objects.filter(collection=page.collection, title=title).first()
    if found:
        return found
    content = drawings.jpeg(drawing, seed=crc32(page.slug.encode()))
    return Picture.objects.create(
        title=title, collection=page.collection, file=ContentFile(content, name=f"{page.slug}-{drawing}.jpg")
    )


def _file(file: tuple[str, str, str], page: WardPage) -> PublicFile:
    title, name, text = file
    content = text.encode("utf-8-sig")  # Excel reads it as UTF-8 only with the mark
    return PublicFile.objects.create(
        title=title, collection=page.collection, file=ContentFile(content, name=name), file_size=len(content)
    )
