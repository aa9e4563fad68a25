"""What needs to know both the person's account and their positions."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from buildings.models import memberships_of
from buildings.roles import GUARDED_POSITIONS

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Where the second factor is set up, and what a page needs to be shown at all.
FREE = ("/tai-khoan/", "/ngon-ngu/", "/giao-dien/", "/livez", "/readyz", settings.STATIC_URL)


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
            and not request.path.startswith(FREE)
            and request.user.is_authenticated
            and is_guarded(request.user)
            and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        ):
            messages.warning(request, _("Vị trí công tác của bạn cần xác thực hai lớp. Hãy bật trước khi làm việc."))
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware
