"""What the mails say. Every one names its reason and the way out, for people and for their mail programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.core.addresses import here

from . import tokens
from .models import Letter, SignUp


def compose(mail: list[Letter], *, since: Mapping[tuple[Any, int], datetime]) -> EmailMultiAlternatives:
    """The mail of one subscriber: one announcement, or all those of a day's digest, the newest first.

    `since` says from when a subscriber (key) has followed a ward (key), for the reason given.
    """
    subscriber = mail[0].subscriber
    with override(subscriber.speaks):
        items = [_item(letter) for letter in mail]
        wards = list(dict.fromkeys(letter.dispatch.announcement.ward for letter in mail))
        reasons = [{"ward": ward, "since": since.get((subscriber.pk, ward.pk))} for ward in wards]
        digest = mail[0].digest_date
        token = tokens.for_subscriber(subscriber)
        stop = _link(reverse("subscriptions:stop", args=[token]))
        context = {
            "subject": _subject_of_digest(len(items), wards) if digest else _subject_of_one(mail[0], items[0]),
            "items": items,
            "digest": digest,
            "reasons": reasons,
            "several_wards": len(wards) > 1,
            "manage": _link(reverse("subscriptions:mine", args=[token])),
            "stop": stop,
        }
        message = _message("email/announcements.txt", "email/announcements.html", context, subscriber.address)
    name = f"digest-{digest.isoformat()}" if digest else f"announcement-{mail[0].dispatch_id}"
    message.extra_headers = {
        # The same mail sent twice after a kill is recognised by servers and programs that look.
        "Message-ID": f"<{name}-{subscriber.pk.hex}@{_host()}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{wards[0].slug if len(wards) == 1 else 'thong-bao'}.{_host()}>",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    return message


def compose_question(sign_up: SignUp, token: str) -> EmailMultiAlternatives:
    """To an address somebody wrote into the form: do you want this?"""
    with override(sign_up.language):
        context = {
            "subject": _("Xác nhận nhận thông báo của %(ward)s") % {"ward": sign_up.ward.shown},
            "ward": sign_up.ward,
            "link": _link(reverse("subscriptions:confirm", args=[token])),
            "hours": int(settings.SUBSCRIPTION_CONFIRM_WITHIN.total_seconds() // 3600),
            "days": settings.SUBSCRIPTION_SIGN_UPS_KEPT.days,
        }
        message = _message(
            "email/subscription_question.txt", "email/subscription_question.html", context, sign_up.email
        )
    message.extra_headers = {"Auto-Submitted": "auto-generated"}
    return message


def _item(letter: Letter) -> dict:
    announcement = letter.dispatch.announcement
    return {
        "title": announcement.title_shown,
        "summary": announcement.summary_shown,
        "lang": announcement.lang_of_content,
        "places": announcement.audience_places,
        "urgent": letter.dispatch.urgent,
        "kind": announcement.kind_label,
        "ward": announcement.ward,
        "link": _link(announcement.address),
    }


def _subject_of_one(letter: Letter, item: dict) -> str:
    said = {"ward": item["ward"].shown, "title": item["title"]}
    return (_("Khẩn, %(ward)s: %(title)s") if item["urgent"] else _("%(ward)s: %(title)s")) % said


def _subject_of_digest(number: int, wards: list) -> str:
    said = {"n": number, "ward": wards[0].shown}
    if len(wards) > 1:
        return ngettext("%(n)s thông báo mới của các phường", "%(n)s thông báo mới của các phường", number) % said
    return ngettext("%(ward)s: %(n)s thông báo mới", "%(ward)s: %(n)s thông báo mới", number) % said


def _message(text: str, html: str, context: dict, address: str) -> EmailMultiAlternatives:
    # A line break in a title would begin another header.
    subject = " ".join(context["subject"].split())
    context = {**context, "subject": subject}
    message = EmailMultiAlternatives(subject=subject, body=render_to_string(text, context), to=[address])
    message.attach_alternative(render_to_string(html, context), "text/html")
    return message


def _link(path: str) -> str:
    """The whole address, in the language the reader is written to in."""
    return settings.PUBLIC_URL + here(path)


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
