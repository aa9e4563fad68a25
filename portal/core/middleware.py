"""What every response gets, whoever made it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

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
