"""E-mail, to everyone who has an address."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from ...ical import CONTENT_TYPE
from ...models import Delivery, User

name = "email"


def address_of(user: User) -> str | None:
    return user.email


def send(delivery: Delivery) -> None:
    notice = delivery.notification
    with translation.override(notice.recipient.preferred_language):
        body = render_to_string("email/notice.txt", {"notice": notice, "link": settings.PUBLIC_URL + notice.url})
    letter = EmailMessage(subject=" ".join(notice.title.split()), body=body, to=[delivery.address])
    if notice.calendar:
        letter.attach("lich.ics", notice.calendar, CONTENT_TYPE)
    letter.send()
