"""What officers type about days: how a day differs, who is away."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buildings.absences import officers_of
from buildings.models import Ward
from buildings.roles import Position
from portal.core.calendar import load_calendar, parse_hours
from portal.core.calendar_days import DayRefused, hours_of
from portal.core.forms import DateField, choices_with_prompt
from portal.core.models import CalendarDay, User

REACHES_BACK = timedelta(days=31)  # a storm is recorded once the office is open again
REACHES_AHEAD = timedelta(days=400)
AT_ONCE = 31  # days
HOW_WORKED = (
    (CalendarDay.Kind.CLOSED, _("Nghỉ cả ngày")),
    (CalendarDay.Kind.WORKING, _("Làm việc theo giờ ngày thường, như thứ Bảy làm bù")),
    (CalendarDay.Kind.HOURS, _("Làm việc theo giờ riêng, như chỉ buổi sáng")),
)
SOURCE_HINT = _("Số, ngày và cơ quan ban hành. Ví dụ: Công điện 05/CĐ-UBND ngày 20/11/2026 của UBND thành phố.")


class SourceForm(forms.Form):
    """The document a change of the calendar follows."""

    source = forms.CharField(label=_("Văn bản căn cứ"), help_text=SOURCE_HINT, max_length=200)


class DayForm(SourceForm):
    """How one day differs."""

    kind = forms.ChoiceField(label=_("Phường làm việc thế nào?"), choices=HOW_WORKED, widget=forms.RadioSelect)
    hours = forms.CharField(
        label=_("Giờ riêng"),
        help_text=_("Chỉ điền khi làm việc theo giờ riêng. Ví dụ: 08:00-12:00 hoặc 08:00-11:30, 13:00-16:00."),
        max_length=60,
        required=False,
    )
    note = forms.CharField(
        label=_("Lý do"), help_text=_("Mọi người đọc được. Ví dụ: Nghỉ tránh bão số 5."), max_length=200
    )

    field_order = ("from_date", "to_date", "kind", "hours", "note", "source")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "kind" in given:
            try:
                given["hours"] = hours_of(given["kind"], given.get("hours", ""))
            except DayRefused as refused:
                self.add_error(refused.field, refused)
        return given

    def facts(self) -> dict[str, str]:
        given = self.cleaned_data
        return {name: given[name] for name in ("kind", "hours", "note", "source")}


class DaysForm(DayForm):
    """The same for one day or several in a row. `days` holds those that really change."""

    from_date = DateField(label=_("Từ ngày"))
    to_date = DateField(label=_("Đến hết ngày"), help_text=_("Để trống nếu chỉ một ngày."), required=False)

    def __init__(self, *args: Any, ward: Ward, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ward = ward
        self.days: list[date] = []
        for name in ("from_date", "to_date"):
            self.fields[name].earliest, self.fields[name].latest = today - REACHES_BACK, today + REACHES_AHEAD

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first = given.get("from_date")
        if self.errors or not first:
            return given
        last = given.get("to_date") or first
        if last < first:
            self.add_error("to_date", _("Ngày cuối phải bằng hoặc sau ngày đầu."))
        elif (last - first).days >= AT_ONCE:
            self.add_error("to_date", _("Mỗi lần ghi nhiều nhất %(days)s ngày.") % {"days": AT_ONCE})
        else:
            self._choose(first, last)
        return given

    def _choose(self, first: date, last: date) -> None:
        taken = CalendarDay.objects.filter(ward_code=self.ward.code, date__range=(first, last)).first()
        if taken:
            self.add_error(
                "from_date",
                _("Ngày %(date)s đã được phường ghi. Hãy sửa hoặc bỏ ngày đó trước.")
                % {"date": f"{taken.date:%d/%m/%Y}"},
            )
            return
        calendar = load_calendar(self.ward)
        wanted = {
            CalendarDay.Kind.CLOSED: (),
            CalendarDay.Kind.WORKING: calendar.weekly[0],
            CalendarDay.Kind.HOURS: parse_hours(self.cleaned_data["hours"]),
        }[self.cleaned_data["kind"]]
        # A closure from Friday to Monday is two rows: the weekend is closed anyway.
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self.days = [day for day in days if calendar.hours(day) != wanted]
        if not self.days:
            self.add_error("kind", _("Lịch vốn đã như vậy trong những ngày này; không có gì để ghi."))


class AbsenceForm(forms.Form):
    """Who is away, when, and who does their work. A leader says who; an officer speaks for themself."""

    user = forms.ModelChoiceField(label=_("Người vắng mặt"), queryset=User.objects.none())
    from_date = DateField(label=_("Từ ngày"))
    to_date = DateField(label=_("Đến hết ngày"))
    substitute = forms.ModelChoiceField(
        label=_("Người làm thay"),
        queryset=User.objects.none(),
        help_text=_("Giữ đủ các vị trí của người vắng, hoặc là lãnh đạo phường. Chỉ lãnh đạo làm thay được lãnh đạo."),
    )
    reason = forms.CharField(
        label=_("Lý do"),
        help_text=_("Chỉ người vắng mặt và lãnh đạo phường đọc được."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, ward: Ward, officer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = officers_of(ward)
        officers = User.objects.filter(pk__in=[user.pk for user in people])
        named = [(user.pk, f"{user} ({_in_words(held)})") for user, held in people.items()]
        if Position.LEADER in people.get(officer, ()):
            self.fields["user"].queryset = officers
            self.fields["user"].choices = choices_with_prompt(named)
            colleagues = named
        else:
            del self.fields["user"]
            colleagues = [(pk, label) for pk, label in named if pk != officer.pk]
        self.fields["substitute"].queryset = officers
        self.fields["substitute"].choices = choices_with_prompt(colleagues)
        self.officer = officer

    def arguments(self) -> dict[str, Any]:
        return {"user": self.officer, **self.cleaned_data}


def _in_words(positions: frozenset[str]) -> str:
    return ", ".join(str(position.label) for position in Position if position in positions)
