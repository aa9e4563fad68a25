"""What is typed about planned work, and line by line in a check."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.forms import DateField, FilesField, SelectName, TimeField

from ..models import Building, SharedPlace
from ..notices.forms import PlainTextField, clean_span
from .actions import Found
from .models import NOTE_LENGTH, Check, CheckItem, PlannedWork


class WorkForm(forms.Form):
    """Work with its time. `facts()` is what `actions` keep."""

    title = forms.CharField(
        label=_("Việc gì"),
        max_length=120,
        help_text=_("Ví dụ: Bảo dưỡng thang máy số 2"),
        error_messages={"required": _("Viết việc sẽ làm.")},
    )
    place = forms.ModelChoiceField(
        label=_("Ở đâu"),
        queryset=SharedPlace.objects.none(),
        required=False,
        empty_label=_("Cả tòa nhà"),
        widget=SelectName,
    )
    doer = forms.CharField(
        label=_("Ai làm"),
        max_length=120,
        help_text=_("Nhân viên hoặc nhà thầu"),
        error_messages={"required": _("Viết ai sẽ làm.")},
    )
    starts_day = DateField(label=_("Ngày bắt đầu"))
    starts_time = TimeField(label=_("Giờ bắt đầu"), error_messages={"required": _("Nhập giờ bắt đầu.")})
    ends_day = DateField(label=_("Ngày kết thúc"), required=False, help_text=_("Để trống nếu xong trong ngày."))
    ends_time = TimeField(label=_("Giờ kết thúc"), error_messages={"required": _("Nhập giờ kết thúc.")})
    note = PlainTextField(
        label=_("Cư dân cần biết gì"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Sẽ có trong thông báo gửi cư dân. Ví dụ: dùng thang số 1 trong lúc bảo dưỡng."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, building: Building, at: datetime, work: PlannedWork | None = None, **kwargs) -> None:
        if work:
            kwargs["initial"] = _initial(work)
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["place"].queryset = building.shared_places.in_use()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        clean_span(self, given, at=self.at)
        return given

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "place", "doer", "starts_at", "ends_at", "note")}


def _initial(work: PlannedWork) -> dict[str, Any]:
    starts, ends = timezone.localtime(work.starts_at), timezone.localtime(work.ends_at)
    return {
        "title": work.title,
        "place": work.place_id,
        "doer": work.doer,
        "starts_day": starts.date(),
        "starts_time": starts.time(),
        "ends_day": ends.date() if ends.date() != starts.date() else None,
        "ends_time": ends.time(),
        "note": work.note,
        "token": work.token,
    }


class OutcomeForm(forms.Form):
    """How planned work ended."""

    outcome = PlainTextField(max_length=NOTE_LENGTH, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, cancels: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        field.label = _("Vì sao hủy") if cancels else _("Đã làm gì")
        field.error_messages["required"] = _("Viết vì sao hủy.") if cancels else _("Viết đã làm gì.")


class ItemForm(forms.Form):
    """One line of a check. Nothing is asked of it until the check is finished."""

    result = forms.ChoiceField(label=_("Kết quả"), choices=CheckItem.Result, widget=forms.RadioSelect, required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)
    photos = FilesField(label=_("Ảnh"), required=False, accept="image/*", smaller=True)

    def __init__(self, item: CheckItem, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs, prefix=f"muc-{item.number}")
        self.item = item
        self.initial = {"result": item.result, "note": item.note}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("result") == CheckItem.Result.WRONG and not given.get("note", "").strip():
            self.add_error("note", _("Viết chỗ không đạt và việc cần làm."))
        return given

    @property
    def found(self) -> Found:
        given = self.cleaned_data
        return Found(given["result"], given["note"].strip(), given["photos"])


def item_forms(check: Check, data=None, files=None) -> list[ItemForm]:
    return [ItemForm(item, data, files) for item in check.items.prefetch_related("photos")]
