"""The switch of the desk's single-key short cuts, kept with the session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ..access import desk_required


@require_POST
@desk_required
def keys(request: HttpRequest) -> HttpResponse:
    """On or off, and back to the page it was asked from."""
    request.session["desk_keys_off"] = not request.POST.get("bat")
    back = request.POST.get("ve", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "desk:work"
    return redirect(back)
