"""What a contractor sees without an account: one request's work, and how to say that it is done.

Whoever has the address has the work, and nothing besides. Wrong secrets are counted by where they come from.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.calendar import load_calendar
from portal.core.forms import FilesField, posted
from portal.core.limits import one_try, too_often, within_rate

from ...requests import contractors
from ...requests.models import WHAT_LENGTH, ContractorLink, RequestPhoto
from ..work_list import line_of
from .requests import send_photo

WRONG_TRIES = "30/h/ip"
SENDINGS = "30/h/key"  # of one link, each of some pictures


class WorkForm(forms.Form):
    """A word to the managers, with pictures; or that the work is done, which pictures show."""

    text = forms.CharField(
        label=gettext_lazy("Bạn đã làm gì, hoặc cần gì?"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Viết ngắn gọn đã làm gì hoặc cần gì.")},
    )
    pictures = FilesField(
        label=gettext_lazy("Ảnh hoặc biên bản"),
        help_text=gettext_lazy("Bắt buộc khi báo đã làm xong. Chụp bằng điện thoại; tối đa 15 MB một tệp."),
        required=False,
        smaller=True,
    )
    finished = forms.ChoiceField(
        label=gettext_lazy("Công việc thế nào?"),
        choices=(("1", gettext_lazy("Đã làm xong")), ("0", gettext_lazy("Chưa xong, cần trao đổi"))),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn đã xong hay chưa.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("finished", "text", "pictures", "token")

    def __init__(self, data=None, files=None) -> None:
        super().__init__(data, files, initial={"token": uuid.uuid4()})
        self.fields["pictures"].needed_sometimes = True

    def clean(self) -> dict:
        given = super().clean() or self.cleaned_data
        if given.get("finished") == "1" and not given.get("pictures") and "pictures" not in self.errors:
            self.add_error("pictures", _("Thêm ít nhất một ảnh sau khi làm."))
        return given


def link_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The link of the address' secret; a page that says so when it has ended, 404 when it never was."""

    @never_cache
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, secret: str, **kwargs) -> HttpResponse:
        tried = one_try(request, "contractor", WRONG_TRIES)
        if tried is None:
            return too_often(request)
        try:
            link = contractors.open_link(secret, at=timezone.now())
        except ContractorLink.DoesNotExist as wrong:
            raise Http404 from wrong
        except contractors.Expired as over:
            tried.rollback()
            answer = render(
                request, "building_desk/contractor_over.html", {"building": over.link.request.building}, status=410
            )
        else:
            tried.rollback()
            answer = view(request, link=link, secret=secret, **kwargs)
        # The address is the key. Not "no-referrer": browsers then post with `Origin: null`, which is refused (CSRF).
        answer["Referrer-Policy"] = "same-origin"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@link_required
def work(request: HttpRequest, link: ContractorLink, secret: str) -> HttpResponse:
    found, at = link.request, timezone.now()
    form = WorkForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        if not within_rate(request, "contractor-says", SENDINGS, key=str(link.pk)):
            return too_often(request)
        given = form.cleaned_data
        finished = given["finished"] == "1"
        try:
            contractors.say(
                link,
                at=at,
                text=given["text"],
                token=given["token"],
                pictures=given["pictures"],
                finished=finished,
            )
        except ValidationError as refused:
            form.add_error("pictures", refused)
        except contractors.Expired:
            return redirect("building_desk:contractor", secret)
        else:
            said = _("Đã báo ban quản lý: việc đã xong. Cảm ơn bạn.") if finished else _("Đã gửi cho ban quản lý.")
            messages.success(request, said)
            return redirect("building_desk:contractor", secret)
    shown = found.photos.filter(kind=RequestPhoto.Kind.REPORT) | found.photos.filter(contractor=link)
    context = {
        "link": link,
        "secret": secret,
        "found": found,
        "line": line_of(found, calendar=load_calendar(found.building.ward), at=at),
        "pictures": shown.distinct().order_by("added_at", "pk"),
        "said": link.comments.all(),
        "form": form,
    }
    return render(request, "building_desk/contractor.html", context)


@require_safe
@link_required
def photo(request: HttpRequest, link: ContractorLink, secret: str, photo: uuid.UUID) -> HttpResponse:
    """A picture of the report, or one they sent themselves."""
    shown = link.request.photos.filter(kind=RequestPhoto.Kind.REPORT) | link.request.photos.filter(contractor=link)
    return send_photo(get_object_or_404(shown.distinct(), pk=photo), small="nho" in request.GET)
