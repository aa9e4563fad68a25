"""What a meeting prints: invitations, the paper of authority, the minutes. Contexts are plain, testable without a PDF."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from portal.core import workflow
from portal.core.pdf import render_pdf_now

from ..models import Apartment
from ..notices import calendar_file
from ..roles import Position
from .counting import count, in_words
from .models import Meeting, MeetingState
from .rules import RULES


def _head(meeting: Meeting, at: datetime) -> dict[str, Any]:
    building = meeting.notice.building
    return {
        "agency": f"BAN QUẢN TRỊ {building.name.upper()}",
        "place": building.ward.name,
        "date": timezone.localdate(at),
        "building": building,
        "meeting": meeting,
        "notice": meeting.notice,
        "when": calendar_file.when_in_words(meeting.notice),
        "agenda": meeting.agenda,
        "rules": RULES,
    }


def invitation_context(meeting: Meeting, flats: Sequence[Apartment], *, at: datetime) -> dict[str, Any]:
    """A page a flat; without a flat one with a blank to fill in."""
    chair = meeting.notice.building.memberships.current().filter(position=Position.BOARD_CHAIR).first()
    return {
        **_head(meeting, meeting.notice.published_at or at),
        "title": "Giấy mời",
        "subtitle": f"Dự Hội nghị nhà chung cư {meeting.get_occasion_display()}",
        "flats": [flat.number for flat in flats] or [""],
        "papers": [file.name for file in meeting.notice.files.all()],
        "capacity": "TM. BAN QUẢN TRỊ",
        "role": "TRƯỞNG BAN",
        "signer": str(chair.user) if chair else "",
    }


def proxy_context(meeting: Meeting, flat: Apartment, owner: str, proxy: str, *, at: datetime) -> dict[str, Any]:
    """The paper with which an owner has somebody vote for the flat."""
    return {
        **_head(meeting, at),
        "title": "Giấy ủy quyền",
        "subtitle": "Dự và biểu quyết tại Hội nghị nhà chung cư",
        "flat": flat.number,
        "owner": owner,
        "proxy": proxy,
    }


def resolutions_of(meeting: Meeting) -> list[dict[str, Any]]:
    """What was voted on, the votes in words."""
    return [
        {
            "number": resolution.number,
            "text": resolution.text,
            "votes_for": in_words(meeting, resolution.votes_for),
            "votes_against": in_words(meeting, resolution.votes_against),
            "abstained": in_words(meeting, resolution.abstained),
            "passed": resolution.passed,
        }
        for resolution in meeting.resolutions.order_by("number")
    ]


def minutes_context(meeting: Meeting) -> dict[str, Any]:
    present = count(meeting)
    return {
        **_head(meeting, meeting.ended_at or timezone.now()),
        "title": "Biên bản",
        "subtitle": f"Hội nghị nhà chung cư {meeting.get_occasion_display()}, {meeting.building.name}",
        "opened_at": timezone.localtime(meeting.opened_at) if meeting.opened_at else None,
        "ended_at": timezone.localtime(meeting.ended_at) if meeting.ended_at else None,
        "present": present,
        "percent": f"{present.percent:.1f}".replace(".", ","),
        "present_votes": in_words(meeting, present.votes),
        "all_votes": in_words(meeting, present.all_votes),
        "resolutions": resolutions_of(meeting),
        "attending": [
            f"{attendance.apartment.number}{' (ủy quyền)' if attendance.proxy else ''}"
            for attendance in meeting.attendances.select_related("apartment")
        ],
    }


def invitation(meeting: Meeting, flats: Sequence[Apartment], *, at: datetime) -> bytes:
    return render_pdf_now("pdf/buildings/invitation.html", invitation_context(meeting, flats, at=at))


def proxy_paper(meeting: Meeting, flat: Apartment, owner: str, proxy: str, *, at: datetime) -> bytes:
    return render_pdf_now("pdf/buildings/proxy.html", proxy_context(meeting, flat, owner, proxy, at=at))


def minutes(meeting: Meeting) -> bytes:
    """The minutes of a meeting that has ended: printed once, the same for good."""
    if meeting.state != MeetingState.CLOSED:
        raise ValueError("the minutes of a meeting that is not over")
    if not meeting.minutes:
        pdf = render_pdf_now("pdf/buildings/minutes.html", minutes_context(meeting))
        with transaction.atomic():
            locked = workflow.lock(meeting)
            if not locked.minutes:
                locked.minutes.save(f"{uuid.uuid4()}.pdf", ContentFile(pdf), save=False)
                locked.save(update_fields=["minutes"])
        meeting.minutes = locked.minutes
    with meeting.minutes.open() as file:
        return file.read()
