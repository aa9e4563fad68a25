"""How a register is narrowed. What makes no sense in an address is passed over, never an error page."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AgencyKey
from portal.core.forms import choices_with_prompt
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.dossiers.models import Dossier, DossierState

from . import follow_up, issued
from .models import Export

FIRST_YEAR, LAST_YEAR = 2015, 2100
NEVER_ACCEPTED = (DossierState.DRAFT, DossierState.SUBMITTED)


class DayInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO whatever the reader's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilterForm(forms.Form):
    """A filter keeps itself as plain words, so that an export asks for the very same later."""

    @property
    def query(self) -> dict[str, str]:
        """What was really asked for, as it stands in an address; what was left to the calendar is written out."""
        self.full_clean()
        given = {name: str(self.data[name]) for name in self.fields if self.cleaned_data.get(name) not in (None, "")}
        return {**given, **self.written_out()}

    def written_out(self) -> dict[str, str]:
        return {}


class FollowUpFilter(FilterForm):
    q = forms.CharField(
        label=_("Mã hồ sơ, họ tên hoặc số điện thoại"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    tu = forms.DateField(label=_("Tiếp nhận từ ngày"), required=False, widget=DayInput())
    den = forms.DateField(label=_("Đến ngày"), required=False, widget=DayInput())
    thu_tuc = forms.ModelChoiceField(
        label=_("Thủ tục"), queryset=Procedure.objects.only("name"), empty_label=_("Mọi thủ tục"), required=False
    )
    co_quan = forms.ChoiceField(
        label=_("Cơ quan giải quyết"),
        choices=choices_with_prompt(AgencyKey.choices, _("Mọi cơ quan")),
        required=False,
    )
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"),
        choices=choices_with_prompt(
            [(state.value, state.label) for state in DossierState if state not in NEVER_ACCEPTED],
            _("Mọi trạng thái"),
        ),
        required=False,
    )
    han = forms.ChoiceField(
        label=_("Thời hạn"),
        choices=choices_with_prompt(follow_up.Standing.choices, _("Đúng hạn và quá hạn")),
        required=False,
    )
    tra = forms.ChoiceField(
        label=_("Trả kết quả"),
        choices=choices_with_prompt(follow_up.Handed.choices, _("Đã trả và chưa trả")),
        required=False,
    )
    nop = forms.ChoiceField(
        label=_("Cách nộp"), choices=choices_with_prompt(Dossier.Channel.choices, _("Mọi cách nộp")), required=False
    )

    def clean_tu(self) -> date | None:
        return _sensible(self.cleaned_data["tu"])

    def clean_den(self) -> date | None:
        return _sensible(self.cleaned_data["den"])

    @property
    def wanted(self) -> follow_up.Wanted:
        """Without a period and without words it is this year's book; words are looked for in all of them."""
        self.full_clean()
        given = self.cleaned_data
        begins, ends, words = given.get("tu"), given.get("den"), given.get("q", "")
        if not begins and not ends and not words:
            begins, ends = follow_up.whole_year(timezone.localdate().year)
        return follow_up.Wanted(
            words=words,
            procedure=given.get("thu_tuc"),
            agency=given.get("co_quan", ""),
            state=given.get("trang_thai", ""),
            standing=given.get("han", ""),
            channel=given.get("nop", ""),
            handed=given.get("tra", ""),
            begins=begins,
            ends=ends,
        )

    def written_out(self) -> dict[str, str]:
        wanted = self.wanted
        days = {"tu": wanted.begins, "den": wanted.ends}
        return {name: day.isoformat() for name, day in days.items() if day}


class IssuedFilter(FilterForm):
    so = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    nam = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Số văn bản hoặc họ tên người được cấp"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    trang_thai = forms.ChoiceField(
        label=_("Tình trạng"),
        choices=choices_with_prompt(IssuedDocument.State.choices, _("Mọi tình trạng")),
        required=False,
    )

    @property
    def wanted(self) -> issued.Wanted:
        self.full_clean()
        given = self.cleaned_data
        return issued.Wanted(
            book=given.get("so", ""),
            year=given.get("nam") or timezone.localdate().year,
            state=given.get("trang_thai", ""),
            words=given.get("q", ""),
        )

    def written_out(self) -> dict[str, str]:
        return {"nam": str(self.wanted.year)}


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Dạng tệp"), choices=Export.Format.choices, initial=Export.Format.XLSX)


def _sensible(day: date | None) -> date | None:
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None
