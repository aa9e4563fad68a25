"""Asked again before a signature: the second factor, or the password where the demo's people have none."""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

LATELY = 5 * 60  # seconds for which one answer holds: long enough to sign what was just read


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Where to send somebody who has not shown lately that it is them; None when they have.

    Asked when the page is opened, so that nothing chosen on it is lost. Without the second factor that
    `SECOND_FACTOR_REQUIRED` demands nobody signs anything.
    """
    if get_adapter().is_mfa_enabled(request.user):
        method, page = "mfa", "mfa_reauthenticate"
    elif settings.SECOND_FACTOR_REQUIRED:
        return redirect("mfa_activate_totp")
    else:
        method, page = "password", "account_reauthenticate"
    if confirmed_lately(request, method):
        return None
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


def confirmed_lately(request: HttpRequest, method: str) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == method and time.time() - record["at"] < LATELY for record in records)
