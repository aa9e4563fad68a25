"""What is typed into a notice: the fields of its kind, for whom it is, and its files."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import VIETNAM
from portal.core.forms import DateField, FilesField, SeveralField, TimeField

from ..models import Apartment, Block, Building
from . import audience
from .kinds import NOT_IN_THE_FEE, Kind
from .models import TEXT_LENGTH, TITLE_LENGTH, Notice

PLACES = {
    "lift": (_("Thang nào"), _("Như cư dân gọi: thang số 2, thang hàng")),
    "fire_drill": (_("Nơi tập trung"), _("Ví dụ: sân trước sảnh A")),
    "works": (_("Ở đâu"), ""),
}
# What the kind is about comes before whom it is for.
FIRST = (
    *("title", "starts_day", "starts_time", "ends_day", "ends_time", "place"),
    *("amount", "period", "due_date", "shown_until", "buildings_chosen", "blocks", "floors", "text"),
)
AHEAD = timedelta(days=366)  # nobody announces what is further off; a mistyped year is


class PlainTextField(forms.CharField):
    """Several lines of plain text. A line break counts as one character, as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def clean_span(form: forms.Form, given: dict[str, Any], *, at: datetime) -> None:
    """`starts_at` and `ends_at` out of a form's days and times; what is wrong is said beside its field."""
    parts = [given.get(name) for name in ("starts_day", "starts_time", "ends_time")]
    if None in parts or "ends_day" in form.errors:
        return
    starts_day, starts_time, ends_time = parts
    given["starts_at"] = datetime.combine(starts_day, starts_time, VIETNAM)
    given["ends_at"] = datetime.combine(given.get("ends_day") or starts_day, ends_time, VIETNAM)
    if given["ends_at"] <= given["starts_at"]:
        form.add_error("ends_time", _("Giờ kết thúc phải sau giờ bắt đầu."))
    elif given["ends_at"] <= at:
        form.add_error("ends_time", _("Thời gian này đã qua."))
    elif given["starts_at"] > at + AHEAD:
        form.add_error("starts_day", _("Ngày này còn hơn một năm nữa. Hãy kiểm tra lại năm."))
    elif given["ends_at"] > given["starts_at"] + AHEAD:
        form.add_error("ends_day", _("Ngày này còn hơn một năm nữa. Hãy kiểm tra lại năm."))


class NoticeForm(forms.Form):
    """A notice of one kind. `content()` is what `actions` keep; `buildings()` for which ones.

    `choices` are the buildings to choose from; with one nothing is asked. With a `notice` it is changed, and its
    buildings stay: `choices` are then all it is in. `corrects`: it was put up, so the form asks what was changed.
    """

    title = forms.CharField(
        label=_("Tiêu đề"), max_length=TITLE_LENGTH, error_messages={"required": _("Viết tiêu đề.")}
    )
    buildings_chosen = SeveralField(
        label=_("Tòa nhà"),
        queryset=Building.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một tòa nhà.")},
    )
    blocks = SeveralField(
        label=_("Chỉ các khối"),
        queryset=Block.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn khối nào nếu báo cho mọi khối."),
    )
    floors = forms.CharField(
        label=_("Chỉ các tầng"),
        required=False,
        max_length=120,
        help_text=_("Để trống nếu báo cho cả tòa nhà. Ví dụ: 3, 5-7"),
    )
    starts_day = DateField(label=_("Ngày bắt đầu"))
    starts_time = TimeField(label=_("Giờ bắt đầu"), error_messages={"required": _("Nhập giờ bắt đầu.")})
    ends_day = DateField(label=_("Ngày kết thúc"), required=False, help_text=_("Để trống nếu xong trong ngày."))
    ends_time = TimeField(label=_("Giờ kết thúc"), error_messages={"required": _("Nhập giờ kết thúc.")})
    place = forms.CharField(label=_("Địa điểm"), max_length=120, error_messages={"required": _("Nhập địa điểm.")})
    amount = forms.IntegerField(
        label=_("Giá dịch vụ, đồng một m² một tháng"),
        min_value=100,
        max_value=1_000_000,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"required": _("Nhập giá một m²."), "invalid": _("Nhập số đồng, không có dấu. Ví dụ: 8500.")},
    )
    period = forms.CharField(
        label=_("Kỳ thu"),
        max_length=40,
        help_text=_("Ví dụ: tháng 12/2026"),
        error_messages={"required": _("Nhập kỳ thu.")},
    )
    due_date = DateField(label=_("Hạn nộp"))
    shown_until = DateField(label=_("Hiển thị đến hết ngày"))
    text = PlainTextField(
        label=_("Nội dung"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea({"rows": 6})
    )
    files = FilesField(
        label=_("Tệp kèm theo"), required=False, help_text=_("Ảnh hoặc PDF, nhiều nhất 5 tệp, mỗi tệp 15 MB.")
    )
    changed = forms.CharField(
        label=_("Đã sửa gì"),
        max_length=300,
        help_text=_("Cư dân đọc dòng này đầu tiên. Ví dụ: lùi giờ cắt nước đến 14:00."),
        error_messages={"required": _("Viết đã sửa gì.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(
        self,
        *args,
        kind: Kind,
        choices: Sequence[Building] = (),
        notice: Notice | None = None,
        corrects: bool = False,
        at: datetime,
        **kwargs,
    ) -> None:
        initial = {**(_initial(notice) if notice else {}), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.kind, self.notice, self.at = kind, notice, at
        self.choices = list(choices) or ([notice.building] if notice else [])
        self._ask_only_for_what_it_needs(corrects)
        for name in ("place", "starts_time", "ends_time", "text"):
            if name in self.fields:
                self.fields[name].needed_sometimes = False
        if "place" in self.fields and kind.key in PLACES:
            self.fields["place"].label, self.fields["place"].help_text = PLACES[kind.key]
        if "amount" in self.fields:
            left_out = "; ".join(str(part) for part in NOT_IN_THE_FEE)
            if not notice and len(self.choices) == 1:
                self.fields["amount"].initial = self.choices[0].service_fee
            self.fields["amount"].help_text = _("Chưa gồm: %(parts)s.") % {"parts": left_out}

    def _ask_only_for_what_it_needs(self, corrects: bool) -> None:
        wanted = {"title", "text", "files", "token", "floors"}
        for field in self.kind.fields:
            wanted |= {"starts_at": {"starts_day", "starts_time"}, "ends_at": {"ends_day", "ends_time"}}.get(
                field, {field}
            )
        if len(self.choices) > 1 and not self.notice:
            wanted.add("buildings_chosen")
        blocks = Block.objects.filter(building=self.choices[0]).order_by("name")
        if blocks.exists():
            wanted.add("blocks")
            self.fields["blocks"].queryset = blocks
        if corrects:
            wanted.add("changed")
        self.order_fields(["changed", *FIRST])
        if self.kind.owners_only or self.kind.key == "ward":
            wanted -= {"floors", "blocks"}
        if len(self.choices) > 1 and self.notice:
            wanted -= {"floors", "blocks"}  # what went to several buildings went to the whole of each
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]
        if "place" in self.fields:
            self.fields["place"].required = "place" in self.kind.needed
        if "buildings_chosen" in self.fields:
            field = self.fields["buildings_chosen"]
            field.queryset = Building.objects.filter(pk__in=[building.pk for building in self.choices])
            field.initial = field.initial or [self.choices[0].pk]

    # --- What was meant ------------------------------------------------------------------------------
    def buildings(self) -> list[Building]:
        chosen = self.cleaned_data.get("buildings_chosen")
        if chosen is None:
            return self.choices
        keys = {building.pk for building in chosen}
        return [building for building in self.choices if building.pk in keys]

    def content(self) -> dict[str, Any]:
        """The notice's fields as the model names them."""
        given = self.cleaned_data
        names = {"title", "text", "place", "amount", "period", "due_date", "shown_until"} & set(self.fields)
        content = {name: given[name] for name in names}
        if "starts_day" in self.fields:
            content |= {"starts_at": given["starts_at"], "ends_at": given["ends_at"]}
        if "floors" in self.fields:
            content["on_floors"] = audience.kept(given["floors"])
            content["on_blocks"] = audience.kept(block.pk for block in given.get("blocks", ()))
        return content

    def clean_floors(self) -> list[int]:
        flats = Apartment.objects.filter(building__in=self.choices)
        known = flats.order_by().values_list("floor", flat=True).distinct()
        return audience.read_floors(self.cleaned_data["floors"], known=known)

    def clean_due_date(self) -> date | None:
        return self._not_past("due_date")

    def clean_shown_until(self) -> date | None:
        return self._not_past("shown_until")

    def _not_past(self, name: str) -> date | None:
        given = self.cleaned_data[name]
        today = timezone.localdate(self.at)
        if given and given < today:
            raise ValidationError(_("Ngày này đã qua."))
        if given and given > today + AHEAD:
            raise ValidationError(_("Ngày này còn hơn một năm nữa. Hãy kiểm tra lại năm."))
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "starts_day" in self.fields:
            clean_span(self, given, at=self.at)
        if "buildings_chosen" in given and len(self.buildings()) > 1:
            for name in ("floors", "blocks"):
                if given.get(name):
                    self.add_error(name, _("Chỉ chọn được khối, tầng khi báo cho một tòa nhà."))
        if "floors" in self.fields and not {"floors", "blocks"} & set(self.errors):
            self._clean_audience(given)
        return given

    def _clean_audience(self, given: dict[str, Any]) -> None:
        """Blocks belong to the first building; somebody can live where block and floor meet."""
        blocks, floors = list(given.get("blocks") or ()), given.get("floors")
        if blocks and self.buildings() != [blocks[0].building]:
            self.add_error("blocks", _("Khối này ở tòa nhà khác."))
        elif blocks and floors and not Apartment.objects.filter(block__in=blocks, floor__in=floors).exists():
            self.add_error("floors", _("Không có căn hộ nào ở các tầng này của khối đã chọn."))


def _initial(notice: Notice) -> dict[str, Any]:
    """A notice as its form shows it."""
    starts, ends = (timezone.localtime(at) if at else None for at in (notice.starts_at, notice.ends_at))
    return {
        "title": notice.title,
        "text": notice.text,
        "blocks": [block.pk for block in notice.blocks],
        "floors": audience.in_spans(notice.floors).replace("–", "-"),
        "starts_day": starts.date() if starts else None,
        "starts_time": _clock(starts),
        "ends_day": ends.date() if ends and starts and ends.date() != starts.date() else None,
        "ends_time": _clock(ends),
        "place": notice.place,
        "amount": notice.amount,
        "period": notice.period,
        "due_date": notice.due_date,
        "shown_until": notice.shown_until,
    }


def _clock(moment: datetime | None) -> time | None:
    return moment.time().replace(tzinfo=None) if moment else None


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do rút"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Cư dân đã được báo sẽ đọc lý do này."),
        error_messages={"required": _("Viết lý do.")},
    )
