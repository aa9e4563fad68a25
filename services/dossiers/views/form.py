"""Filling in a draft, page by page; checking it; sending it; and the page that says it has arrived."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.languages import marked
from services.catalogue import answers as form_answers
from services.catalogue import lookups
from services.catalogue.definition import PAPERS
from services.catalogue.overview import limit_in_words
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, journey, renewal, slips, standing
from services.dossiers.assignment import NobodyToOwn, WardClosed
from services.dossiers.forms import DECLARATION, DeclarationForm, DeliveryForm
from services.dossiers.models import Dossier

from .access import dossier_to_fill_in, own_dossier, place_of
from .sheet import Sheet

LATER = "de-sau"  # the button that saves and leaves
BACK_TO = "ve"  # ?ve=kiem-tra: the page was opened from the check and returns there
CHECK = "kiem-tra"

fill_methods = require_http_methods(["GET", "HEAD", "POST"])


@fill_methods
def section(request: HttpRequest, id, page: str) -> HttpResponse:
    dossier = dossier_to_fill_in(request, id)
    if not dossier.is_draft:
        return redirect(dossier)
    try:
        spec = dossier.spec.page(page)
    except KeyError as error:
        raise Http404(page) from error
    sheet = Sheet(request, dossier, spec)
    if request.method == "POST":
        later = LATER in request.POST
        try:
            right = sheet.take(at=timezone.now(), insist=not later)
        except filing.NotEditable:
            return redirect(dossier)
        if right and sheet.stays and not sheet.questions:
            return redirect(request.get_full_path())
        if right and not sheet.stays:
            return _onward(request, sheet.dossier, page, later=later)
    return _page(
        request,
        "dossiers/page.html",
        sheet.dossier,
        page,
        {"sheet": sheet, "form": sheet.form, "intro": spec.intro, "papers": list(sheet.rows())},
    )


@fill_methods
def delivery(request: HttpRequest, id) -> HttpResponse:
    dossier = dossier_to_fill_in(request, id)
    if not dossier.is_draft:
        return redirect(dossier)
    later = LATER in request.POST
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial={"delivery": dossier.delivery})
    if request.method == "POST" and form.is_valid():
        try:
            filing.choose_delivery(dossier, form.cleaned_data["delivery"], by=request.user, at=timezone.now())
        except filing.NotEditable:
            return redirect(dossier)
        return _onward(request, dossier, "delivery", later=later)
    return _page(request, "dossiers/delivery.html", dossier, "delivery", {"form": form})


@fill_methods
def check(request: HttpRequest, id) -> HttpResponse:
    """Everything on one page, to be read once more; POST sends it. Sent twice is sent once."""
    dossier = dossier_to_fill_in(request, id)
    if not dossier.is_draft:
        return redirect("dossiers:confirmation", id=dossier.pk)
    if not renewal.may_send(dossier, at=timezone.now()):
        return redirect("dossiers:renew", id=dossier.pk)
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    problems = actions.problems_of(dossier)
    if request.method == "POST":
        if form.is_valid() and not problems:
            try:
                sent = actions.submit(dossier, by=request.user, at=timezone.now())
                return _sent(request, sent)
            except filing.NotInForce:  # published anew this very moment
                return redirect("dossiers:renew", id=dossier.pk)
            except actions.Incomplete as incomplete:  # changed in another window meanwhile
                problems = incomplete.problems
            except WardClosed:
                form.add_error(
                    None,
                    _("%(ward)s đã ngừng nhận hồ sơ. Bản nháp của bạn còn nguyên; hãy gọi %(phone)s để được hướng dẫn.")
                    % {"ward": dossier.ward.shown, "phone": dossier.ward.phone.as_national},
                )
            except NobodyToOwn:
                form.add_error(
                    None,
                    _("%(ward)s chưa nhận được hồ sơ trực tuyến lúc này. Bản nháp của bạn vẫn còn; hãy gọi %(phone)s.")
                    % {"ward": dossier.ward.shown, "phone": dossier.ward.phone},
                )
        for problem in problems:
            form.add_error(None, _linked(dossier, problem))
    context = {
        "form": form,
        "declaration": marked(dossier.spec.declaration) or DECLARATION,
        "problems": problems,
        "answers": _answers(dossier),
        "papers": papers_of(dossier),
        "papers_key": PAPERS,
        "fee": dossier.spec.fee(dossier.channel),
    }
    status = 400 if form.errors else 200
    return _page(request, "dossiers/check.html", dossier, "check", context, status=status)


@require_safe
def confirmation(request: HttpRequest, id) -> HttpResponse:
    """What was sent, under which code, and what happens next. Can be opened again at any time."""
    dossier = own_dossier(request, id)
    if dossier.is_draft:
        return redirect(journey.resume(dossier).url)
    documents = IssuedDocument.objects.visible_to(request.user).about(dossier)
    return render(
        request,
        "dossiers/confirmation.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "step": standing.step_now(dossier),
            "acknowledgement": documents.filter(kind=slips.ACKNOWLEDGEMENT).first(),
            "limit": limit_in_words(dossier.spec.limit).rstrip("."),
        },
    )


def _sent(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What follows sending: for the resident what happens next, for the clerk the dossier at the desk."""
    if dossier.owner_id == request.user.pk:
        return redirect("dossiers:confirmation", id=dossier.pk)
    messages.success(
        request,
        _("Đã nộp hồ sơ %(code)s cho %(person)s. In phiếu cho công dân ở mục Văn bản.")
        % {"code": dossier.code, "person": dossier.owner},
    )
    return redirect("desk:dossier", dossier.pk)


def papers_of(dossier: Dossier) -> list[dict]:
    """The papers given, and those a database stands in for, in the order of the form: label, files, that database."""
    kept, answers = list(dossier.attachments.kept()), form_answers.asked_answers(dossier.spec, dossier.answers)
    every = [spec for spec in dossier.spec.fields() if spec.kind == filing.FILE]
    rows = [
        {
            "label": spec.label,
            "files": [file for file in kept if file.field == spec.key],
            "looked_up_in": lookups.stands_in(spec, dossier.answers) if spec.asked(answers) else "",
        }
        for spec in every
    ]
    return [row for row in rows if row["files"] or row["looked_up_in"]]


def _page(request, template: str, dossier: Dossier, key: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A page of the way with its place in it: number, the page before, the whole count."""
    way = journey.pages(dossier)
    keys = [page.key for page in way]
    number = keys.index(key) if key in keys else 0
    from_check = request.GET.get(BACK_TO) == CHECK
    before = way[-1] if from_check else way[number - 1] if number else None
    shared = {
        "ward": dossier.ward,
        "dossier": dossier,
        "page": way[number],
        "number": number + 1,
        "total": len(way),
        "back_url": before.url if before else place_of(request, dossier),
        "leave_url": place_of(request, dossier),
        "filed_for": dossier.owner if dossier.owner_id != request.user.pk else None,
        "from_check": from_check,
    }
    return render(request, template, {**shared, **context}, status=status)


def _onward(request: HttpRequest, dossier: Dossier, key: str, *, later: bool) -> HttpResponse:
    """To the page after this one as the dossier is answered now; back to the check if one came from there."""
    if later:
        messages.success(request, _("Đã lưu bản nháp. Bạn có thể mở lại và làm tiếp bất cứ lúc nào."))
        return redirect(place_of(request, dossier))
    if request.GET.get(BACK_TO) == CHECK:
        return redirect("dossiers:check", id=dossier.pk)
    way = journey.pages(dossier)
    keys = [page.key for page in way]
    following = keys.index(key) + 1 if key in keys else len(way) - 1
    return redirect(way[following].url)


def _answers(dossier: Dossier) -> list[dict]:
    """The summary, each section with the address that changes it."""
    return [
        {
            "title": section.title,
            "url": f"{reverse('dossiers:page', args=[dossier.pk, section.key])}?{BACK_TO}={CHECK}",
            "rows": rows,
        }
        for section, rows in form_answers.summary(dossier.spec, dossier.answers)
    ]


def _linked(dossier: Dossier, problem) -> str:
    url = reverse("dossiers:page", args=[dossier.pk, problem.page_key])
    return format_html('<a href="{}?{}={}">{}</a>', url, BACK_TO, CHECK, problem.message)
