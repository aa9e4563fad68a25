"""What `manage.py check --deploy` tells besides what Django itself does: each thing an install for a ward still lacks.

Nothing here stops a start: a ward may try things out. docs/production.md says what each variable is for.
"""

import ipaddress
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection
from django.http.request import validate_host


@register(Tags.security, deploy=True)
def ready_for_a_ward(app_configs, **kwargs) -> list[CheckMessage]:
    return [Warning(said, hint=hint, id=f"portal.{id}") for id, said, hint in _missing()]


Lack = tuple[str, str, str]  # the check's id, what is the case, what to do


def _missing() -> Iterator[Lack]:
    yield from _addresses()
    yield from _messages()
    yield from _servers()
    yield from _secrets()
    if settings.DEMO:
        yield "W001", "DEMO is on: people with known passwords, messages for anybody to read.", "Unset DEMO."
    if not settings.SECOND_FACTOR_REQUIRED:
        yield "W002", "Officers and editors sign in without a second factor.", "Unset SECOND_FACTOR_REQUIRED."
    if settings.DOCUMENT_AUTHORITY == "services.documents.authority.KeptAuthority":
        yield (
            "W003",
            "The demonstration authority signs: what it signs has no legal value.",
            "Set DOCUMENT_AUTHORITY to the class that signs with the ward's certificates.",
        )


def _addresses() -> Iterator[Lack]:
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https":
        yield (
            "W010",
            f"PUBLIC_URL ({settings.PUBLIC_URL}) is not https: cookies and papers travel unprotected.",
            "Set PUBLIC_URL to the https address people use.",
        )
    elif not settings.TRUSTED_PROXIES:
        yield (
            "W011",
            "PUBLIC_URL is https and no proxy is trusted: every request is redirected to itself.",
            "Set TRUSTED_PROXIES to the number of proxies in front, 1 behind one nginx.",
        )
    if not validate_host(public.hostname or "", settings.ALLOWED_HOSTS):
        yield "W012", f"{public.hostname} of PUBLIC_URL is not served.", "Name it in ALLOWED_HOSTS."
    if "*" in settings.ALLOWED_HOSTS:
        yield "W013", "Any host name is served, so links in messages can be forged.", "Name the hosts in ALLOWED_HOSTS."
    if f"{public.scheme}://{public.netloc}" not in settings.CSRF_TRUSTED_ORIGINS:
        yield "W014", "Forms sent from PUBLIC_URL are refused.", "Name it in CSRF_TRUSTED_ORIGINS too."


def _messages() -> Iterator[Lack]:
    if settings.DEMO:
        return
    if not settings.EMAIL_URL:
        yield (
            "W020",
            "EMAIL_URL is not set: codes, invitations and notices by mail reach nobody.",
            "Set EMAIL_URL, for instance submission://user:password@host:587.",
        )
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or _is_here(settings.EMAIL_HOST)):
        yield (
            "W021",
            "EMAIL_URL names another machine and no encryption: codes and the password travel readable.",
            "Use submission:// or smtps:// in EMAIL_URL.",
        )
    if "portal.example" in settings.DEFAULT_FROM_EMAIL:
        yield "W022", "Messages come from an invented address.", "Set DEFAULT_FROM_EMAIL to one somebody reads."
    if settings.SMS_CHANNEL == "portal.core.notifications.mailbox.send_sms":
        yield (
            "W023",
            "SMS_CHANNEL is not set: whoever signs up with a phone number never gets the code.",
            "Set SMS_CHANNEL to the function that sends a text message.",
        )


def _servers() -> Iterator[Lack]:
    if connection.vendor == "sqlite":
        yield (
            "W030",
            "The database is SQLite: one writer at a time, and no second machine.",
            "Set DATABASE_URL to a PostgreSQL.",
        )
    if not settings.REDIS_URL:
        yield (
            "W031",
            "REDIS_URL is not set: each web process has a cache of its own, so limits on tries count several times over.",
            "Set REDIS_URL.",
        )


def _secrets() -> Iterator[Lack]:
    if settings.DATA_DIR.is_relative_to(settings.BASE_DIR):
        yield (
            "W040",
            f"Data lie beside the code, in {settings.DATA_DIR}.",
            "Set DATA_DIR, for instance to /var/lib/portal.",
        )
    if settings.KEYS_DIR.exists() and settings.KEYS_DIR.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield "W041", f"Others than its owner get at {settings.KEYS_DIR}.", f"chmod 0700 {settings.KEYS_DIR}"
    kept = settings.KEYS_DIR / "file_key"
    if settings.S3_BUCKET and kept.exists() and [kept.read_text()] == settings.FILE_KEYS:
        yield (
            "W042",
            "Files lie in a bucket and their key on this machine alone.",
            "Set FILE_KEYS and SECRET_KEY, the same on every machine, and keep copies under lock.",
        )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
