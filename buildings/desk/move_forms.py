"""What a manager types for a move. `arguments()` is what the action is called with, besides who and when."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.calendar import VIETNAM
from portal.core.forms import DateField, FilesField, SelectName, TimeField, choices_with_prompt
from portal.core.languages import marked
from portal.core.models import User

from ..models import people_of
from ..requests import contractors, photos, rules
from ..requests.models import WHAT_LENGTH, BuildingRequest, RequestPhoto, Urgency
from ..requests.permissions import works_on
from ..roles import OPERATOR_POSITIONS
from .duplicates import joinable
from .work_list import category_name

Waiting = BuildingRequest.Waiting
CONTRACTOR = "nha-thau"


class MoveForm(forms.Form):
    """A move that needs no words."""

    def __init__(self, request: BuildingRequest, manager: User, data: Any = None, files: Any = None, *, at: datetime):
        self.request, self.manager, self.at = request, manager, at
        super().__init__(data, files)

    def arguments(self) -> dict[str, Any]:
        return {}


class PlanForm(MoveForm):
    """When somebody comes. The promise to the resident bounds it; the action says so."""

    on_date = DateField(label=gettext_lazy("Làm ngày nào?"))
    on_time = TimeField(
        label=gettext_lazy("Lúc"),
        help_text=gettext_lazy("Ví dụ: 9:00. Cư dân được báo ngày giờ này."),
        error_messages={"required": gettext_lazy("Nhập giờ hẹn.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        local = (self.request.planned_for or self.at + timedelta(hours=2)).astimezone(VIETNAM)
        self.initial = {"on_date": local.date(), "on_time": f"{local:%H}:00"}
        self.fields["on_date"].earliest = self.at.astimezone(VIETNAM).date()

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"planned_for": datetime.combine(given["on_date"], given["on_time"], VIETNAM)}


class ReasonForm(MoveForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Viết lý do; cư dân sẽ đọc.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class WaitForm(ReasonForm):
    """Waiting has a day that ends it."""

    waiting_for = forms.ChoiceField(
        label=gettext_lazy("Đang chờ gì?"),
        choices=(
            (Waiting.PART, gettext_lazy("Chờ linh kiện, vật tư: hạn đã hứa vẫn tính")),
            (Waiting.RESIDENT, gettext_lazy("Chờ cư dân trả lời hoặc ở nhà: hạn tạm dừng")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn đang chờ gì.")},
    )
    back_on = DateField(
        label=gettext_lazy("Trở lại ngày"), help_text=gettext_lazy("Ngày này yêu cầu tự trở lại danh sách phải làm.")
    )
    field_order = ("waiting_for", "back_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = self.at.astimezone(VIETNAM).date() + timedelta(days=1)
        self.fields["back_on"].earliest = tomorrow
        self.fields["reason"].label = _("Chờ gì cụ thể")
        self.fields["reason"].help_text = _("Cư dân đọc câu này. Ví dụ: Chờ hãng gửi bo mạch cửa tầng.")

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**super().arguments(), "waiting_for": given["waiting_for"], "back_on": given["back_on"]}


class FinishForm(MoveForm):
    """What was done, and what shows it. The pictures of a contractor count."""

    note = forms.CharField(
        label=gettext_lazy("Đã làm gì?"),
        help_text=gettext_lazy("Cư dân đọc câu này và xác nhận. Ví dụ: Đã thay bóng đèn hành lang tầng 5."),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Viết ngắn gọn đã làm gì.")},
    )
    pictures = FilesField(
        label=gettext_lazy("Ảnh sau khi làm hoặc biên bản"),
        help_text=gettext_lazy("Chụp bằng điện thoại hoặc chọn tệp PDF. Tối đa 15 MB một tệp."),
        error_messages={"required": gettext_lazy("Thêm ít nhất một ảnh sau khi làm, hoặc biên bản.")},
        smaller=True,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["token"] = uuid.uuid4()
        self.shown = list(self.request.photos.filter(kind=RequestPhoto.Kind.DONE))
        said = self.request.comments.exclude(contractor=None).last()
        if self.shown:
            self.fields["pictures"].required = False
            self.initial["note"] = said.text if said else ""
        if self.data.get("token") and RequestPhoto.objects.filter(token=self._token(), request=None).exists():
            self.fields["pictures"].required = False  # kept when the form came back for want of words

    def _token(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.data["token"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        token = given.get("token")
        for upload in given.get("pictures") or [] if token else []:
            try:
                photos.add(token, upload, by=self.manager, at=self.at)
            except forms.ValidationError as refused:
                self.add_error("pictures", refused)
        return given

    def arguments(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"], "token": self.cleaned_data["token"]}


class RefuseForm(ReasonForm):
    elsewhere = forms.CharField(
        label=gettext_lazy("Cư dân có thể đến đâu?"),
        help_text=gettext_lazy("Nơi giải quyết được việc này và số điện thoại. Ví dụ: Điện lực Long Biên, 19001288."),
        max_length=200,
        error_messages={"required": gettext_lazy("Ghi nơi cư dân có thể đến, hoặc “Không có nơi nào khác”.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Cư dân đọc câu này và có quyền đề nghị xem lại một lần.")

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "elsewhere": self.cleaned_data["elsewhere"]}


class ReclassifyForm(ReasonForm):
    category = forms.ChoiceField(label=gettext_lazy("Nhóm việc"))
    urgency = forms.ChoiceField(label=gettext_lazy("Mức độ"), choices=Urgency, widget=forms.RadioSelect)
    field_order = ("category", "urgency", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(each.key, str(each.name)) for each in rules.categories().values()]
        self.initial = {"category": self.request.category, "urgency": self.request.urgency}

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**super().arguments(), "category": given["category"], "urgency": given["urgency"]}


class ReferForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Đề nghị phường làm gì?")
        self.fields["reason"].help_text = _(
            "Phường đọc câu này cùng nội dung và ảnh của yêu cầu, không đọc trao đổi nội bộ. Hạn trả lời: 10 ngày làm việc."
        )


class JoinForm(MoveForm):
    """The one that goes on: among those that look alike, or by its code."""

    into = forms.ChoiceField(label=gettext_lazy("Gộp vào yêu cầu nào?"), widget=forms.RadioSelect, required=False)
    code = forms.CharField(
        label=gettext_lazy("Hoặc nhập mã yêu cầu"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"class": "input-20", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = joinable(self.request)
        self.fields["into"].choices = [
            (
                str(each.pk),
                format_html(
                    "{}: {} ({}, {})", each.code, marked(each.what[:80]), category_name(each), marked(each.spot)
                ),
            )
            for each in offered
        ]
        for one_of in ("into", "code"):
            self.fields[one_of].needed_sometimes = True
        if not offered:
            del self.fields["into"]
            self.fields["code"].label = _("Mã của yêu cầu được giữ lại")
        self.kept: BuildingRequest | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        others = BuildingRequest.objects.managed_by(self.manager).filter(building=self.request.building_id).open()
        others = others.exclude(pk=self.request.pk)
        if given.get("code"):
            self.kept = others.filter(code=given["code"].strip().upper()).first()
            if not self.kept:
                self.add_error("code", _("Không có yêu cầu nào đang mở của tòa nhà mang mã này."))
        elif given.get("into"):
            self.kept = others.filter(pk=given["into"]).first()
        if not self.kept and not self.errors:
            self.add_error("into" if "into" in self.fields else "code", _("Chọn yêu cầu được giữ lại."))
        elif self.kept and self.kept.private and self.kept.reporter_id != self.request.reporter_id:
            self.add_error(
                "code" if given.get("code") else "into",
                _("Yêu cầu đó là chuyện riêng của người gửi, không gộp người khác vào được."),
            )
        return given

    def arguments(self) -> dict[str, Any]:
        return {"into": self.kept}


class AssignForm(MoveForm):
    """Who answers to the resident, and who does it: one of the staff, or a contractor who is sent a link."""

    answerable = forms.ModelChoiceField(
        label=gettext_lazy("Người chịu trách nhiệm trước cư dân"),
        help_text=gettext_lazy("Cư dân thấy tên người này."),
        queryset=User.objects.none(),
        empty_label=None,
        widget=SelectName,
    )
    executor = forms.ChoiceField(label=gettext_lazy("Người làm"), required=False, widget=SelectName(ours=(CONTRACTOR,)))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = people_of(self.request.building, *OPERATOR_POSITIONS)
        staff = {each.user.pk: each.user for each in held if works_on(each.user, self.request)}
        self.staff = staff
        self.fields["answerable"].queryset = User.objects.filter(pk__in=staff)
        self.initial = {"answerable": self.request.answerable_id, "executor": self.request.executor_id or ""}
        choices = [(str(key), str(user)) for key, user in staff.items()]
        if link := self.request.contractor:
            choices.append((CONTRACTOR, _("Nhà thầu: %(name)s") % {"name": link.name}))
            self.initial["executor"] = CONTRACTOR
        self.fields["executor"].choices = choices_with_prompt(choices, _("Chưa giao ai"))

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = given["executor"]
        by_contractor = chosen == CONTRACTOR
        return {
            "answerable": given["answerable"],
            "executor": self.staff[int(chosen)] if chosen and not by_contractor else None,
            "contractor": self.request.contractor if by_contractor else None,
        }


class ContractorForm(MoveForm):
    """Whom the work is given to without an account, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("Tên nhà thầu hoặc người làm"),
        max_length=120,
        error_messages={"required": gettext_lazy("Nhập tên nhà thầu hoặc người làm.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Liên kết dùng được trong"),
        coerce=int,
        choices=[(days, gettext_lazy("%s ngày") % days) for days in contractors.DAYS],
        initial=contractors.DAYS[1],
        widget=forms.RadioSelect,
    )

    def arguments(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "days": self.cleaned_data["days"]}


class SayForm(forms.Form):
    """A comment that the resident reads, or a note that they don't."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung"),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Viết nội dung.")},
    )
    internal = forms.ChoiceField(
        label=gettext_lazy("Ai đọc được?"),
        choices=(("", gettext_lazy("Cư dân và ban quản lý")), ("1", gettext_lazy("Chỉ ban quản lý (ghi chú nội bộ)"))),
        required=False,
        widget=forms.RadioSelect,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid.uuid4(), "internal": ""})
