"""What editors and leaders fill in about publicity."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from home.models import OtherPublicity
from portal.core.forms import DateField


class OtherWayForm(forms.Form):
    """The same content made public another way."""

    way = forms.ChoiceField(label=_("Hình thức"), choices=OtherPublicity.Way, widget=forms.RadioSelect)
    place = forms.CharField(
        label=_("Nơi công khai"), max_length=160, help_text=_("Ví dụ: Nhà văn hóa tổ 5; loa các tổ 1–12.")
    )
    from_date = DateField(label=_("Từ ngày"))
    to_date = DateField(label=_("Đến hết ngày"), help_text=_("Để trống nếu chỉ một ngày."), required=False)
    done_by = forms.CharField(label=_("Người thực hiện"), max_length=120)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(way.value, capfirst(way.label)) for way in OtherPublicity.Way]
        for name in ("from_date", "to_date"):
            self.fields[name].earliest = today.replace(year=today.year - 2, day=1)
        self.fields["from_date"].latest = today

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "to_date": given["to_date"] or given["from_date"]}


class ReleaseForm(forms.Form):
    """A leader's reason for letting an announcement come down before its time."""

    reason = forms.CharField(
        label=_("Vì sao gỡ sớm?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Lý do được ghi vào sổ công khai của phường."),
    )
    then = forms.ChoiceField(
        label=_("Sau khi ghi lý do"),
        choices=[("now", _("Gỡ ngay")), ("later", _("Để biên tập viên gỡ"))],
        widget=forms.RadioSelect,
        initial="now",
    )
