"""What is typed about a meeting of the owners."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..notices.forms import NoticeForm, PlainTextField
from ..notices.models import TEXT_LENGTH
from .counting import may_count_by_area
from .models import Meeting, MeetingAnswer
from .rules import Share
from .transitions import INVITATION


class MeetingForm(NoticeForm):
    """The invitation, and how votes count."""

    occasion = forms.ChoiceField(label=_("Loại hội nghị"), choices=Meeting.Occasion, widget=forms.RadioSelect)
    share = forms.ChoiceField(label=_("Cách tính phiếu biểu quyết"), choices=Share, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs) -> None:
        own = {"occasion", "share"}
        super().__init__(*args, **kwargs)
        self.fields |= {name: self.base_fields[name] for name in sorted(own)}
        self.fields["occasion"].initial, self.fields["share"].initial = Meeting.Occasion.YEARLY, Share.FLAT
        for name in own:  # said inside sentences elsewhere
            self.fields[name].choices = [(value, capfirst(words)) for value, words in self.fields[name].choices]
        if not may_count_by_area(self.choices[0]):
            del self.fields["share"]
        self.fields["text"].label, self.fields["text"].required = _("Chương trình họp"), True
        self.fields["text"].help_text = _("Mỗi nội dung một dòng.")
        self.fields["files"].label = _("Tài liệu họp")
        self.fields["starts_day"].help_text = _("Sau ngày gửi giấy mời ít nhất %(days)s ngày.") % {
            "days": INVITATION.ahead_days
        }
        self.order_fields(["title", "occasion", "starts_day", "starts_time", "ends_day", "ends_time", "place", "text"])


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Bạn có dự họp không?"),
        choices=MeetingAnswer.Answer,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một câu trả lời.")},
    )
    proxy = forms.CharField(
        label=_("Họ tên người được ủy quyền"), max_length=120, required=False, help_text=_("Chỉ khi bạn ủy quyền.")
    )

    def clean(self):
        given = super().clean()
        if given.get("answer") == MeetingAnswer.Answer.PROXY and not given.get("proxy"):
            self.add_error("proxy", _("Nhập họ tên người được ủy quyền."))
        return given


class ResolutionForm(forms.Form):
    """One vote. `area`: counted in m², typed with a comma or a point."""

    text = PlainTextField(
        label=_("Nội dung biểu quyết"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Viết nội dung biểu quyết.")},
    )
    votes_for = forms.CharField(label=_("Tán thành"), error_messages={"required": _("Nhập số tán thành.")})
    votes_against = forms.CharField(label=_("Không tán thành"), initial="0")
    abstained = forms.CharField(label=_("Không có ý kiến"), initial="0")

    def __init__(self, *args, area: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.area = area
        for name in ("votes_for", "votes_against", "abstained"):
            self.fields[name].widget.attrs["inputmode"] = "decimal" if area else "numeric"
            self.fields[name].help_text = _("m²") if area else _("số phiếu, mỗi căn một phiếu")

    def clean_votes_for(self) -> int:
        return self._votes("votes_for")

    def clean_votes_against(self) -> int:
        return self._votes("votes_against")

    def clean_abstained(self) -> int:
        return self._votes("abstained")

    def _votes(self, name: str) -> int:
        field: forms.Field = forms.DecimalField(min_value=0, max_value=10**7, decimal_places=2 if self.area else 0)
        value = field.clean(self.cleaned_data[name].replace(",", "."))
        return int(value * 100) if self.area else int(value)


class CloseForm(forms.Form):
    chair = forms.CharField(label=_("Chủ tọa"), max_length=120, error_messages={"required": _("Nhập tên chủ tọa.")})
    secretary = forms.CharField(label=_("Thư ký"), max_length=120, error_messages={"required": _("Nhập tên thư ký.")})
    witness = forms.CharField(label=_("Đại diện chủ sở hữu cùng ký"), max_length=120, required=False)
    discussion = PlainTextField(
        label=_("Diễn biến, ý kiến tại hội nghị"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )


class AdjournForm(forms.Form):
    why = forms.CharField(
        label=_("Ghi nhận"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Ví dụ: đến 9:00 mới có 31/68 căn."),
        error_messages={"required": _("Viết lý do hoãn.")},
    )


class TickForm(forms.Form):
    """One flat at the door."""

    flat = forms.IntegerField()
    proxy = forms.CharField(max_length=120, required=False)
    off = forms.BooleanField(required=False)

    def clean_flat(self) -> int:
        if self.cleaned_data["flat"] < 1:
            raise ValidationError("no such flat")
        return self.cleaned_data["flat"]
