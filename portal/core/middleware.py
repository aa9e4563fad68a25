"""What every response gets, whoever made it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def private_responses(get_response: GetResponse) -> GetResponse:
    """Pages of a signed-in person are kept by nobody: no shared cache, no browser after sign-out.

    What calls itself public (stylesheet, pictures) looks the same to everyone and may be kept.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "public" not in response.get("Cache-Control", "") and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
