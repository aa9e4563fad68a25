"""How often one address may do something, and how much it may send at once."""

from collections.abc import Callable

# Internal, because its public face counts no GET and takes its rates from allauth's own settings.
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

MEGABYTE = 1024 * 1024


def within_rate(request: HttpRequest, action: str, rate: str, *, key: str | None = None) -> bool:
    """Count one try of `action`; False when there were too many.

    `rate` is written as allauth does: "30/m/ip", "10/h/key", several after commas.
    """
    return one_try(request, action, rate, key=key) is not None


def one_try(request: HttpRequest, action: str, rate: str, *, key: str | None = None):
    """Count one try of `action`; None when there were too many.

    What comes back takes a `rollback()`, for a page on which only wrong tries count.
    """
    return ratelimit.consume(request, app="portal", action=action, config={action: rate}, key=key, limit_get=True)


def too_often(request: HttpRequest) -> HttpResponseBase:
    """The 429 page."""
    return render(request, "429.html", status=429)


def bounded_bodies(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """Refuse a request that announces more than `MAX_REQUEST_BYTES` before any of it is read.

    Who is signed in may send more (`MAX_REQUEST_BYTES_SIGNED_IN`), so that what they typed beside too many
    photos is not lost (`files.quota`). WSGI servers pass on no more than was announced.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or ""
        size = int(announced) if announced.isdecimal() else 0
        if size > settings.MAX_REQUEST_BYTES and (
            size > settings.MAX_REQUEST_BYTES_SIGNED_IN or not request.user.is_authenticated
        ):
            most = {"most": settings.MAX_FILES_BYTES // MEGABYTE, "sent": size // MEGABYTE}
            return render(request, "413.html", most, status=413)
        return get_response(request)

    return middleware
