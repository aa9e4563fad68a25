"""Looking a dossier up by its code and secret: where it stands, and nothing about whose it is."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from portal.core.limits import one_try
from services.dossiers import standing
from services.dossiers.forms import LookupForm
from services.dossiers.models import Dossier

WRONG_TRIES = "10/h/ip,10/h/key"  # for an address, and for a code; right ones are given back
NO_SECRET = "-" * 8


@login_not_required
@csrf_protect
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Answers to POST only, so that no secret stands in an address or a history."""
    if request.method != "POST":
        return render(request, "dossiers/lookup.html", {"form": LookupForm()})
    form = LookupForm(request.POST)
    if not form.is_valid():
        return render(request, "dossiers/lookup.html", {"form": form})
    code, secret = form.cleaned_data["code"], form.cleaned_data["secret"]
    attempt = one_try(request, "lookup", WRONG_TRIES, key=code)
    if attempt is None:
        form.add_error(None, _("Bạn đã nhập sai quá nhiều lần. Hãy thử lại sau một giờ, hoặc gọi phường để được giúp."))
        return render(request, "dossiers/lookup.html", {"form": form}, status=429)
    dossier = Dossier.objects.sent().with_people().filter(code=code).first()
    # Compared even when there is nothing to compare with: both wrongs take the same time.
    right = constant_time_compare(dossier.secret if dossier else NO_SECRET, secret)
    if dossier is None or not right:
        form.add_error(None, _("Không tìm thấy hồ sơ nào có mã hồ sơ và mã tra cứu này. Hãy xem lại cả hai mã."))
        return render(request, "dossiers/lookup.html", {"form": form})
    attempt.rollback()
    return render(
        request,
        "dossiers/lookup_result.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "tone": standing.tone_of(dossier),
            "explained": standing.explained(dossier),
            "step": standing.step_now(dossier),
            "holder": standing.holder(dossier),
            "due_state": standing.due_state(dossier, at=timezone.now()),
        },
    )
