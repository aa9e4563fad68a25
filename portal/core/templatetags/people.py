"""How people's contacts and numbers are shown."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from phonenumber_field.phonenumber import PhoneNumber

from portal.core import languages
from portal.core.accounts.fields import as_national

register = template.Library()

# The first that occurs in the user agent names the program; most of them also claim to be Chrome and Safari.
BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def contact(value: PhoneNumber | str | None) -> str:
    """A phone number as it is read at home, an e-mail address as it is."""
    return str(value) if value and "@" in str(value) else as_national(value)


@register.filter
def language(code: str) -> str:
    return languages.named(code)


@register.filter
def masked(number: str | None) -> str:
    """A personal number of which a passer-by reads the end alone: `••••••••0123`."""
    return f"{'•' * (len(number) - 4)}{number[-4:]}" if number else ""


@register.filter
def device(user_agent: str) -> str:
    """`Chrome, Android`: enough to recognise one's own phone; what is unknown is shown as it says."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or user_agent


@register.inclusion_tag("core/demo_mailbox.html")
def demo_mailbox(recipient: str = "") -> dict[str, str]:
    """In the demo: where the message that was not sent can be read. Elsewhere nothing."""
    url = f"{reverse('core:mailbox')}?{urlencode({'q': recipient})}" if settings.DEMO else ""
    return {"url": url}
