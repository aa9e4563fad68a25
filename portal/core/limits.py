"""How often one address may do something, and how much it may send at once."""

from collections.abc import Callable

# Internal, because its public face counts no GET and takes its rates from allauth's own settings.
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render


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

    WSGI servers pass on no more than was announced.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or ""
        if announced.isdecimal() and int(announced) > settings.MAX_REQUEST_BYTES:
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware
