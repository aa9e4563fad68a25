"""E-mail, to everyone who has an address."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from ...addresses import in_language
from ...ical import CONTENT_TYPE
from ...models import Delivery, User

name = "email"


def address_of(user: User) -> str | None:
    return user.email


def send(delivery: Delivery) -> None:
    notice = delivery.notification
    link = settings.PUBLIC_URL + in_language(notice.url, notice.recipient.preferred_language)
    with translation.override(notice.recipient.preferred_language):
        body = render_to_string("email/notice.txt", {"notice": notice, "link": link})
    letter = EmailMessage(subject=" ".join(notice.title.split()), body=body, to=[delivery.address])
    if notice.calendar:
        letter.attach("lich.ics", notice.calendar, CONTENT_TYPE)
    letter.send()
