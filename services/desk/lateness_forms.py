"""What is typed on the road out of lateness. `arguments()` is what the process is called with."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buildings.absences import officers_of
from portal.core.calendar import VIETNAM, WorkingCalendar
from portal.core.forms import DateField, TimeField, choices_with_prompt
from portal.core.lateness_forms import (
    CaseForm,
    ReasonForm,
    time_and_date,
)
from portal.core.lateness_forms import ExplainForm as CoreExplainForm
from portal.core.models import User
from services.dossiers.models import Dossier, Lateness

from . import lateness

APOLOGY_LENGTH = 1500
HALF_AN_HOUR = 30  # minutes; a new date is proposed on the full or the half hour
KEEP, ANEW = "keep", "anew"


class ExplainForm(CoreExplainForm):
    evidence_help = gettext_lazy("Một ảnh hoặc tệp PDF, nhiều nhất 15 MB. Chỉ Bộ phận Một cửa của phường xem được.")


class OverrideForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Vì sao người dân thiệt hơn nếu hồ sơ đứng chờ. Lý do được lưu và báo cáo.")


class DraftForm(CaseForm):
    """What the letter says, and the new date where one may still be promised."""

    text = forms.CharField(
        label=gettext_lazy("Lý do nêu trong thư"),
        help_text=gettext_lazy("Viết cho người dân đọc: nói thật, ngắn, nhận lỗi của phường; không nêu chuyện nội bộ."),
        max_length=APOLOGY_LENGTH,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Viết lý do để in trong thư xin lỗi.")},
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Ngày hẹn trả kết quả"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn giữ hẹn cũ hoặc hẹn lại.")},
    )
    new_date = DateField(label=gettext_lazy("Hẹn lại ngày"), required=False)
    new_time = TimeField(label=gettext_lazy("Lúc"), required=False)

    def __init__(self, case: Lateness, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        dossier = case.dossier
        self.calendar = dossier.calendar
        self.why_no_date = why_no_new_date(case)
        self.initial["text"] = case.apology or proposed_words(case)
        if self.why_no_date:
            for name in ("when", "new_date", "new_time"):
                del self.fields[name]
            return
        drafted = case.new_due_at
        proposed = drafted if drafted and drafted > self.at else proposed_date(case, at=self.at)
        local = proposed.astimezone(VIETNAM)
        self.initial |= {"new_date": local.date(), "new_time": f"{local:%H:%M}"}
        self.fields["new_date"].earliest = self.at.astimezone(VIETNAM).date()
        self.fields["new_time"].help_text = _("Trong giờ làm việc của phường. Ví dụ: 16:30.")
        self.can_keep = dossier.promised_at is not None and dossier.promised_at > self.at
        if not self.can_keep:
            del self.fields["when"]
            self.fields["new_date"].required = self.fields["new_time"].required = True
            self.fields["new_date"].help_text = _("Chỉ được hẹn lại một lần, nên hãy chọn ngày chắc chắn giữ được.")
            self.fields["new_time"].error_messages["required"] = _("Nhập giờ hẹn trả.")
            return
        promised = dossier.promised_at.astimezone(VIETNAM)
        self.fields["when"].choices = (
            (KEEP, _("Giữ hẹn đã báo: %(time)s ngày %(date)s") % time_and_date(promised)),
            (ANEW, _("Hẹn lại, chỉ được một lần")),
        )
        drafted_before = case.drafted_at is not None
        keeps = case.new_due_at is None if drafted_before else proposed <= dossier.promised_at
        self.initial["when"] = KEEP if keeps else ANEW
        self.fields["new_date"].help_text = _("Chỉ điền khi hẹn lại. Đề xuất tính theo thời gian các bước còn lại.")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        given["new_due_at"] = None
        if self.why_no_date or given.get("when") == KEEP or ("when" in self.fields and "when" not in given):
            # What is not asked, or belongs to the answer not chosen, is not looked at.
            for name in {"new_date", "new_time"} & self.errors.keys():
                del self.errors[name]
            return given
        for name, words in (("new_date", _("Nhập ngày hẹn lại.")), ("new_time", _("Nhập giờ hẹn trả."))):
            if name not in self.errors and not given.get(name):
                self.add_error(name, words)
        if not {"new_date", "new_time"} & self.errors.keys():
            self._promise(datetime.combine(given["new_date"], given["new_time"], VIETNAM))
        return given

    def _promise(self, moment: datetime) -> None:
        if moment <= self.at:
            self.add_error("new_time", _("Ngày giờ hẹn lại phải sau thời điểm này."))
        elif not self.calendar.is_working(moment.date()):
            self.add_error("new_date", _("Phường nghỉ ngày %(date)s. Chọn một ngày làm việc.") % time_and_date(moment))
        elif not _in_office_hours(self.calendar, moment):
            hours = ", ".join(_hours_in_words(self.calendar, moment))
            self.add_error("new_time", _("Giờ hẹn phải trong giờ làm việc ngày đó: %(hours)s.") % {"hours": hours})
        elif self.can_keep and moment <= self.case.dossier.promised_at:
            self.add_error("new_date", _("Ngày giờ hẹn lại phải sau hẹn đã báo; nếu kịp thì chọn giữ hẹn."))
        else:
            self.cleaned_data["new_due_at"] = moment

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "new_due_at": self.cleaned_data["new_due_at"]}


class ErrorForm(forms.Form):
    """What went wrong on the ward's side, and whose work it was."""

    what = forms.CharField(
        label=gettext_lazy("Phường đã làm sai điều gì?"),
        help_text=gettext_lazy("In trong thư xin lỗi. Ví dụ: Giấy khai sinh in sai ngày sinh của mẹ."),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Viết rõ điều đã làm sai.")},
    )
    responsible = forms.ModelChoiceField(
        label=gettext_lazy("Người phụ trách phần việc đó"),
        help_text=gettext_lazy("Người này giải trình. Lãnh đạo phường giải trình thay được."),
        queryset=User.objects.none(),
        error_messages={"required": gettext_lazy("Chọn người phụ trách.")},
    )

    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(data)
        barred = {dossier.owner_id, *dossier.excluded_officers}
        at_desk = {user.pk: user for user in officers_of(dossier.ward) if user.pk not in barred}
        did = {step.assignee_id: step.name for step in dossier.steps.exclude(finished_at=None).order_by("seq")}
        first = sorted(at_desk, key=lambda pk: (pk not in did, str(at_desk[pk])))
        named = [(pk, f"{at_desk[pk]} ({did[pk]})" if pk in did else str(at_desk[pk])) for pk in first]
        self.fields["responsible"].queryset = User.objects.filter(pk__in=at_desk)
        self.fields["responsible"].choices = choices_with_prompt(named, _("Chọn một người"))

    def arguments(self) -> dict[str, Any]:
        return {"what": self.cleaned_data["what"], "responsible": self.cleaned_data["responsible"]}


# --- What the draft proposes -------------------------------------------------------------------------------


def why_no_new_date(case: Lateness) -> str:
    """Why no new date is asked for; "" when it is."""
    if case.reason == Lateness.Reason.ERROR:
        return _("Thư xin lỗi về sai sót không hẹn lại ngày trả kết quả.")
    if case.dossier.done_at:
        return _("Kết quả đã có; phường trả ngay, không hẹn lại.")
    if case.dossier.accepted_at is None:
        return _("Hồ sơ chưa được tiếp nhận nên chưa có hẹn trả. Thời hạn giải quyết tính từ khi tiếp nhận.")
    if not case.new_date_allowed:
        return _("Hồ sơ này đã được hẹn lại một lần. Không hẹn thêm lần nữa; hãy trả kết quả sớm nhất có thể.")
    return ""


def proposed_words(case: Lateness) -> str:
    """A reason to begin from; it goes into an official letter, hence Vietnamese, and never blames its reader."""
    if case.reason == Lateness.Reason.ERROR:
        return "Chúng tôi đã kiểm tra chưa kỹ trước khi gửi Ông/Bà. Lỗi thuộc về phía chúng tôi."
    if case.objective_confirmed:
        return (
            f"Bước “{case.what}” chưa xong đúng hạn vì nguyên nhân khách quan ở phía cơ quan giải quyết. "
            "Ông/Bà đã làm đầy đủ phần của mình."
        )
    return (
        f"{case.dossier.agency.kind} đã không hoàn thành bước “{case.what}” đúng hạn. "
        "Đây là thiếu sót của chúng tôi; Ông/Bà đã làm đầy đủ phần của mình."
    )


def proposed_date(case: Lateness, *, at: datetime) -> datetime:
    """When the result can be had if every remaining step takes its planned time from now."""
    calendar = case.dossier.calendar
    reached = calendar.add_minutes(at, max(lateness.remaining_minutes(case.dossier), 1))
    past = (reached.minute % HALF_AN_HOUR) * 60 + reached.second
    rounded = reached.replace(microsecond=0) + timedelta(seconds=(HALF_AN_HOUR * 60 - past) if past else 0)
    return rounded if _in_office_hours(calendar, rounded) else reached


def _in_office_hours(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Closing time itself counts: results are promised for it."""
    minute = moment.hour * 60 + moment.minute
    return any(opens <= minute <= closes for opens, closes in calendar.hours(moment.date()))


def _hours_in_words(calendar: WorkingCalendar, moment: datetime) -> list[str]:
    return [f"{_clock(opens)}–{_clock(closes)}" for opens, closes in calendar.hours(moment.date())]


def _clock(minutes: int) -> str:
    return f"{time(minutes // 60 % 24, minutes % 60):%H:%M}"
