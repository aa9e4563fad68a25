"""What every response gets, whoever made it."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from .files.storage import StorageAway
from .pdf import Busy

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def private_responses(get_response: GetResponse) -> GetResponse:
    """Pages of a session are kept by nobody: no shared cache, no browser after sign-out.

    What calls itself public (stylesheet, pictures) looks the same to everyone and may be kept; so may a
    visitor's pages that `page_cache` finds public. All others are asked for anew each time.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "public" in response.get("Cache-Control", ""):
            return response
        if request.user.is_authenticated or settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        elif not hasattr(response, "public_subject"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return middleware


def without_nul(get_response: GetResponse) -> GetResponse:
    """The one character PostgreSQL keeps nowhere: no address has it, and in a query it counts as not typed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return get_response(request)

    return middleware


def form_only_addresses(get_response: GetResponse) -> GetResponse:
    """An address that only takes what a form sends says so, instead of an empty page.

    One comes there by signing in again after pressing a button, or from the browser's history.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            said = render(request, "405.html", status=405)
            said["Allow"] = response["Allow"]
            return said
        return response

    return middleware


# What fails for a while: the page that says what to do, and after how many seconds to ask again.
PASSING = {StorageAway: ("503.html", 60), Busy: ("503_printing.html", 10)}


def passing_failures(get_response: GetResponse) -> GetResponse:
    """A storage that is full or away and printers that are busy are said; what was saved before stays saved."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        for kind, (page, seconds) in PASSING.items():
            if isinstance(exception, kind):
                if kind is StorageAway:
                    log.error("%s: the storage of files is away", request.path, exc_info=exception)
                response = render(request, page, status=503)
                response["Retry-After"] = str(seconds)
                return response
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
