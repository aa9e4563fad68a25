"""What is typed on the road out of a building's lateness, besides what every late person types."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.calendar import VIETNAM, load_calendar
from portal.core.forms import DateField, TimeField
from portal.core.lateness_forms import CaseForm, ReasonForm
from portal.core.lateness_forms import ExplainForm as CoreExplainForm

from ..requests import clocks, rules
from ..requests.lateness import ANSWERED
from ..requests.models import RequestLateness

APOLOGY_LENGTH = 1500


class ExplainForm(CoreExplainForm):
    evidence_help = gettext_lazy("Một ảnh hoặc tệp PDF, nhiều nhất 15 MB. Cư dân không xem được.")


class OverrideForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Vì sao cư dân thiệt hơn nếu yêu cầu đứng chờ. Lý do được lưu và được đếm.")


class DraftForm(CaseForm):
    """What the letter says, and the new date where one may still be promised."""

    text = forms.CharField(
        label=gettext_lazy("Lý do nêu trong thư"),
        help_text=gettext_lazy("Viết cho cư dân đọc: nói thật, ngắn, nhận lỗi; không nêu chuyện nội bộ."),
        max_length=APOLOGY_LENGTH,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Viết lý do để in trong thư xin lỗi.")},
    )
    new_date = DateField(
        label=gettext_lazy("Hẹn làm xong ngày"),
        help_text=gettext_lazy("Chỉ được hẹn lại một lần, nên hãy chọn ngày chắc chắn giữ được."),
    )
    new_time = TimeField(
        label=gettext_lazy("Trước"),
        help_text=gettext_lazy("Ví dụ: 17:00."),
        error_messages={"required": gettext_lazy("Nhập giờ hẹn.")},
    )

    def __init__(self, case: RequestLateness, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        self.initial["text"] = case.apology or (
            f"Chúng tôi đã không hoàn thành việc “{case.what.lower()}” đúng hạn. "
            "Đây là thiếu sót của chúng tôi; Ông/Bà đã làm đầy đủ phần của mình."
        )
        self.why_no_date = "" if case.new_date_allowed else _no_date_because(case)
        if self.why_no_date:
            del self.fields["new_date"], self.fields["new_time"]
            return
        limit = rules.limit(case.request.category, case.request.urgency)
        proposed = clocks.done_due(load_calendar(case.request.building.ward), limit, self.at)
        local = (case.new_due_at or proposed).astimezone(VIETNAM)
        self.initial |= {"new_date": local.date(), "new_time": f"{local:%H:%M}"}
        self.fields["new_date"].earliest = self.at.astimezone(VIETNAM).date()
        self.fields["new_date"].latest = self.at.astimezone(VIETNAM).date() + timedelta(
            days=rules.limits().longest_wait_days
        )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        given["new_due_at"] = None
        if not self.why_no_date and not {"new_date", "new_time"} & self.errors.keys():
            moment = datetime.combine(given["new_date"], given["new_time"], VIETNAM)
            if moment <= self.at:
                self.add_error("new_time", _("Ngày giờ hẹn lại phải sau thời điểm này."))
            given["new_due_at"] = moment
        return given

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "new_due_at": self.cleaned_data["new_due_at"]}


def _no_date_because(case: RequestLateness) -> str:
    if case.what != ANSWERED:
        return _("Yêu cầu này đã được hẹn lại một lần. Không hẹn thêm; hãy làm xong sớm nhất có thể.")
    return _("Thư này xin lỗi vì trả lời muộn. Hạn làm xong báo cho cư dân khi tiếp nhận.")
