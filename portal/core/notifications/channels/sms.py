"""SMS, only to those without an e-mail address: each one costs the ward money."""

from django.conf import settings
from django.utils.module_loading import import_string

from ...addresses import in_language
from ...models import Delivery, User

name = "sms"


def address_of(user: User) -> str | None:
    return str(user.phone) if user.phone and not user.email else None


def send(delivery: Delivery) -> None:
    notice = delivery.notification
    link = settings.PUBLIC_URL + in_language(notice.url, notice.recipient.preferred_language)
    import_string(settings.SMS_CHANNEL)(delivery.address, f"{notice.title} {link}")
