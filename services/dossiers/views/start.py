"""Before the first page: what one will need, and a draft to begin or to go on with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buildings.models import Ward
from buildings.registry.facts import facts_of, house_of
from services.catalogue.answers import from_building
from services.catalogue.models import Procedure
from services.catalogue.overview import limit_in_words, overview, visit
from services.dossiers import filing, journey
from services.dossiers.models import Dossier

DRAFTS_OFFERED = 3


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, ward: str, procedure: str) -> HttpResponse:
    place = get_object_or_404(Ward.objects.open(), slug=ward)
    service = get_object_or_404(Procedure.objects.offered_in(place), slug=procedure)
    version = service.current
    building = house_of(request.GET.get("toa-nha", ""), place, request.user)
    house = facts_of(building, request.user, on=timezone.localdate()) if building else None
    if request.method == "POST":
        try:
            known = from_building(version.spec, house) if house else {}
            dossier = filing.start(version, place, by=request.user, at=timezone.now(), known=known, building=building)
        except filing.NotInForce:  # another version came into force this very moment
            return redirect(service.address_in(place))
        return redirect(journey.first(dossier).url)
    drafts = (
        Dossier.objects.owned_by(request.user)
        .drafts()
        .filter(ward=place, version__procedure=service)
        .order_by("-changed_at")[:DRAFTS_OFFERED]
    )
    return render(
        request,
        "dossiers/start.html",
        {
            "ward": place,
            "procedure": service,
            "spec": version.spec,
            "papers": overview(version.spec)["papers"],
            "visit": visit(version.spec),
            "limit": limit_in_words(version.spec.limit),
            "fee": version.spec.fee("online"),
            "drafts": drafts,
            "house": house,
        },
    )
