"""What a resident types: the report, and what they say about it later."""

import uuid
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.forms import FileInput, FilesField

from ..models import Building, SharedPlace
from . import rules
from .models import WHAT_LENGTH, Urgency

ACCEPT = "image/*,application/pdf"
OTHER = "other"


class PlainTextField(forms.CharField):
    """Several lines of plain text. A line break counts as one character, as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class PhotosForm(forms.Form):
    """Pictures, from the camera at once or from what the phone holds. The token is the form's."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    camera = FilesField(
        label=_("Chụp ảnh"),
        required=False,
        accept="image/*",
        widget=FileInput({"capture": "environment"}, accept="image/*"),
    )
    photos = FilesField(label=_("Chọn ảnh có sẵn"), required=False, accept=ACCEPT)

    @property
    def picture_fields(self) -> list[forms.BoundField]:
        return [self["camera"], self["photos"]]

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()


class ReportForm(PhotosForm):
    """Where, what kind, what, how urgent. A place of the poster that was scanned is chosen already."""

    spot = forms.ChoiceField(label=_("Ở đâu?"), error_messages={"required": _("Chọn nơi xảy ra.")})
    where = forms.CharField(
        label=_("Chỗ cụ thể"),
        max_length=120,
        required=False,
        help_text=_("Ví dụ: tầng 7, cạnh phòng rác. Cần điền khi chọn “Nơi khác”."),
    )
    category = forms.ChoiceField(
        label=_("Việc gì?"), widget=forms.RadioSelect, error_messages={"required": _("Chọn nhóm việc.")}
    )
    what = PlainTextField(
        label=_("Kể ngắn gọn"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Viết vài chữ về việc đang xảy ra.")},
    )
    urgency = forms.ChoiceField(
        label=_("Gấp đến đâu?"),
        widget=forms.RadioSelect,
        choices=list(reversed(Urgency.choices)),
        initial=Urgency.NORMAL,
        error_messages={"required": _("Chọn mức độ.")},
    )
    private = forms.BooleanField(label=_("Chỉ ban quản lý được xem, hàng xóm không thấy"), required=False)

    def __init__(self, building: Building, user, *args, place: SharedPlace | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        flats = user.residencies.confirmed().filter(apartment__building=building).select_related("apartment")
        self.flats = {f"flat-{held.apartment_id}": held.apartment for held in flats}
        shared = building.shared_places.in_use().order_by("kind", "floor", "name")
        self.places = {f"place-{each.code}": each for each in shared}
        self.fields["spot"].choices = [
            ("", _("Chọn nơi")),
            (
                _("Nhà tôi"),
                [(key, _("Căn hộ %(number)s") % {"number": flat.number}) for key, flat in self.flats.items()],
            ),
            (_("Nơi dùng chung"), [(key, each.name) for key, each in self.places.items()]),
            (_("Chỗ khác"), [(OTHER, _("Nơi khác trong tòa nhà"))]),
        ]
        kinds = rules.first_for(place.kind if place else "")
        self.fields["category"].choices = [
            (each.key, format_html('{} <span class="report__example">{}</span>', each.name, each.example))
            for each in kinds
        ]
        if place:
            self.fields["spot"].initial = f"place-{place.code}"
            if place.kind in kinds[0].places and place.kind not in kinds[1].places:
                self.fields["category"].initial = kinds[0].key

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("spot") == OTHER and not given.get("where"):
            self.add_error("where", _("Viết chỗ cụ thể."))
        return given

    @property
    def place(self) -> SharedPlace | None:
        return self.places.get(self.cleaned_data["spot"])

    def arguments(self) -> dict[str, Any]:
        """What `actions.send` is called with, besides who and when."""
        given = self.cleaned_data
        said = {name: given[name] for name in ("token", "category", "urgency", "what", "where", "private")}
        return {**said, "place": self.place, "apartment": self.flats.get(given["spot"])}


class CommentForm(PhotosForm):
    text = PlainTextField(
        label=_("Nhắn ban quản lý"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Viết nội dung cần gửi.")},
    )


class ReopenForm(forms.Form):
    reason = PlainTextField(
        label=_("Còn gì chưa ổn?"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Viết điều chưa ổn, để lần này làm đúng.")},
    )


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Bạn hài lòng đến đâu?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=(
            (5, _("Rất hài lòng")),
            (4, _("Hài lòng")),
            (3, _("Bình thường")),
            (2, _("Không hài lòng")),
            (1, _("Rất không hài lòng")),
        ),
        error_messages={"required": _("Chọn một mức độ hài lòng.")},
    )
    comment = PlainTextField(
        label=_("Ý kiến thêm"), max_length=WHAT_LENGTH, required=False, widget=forms.Textarea({"rows": 3})
    )
