"""Answers of readers who are nobody in particular. The announcement's own page stays without a form and a cookie."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.models import AnnouncementPage
from portal.core.limits import too_often, within_rate

from . import counting
from .forms import NO, YES, AnswerForm

# One address may be a whole block of flats behind one router, or thousands of phones of one carrier.
ANSWER_RATE, READ_RATE = "20/h/ip", "60/h/ip"
MACHINES = re.compile(r"bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|curl|python|wget", re.IGNORECASE)


def _published(ward: str, slug: str) -> AnnouncementPage:
    found = AnnouncementPage.objects.live().select_related("ward").defer("body", "body_en")
    return get_object_or_404(found, ward__slug=ward, slug=slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def useful(request: HttpRequest, ward: str, slug: str) -> HttpResponse:
    """Was it of use, and why? The answer chosen on the page is ticked already; `?tra-loi=co` or `khong`."""
    page = _published(ward, slug)
    chosen = request.GET.get("tra-loi")
    form = AnswerForm(request.POST or None, initial={"useful": chosen if chosen in {YES, NO} else None})
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            if not within_rate(request, f"useful-{page.pk}", ANSWER_RATE):
                return too_often(request)
            said = form.cleaned_data
            counting.answer(page, useful=said["useful"] == YES, text=said["text"], at=timezone.now())
            return redirect("readership:thanks", ward, slug)
    return render(request, "home/readership/useful.html", {"ward": page.ward, "page": page, "form": form})


@login_not_required
@require_safe
def thanks(request: HttpRequest, ward: str, slug: str) -> HttpResponse:
    page = _published(ward, slug)
    return render(request, "home/readership/thanks.html", {"ward": page.ward, "page": page})


# Without a token, which a page that is kept cannot hold. It adds one to a sum; nobody gains by forging it.
@csrf_exempt
@login_not_required
@require_POST
def read(request: HttpRequest, ward: str, slug: str) -> HttpResponse:
    """The page was shown to somebody for a few seconds (reading.js). Machines that say so are not counted."""
    page = _published(ward, slug)
    human = not MACHINES.search(request.headers.get("User-Agent", "bot"))
    own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if human and own and within_rate(request, f"read-{page.pk}", READ_RATE):
        counting.read(page, at=timezone.now())
    return HttpResponse(status=204)
