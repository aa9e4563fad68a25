"""The language of a page, and the wall that needs both the person's account and their positions."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from buildings.models import memberships_of
from buildings.roles import GUARDED_POSITIONS
from portal.core.addresses import language_of, plain

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Where the second factor is set up, and what a page needs to be shown at all.
FREE = ("/tai-khoan/", "/giao-dien/", "/livez", "/readyz", settings.STATIC_URL)


def language_of_address(get_response: GetResponse) -> GetResponse:
    """Speaks the language the address asks for, whatever the browser or an old cookie would like.

    In place of Django's LocaleMiddleware, which reads both and makes every page vary by them.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def is_guarded(user) -> bool:
    """Whether this person's positions ask for a second factor."""
    return user.is_superuser or any(
        position in GUARDED_POSITIONS for positions in memberships_of(user).values() for position in positions
    )


def second_factor(get_response: GetResponse) -> GetResponse:
    """Officers and editors without an authenticator are led to set one up, and nowhere else.

    With one, signing in itself asks for its code (allauth's login stage).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and not plain(request.path).startswith(FREE)
            and request.user.is_authenticated
            and is_guarded(request.user)
            and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        ):
            messages.warning(request, _("Vị trí công tác của bạn cần xác thực hai lớp. Hãy bật trước khi làm việc."))
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware
