"""What is asked to make an appointment, by the resident and at the desk."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .booking import Offer
from .models import VisitHours
from .slots import Slot


def day_name(day: date) -> str:
    """`Thứ Ba, 24/11/2026`."""
    return capfirst(date_format(day, "l, d/m/Y"))


class DayForm(forms.Form):
    """The days on which somebody can still come; days that are full are not offered."""

    ngay = forms.TypedChoiceField(
        label=_("Bạn đến ngày nào?"),
        coerce=date.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một ngày."), "invalid_choice": _("Ngày này không còn hẹn được.")},
    )

    def __init__(self, offer: Offer, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        free = [(day, len(offer.free(day))) for day in offer.days]
        self.fields["ngay"].choices = [(day.isoformat(), self._words(day, count)) for day, count in free if count]

    @property
    def has_choice(self) -> bool:
        return bool(self.fields["ngay"].choices)

    @staticmethod
    def _words(day: date, count: int) -> str:
        left = ngettext("còn %(count)s khung giờ", "còn %(count)s khung giờ", count) % {"count": count}
        return f"{day_name(day)} – {left}"


class TimeForm(forms.Form):
    gio = forms.ChoiceField(
        label=_("Bạn đến lúc mấy giờ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một giờ."), "invalid_choice": _("Giờ này không còn trống.")},
    )

    def __init__(self, slots: Iterable[Slot], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        times = [f"{slot.starts_at:%H:%M}" for slot in slots]
        self.fields["gio"].choices = [(time, time) for time in times]


class PhoneTimeForm(TimeForm):
    """The desk books for somebody who telephones."""

    note = forms.CharField(
        label=_("Ghi chú"),
        help_text=_("Ví dụ: ai gọi, số điện thoại. Chỉ cán bộ thấy."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gio"].label = _("Giờ hẹn")


class CancelForm(forms.Form):
    note = forms.CharField(label=_("Lý do hủy"), help_text=_("Chỉ cán bộ thấy."), max_length=300, required=False)


class FindForm(forms.Form):
    """A dossier by its code, as it is read out on the telephone."""

    ma = forms.CharField(
        label=_("Mã hồ sơ"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Nhập mã hồ sơ.")},
    )

    def clean_ma(self) -> str:
        return "".join(self.cleaned_data["ma"].split()).upper()


class VisitHoursForm(forms.ModelForm):
    class Meta:
        model = VisitHours
        fields = ("slot_minutes", "counters", "first_start", "last_start", "days_ahead")
        widgets = {
            "first_start": forms.TimeInput({"class": "input--short"}, format="%H:%M"),
            "last_start": forms.TimeInput({"class": "input--short"}, format="%H:%M"),
            "counters": forms.NumberInput({"class": "input--short", "inputmode": "numeric"}),
            "days_ahead": forms.NumberInput({"class": "input--short", "inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, example in (("first_start", "08:00"), ("last_start", "16:30")):
            # Not the browser's own control: it shows AM and PM to whoever's device speaks English.
            self.fields[name].help_text = _("Giờ và phút, ví dụ %(example)s.") % {"example": example}
            self.fields[name].error_messages["invalid"] = _("Nhập giờ và phút, ví dụ 08:30.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_start"), given.get("last_start")
        if first and last and last < first:
            self.add_error("last_start", _("Giờ muộn nhất không thể trước giờ sớm nhất."))
        return given
