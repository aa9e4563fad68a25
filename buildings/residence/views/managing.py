"""The managers' side: who asks, who lives where, letters for the letter boxes. The board sees numbers alone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import access_record
from portal.core.calendar import VIETNAM
from portal.core.files.downloads import private_response

from ...access import manager_required
from ...models import Building, Residency
from ...roles import OPERATOR_POSITIONS
from .. import letters as printing
from .. import moves, queries, rules, words
from ..forms import LettersForm
from ..permissions import operates
from .mine import proof_response

LIST, PAGE, PROOF = "residents", "page", "paper"  # kinds of reading that are recorded


@require_safe
@manager_required()
def residents(request: HttpRequest, building: Building) -> HttpResponse:
    """Who asks to be confirmed first, then the residents by flat. Reading the list leaves a record."""
    if not operates(request.user, building.pk):
        context = {"building": building, "numbers": queries.numbers(building)}
        return render(request, "residence/manage/numbers.html", context)
    at = timezone.now()
    today = at.astimezone(VIETNAM).date()
    view = request.GET.get("xem", "")
    view = view if view in queries.VIEWS else ""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:80]
    found = queries.residents(building, view=view, words=typed, today=today)
    page = Paginator(found, queries.A_PAGE).get_page(request.GET.get("trang"))
    first = view == "" and not typed and page.number == 1
    waiting = list(queries.residents(building, view="cho", words="", today=today)[: queries.A_PAGE]) if first else []
    access_record.note_list(
        LIST, [*waiting, *page.object_list], by=request.user, at=at, ward_id=building.ward_id, asked=f"{view} {typed}"
    )
    context = {
        "building": building,
        "view": view,
        "words": typed,
        "page": page,
        "waiting": waiting,
        "counts": queries.counts(building, today=today),
        "disputes": queries.disputes(building) if view in ("", "cho") else [],
        "today": today,
    }
    return render(request, "residence/manage/residents.html", context)


def _managed(building: Building, pk: int) -> Residency:
    of = Residency.objects.filter(apartment__building=building).with_rivals()
    return get_object_or_404(of.select_related("user", "apartment__building__ward", "confirmed_by"), pk=pk)


@require_safe
@manager_required(*OPERATOR_POSITIONS)
def resident(request: HttpRequest, building: Building, residency: int) -> HttpResponse:
    one, at = _managed(building, residency), timezone.now()
    access_record.note_read(one, PAGE, by=request.user, at=at, ward_id=building.ward_id)
    others = Residency.objects.filter(apartment=one.apartment).open().exclude(pk=one.pk)
    context = {
        "building": building,
        "residency": one,
        "others": list(others.select_related("user").order_by("role", "pk")),
        "offered": moves.offered(one, request.user, at=at),
        "history": words.history(one),
        "is_self": one.user_id == request.user.pk,
    }
    return render(request, "residence/manage/resident.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required(*OPERATOR_POSITIONS)
def decide(request: HttpRequest, building: Building, residency: int, move: str) -> HttpResponse:
    one = _managed(building, residency)
    back_url = reverse("residence:manage_resident", args=[building.ward.slug, building.slug, one.pk])
    template = "residence/manage/decide.html"
    response = moves.decide(request, one, move, template=template, back_url=back_url, building=building)
    if response.status_code == 302:
        messages.success(request, moves.PAGES[move].done)
    return response


@require_safe
@manager_required(*OPERATOR_POSITIONS)
def proof(request: HttpRequest, building: Building, residency: int) -> HttpResponse:
    """The paper somebody sent; whoever looks is written down."""
    one = _managed(building, residency)
    response = proof_response(one)
    access_record.note_read(one, PROOF, by=request.user, at=timezone.now(), ward_id=building.ward_id)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required(*OPERATOR_POSITIONS)
def letters(request: HttpRequest, building: Building) -> HttpResponse:
    """Choose floors or flats; POST prints. The codes are in that file and nowhere else."""
    form = LettersForm(building, rules.LETTERS_AT_ONCE, request.POST if request.method == "POST" else None)
    if form.is_valid():
        at = timezone.now()
        pdf = printing.print_letters(building, form.flats, by=request.user, at=at)
        name = f"thu-{building.slug}-{at.astimezone(VIETNAM):%Y-%m-%d}.pdf"
        return private_response(pdf, filename=name, mime="application/pdf")
    context = {
        "building": building,
        "form": form,
        "most": rules.LETTERS_AT_ONCE,
        "good_for": rules.LETTER_GOOD_FOR.days,
    }
    return render(request, "residence/manage/letters.html", context)
