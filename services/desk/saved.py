"""Views of the work list an officer keeps under a name."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from portal.core.models import User

from .forms import WorkFilter
from .models import SavedView

AT_MOST = 12  # more is a list to search in, not a short cut
PARAMETERS = ("xem", "q", "trang_thai", "buoc", "thu_tuc", "han")


class SaveViewForm(forms.Form):
    name = forms.CharField(
        label=_("Tên bộ lọc"),
        help_text=_("Ví dụ: Khai sinh chờ ký."),
        max_length=60,
        error_messages={"required": _("Đặt tên cho bộ lọc.")},
    )


def query_of(data: Any) -> str:
    """The list's own parameters as far as they make sense, in one order: what is kept is never nonsense."""
    filters = WorkFilter(data)
    wanted = filters.wanted
    said = {
        "xem": wanted.scope.value,
        "q": wanted.words,
        "trang_thai": wanted.state,
        "buoc": wanted.kind,
        "thu_tuc": wanted.procedure.pk if wanted.procedure else "",
        "han": wanted.due_on.isoformat() if wanted.due_on else "",
    }
    return urlencode({key: said[key] for key in PARAMETERS if said[key]})


def keep(name: str, query: str, *, officer: User, ward: Ward, at: datetime) -> SavedView:
    """Keep a view under a name; the same name again means this view from now on. Raises ValidationError."""
    with transaction.atomic():
        own = SavedView.objects.visible_to(officer).filter(ward=ward)
        if not own.filter(name=name).exists() and own.count() >= AT_MOST:
            raise ValidationError(_("Bạn đã lưu %(n)s bộ lọc ở phường này. Hãy bỏ bớt một bộ lọc.") % {"n": AT_MOST})
        try:
            view, _made = SavedView.objects.update_or_create(
                officer=officer, ward=ward, name=name, defaults={"query": query, "made_at": at}
            )
        except IntegrityError as error:  # two windows at once
            raise ValidationError(_("Bộ lọc này vừa được lưu ở cửa sổ khác.")) from error
    return view
