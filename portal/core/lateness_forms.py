"""What is typed on the road out of lateness, whoever is late. `arguments()` is what the process is called with."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .calendar import VIETNAM
from .files.uploads import Inspected, inspect_upload
from .forms import DateField, TimeField
from .lateness import LatenessCase, NewDateRefused
from .models import User

LONG = 4000
REASON_LENGTH = 2000


class CaseForm(forms.Form):
    """A step that needs no words."""

    def __init__(self, case: Any, officer: User, data: Any = None, files: Any = None, *, at: datetime) -> None:
        self.case, self.officer, self.at = case, officer, at
        super().__init__(data, files)

    def arguments(self) -> dict[str, Any]:
        return {}

    def discard(self) -> None:
        """Take back what `arguments` has stored, when nothing came of it."""

    def carry_out(self, step: Callable[..., Any]) -> bool:
        """Call `step` with what was typed. False when the page has to be shown again with the reason.

        Raises what `step` raises; what was stored for it is taken back then.
        """
        try:
            step(**self.arguments())
        except NewDateRefused:
            self.discard()
            self.add_error(None, _("Ngày hẹn lại trong dự thảo đã qua. Hãy trả lại dự thảo để ghi ngày khác."))
            return False
        except BaseException:
            self.discard()
            raise
        return True


class ExplainForm(CaseForm):
    """Why it was late, what proves it, what will be done."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân thuộc về ai?"),
        choices=(
            (LatenessCase.Cause.OWN, gettext_lazy("Chủ quan: do cách làm của người hoặc bộ phận phụ trách")),
            (
                LatenessCase.Cause.OBJECTIVE,
                gettext_lazy("Khách quan: do việc ngoài tầm kiểm soát, lãnh đạo sẽ xác nhận"),
            ),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn nguyên nhân chủ quan hoặc khách quan.")},
    )
    text = forms.CharField(
        label=pgettext_lazy("text", "Giải trình"),
        help_text=gettext_lazy("Việc gì đã xảy ra, từ khi nào, vì sao không kịp. Người dân không đọc phần này."),
        max_length=LONG,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Viết rõ vì sao quá hạn.")},
    )
    remedy = forms.CharField(
        label=gettext_lazy("Biện pháp khắc phục"),
        help_text=gettext_lazy("Làm gì để xong hồ sơ này, và để không lặp lại."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Viết việc sẽ làm để khắc phục.")},
    )
    evidence = forms.FileField(
        label=gettext_lazy("Minh chứng"),
        help_text=gettext_lazy("Một ảnh hoặc tệp PDF, nhiều nhất 15 MB."),
        required=False,
        widget=forms.FileInput({"accept": "image/*,application/pdf"}),
    )

    evidence_help: str | Promise = ""  # who can see it

    def __init__(self, case: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        if self.evidence_help:
            self.fields["evidence"].help_text = self.evidence_help
        self.initial = {"cause": case.cause, "text": case.explanation, "remedy": case.remedy}
        self._stored = ""

    def clean_evidence(self) -> Inspected | None:
        chosen = self.cleaned_data["evidence"]
        return inspect_upload(chosen) if chosen else None

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        words = {name: given[name] for name in ("cause", "text", "remedy")}
        proof: Inspected | None = given["evidence"]
        if not proof:
            return words
        self._stored = kept_with(self.case).save(f"evidence/{uuid.uuid4()}", ContentFile(proof.content))
        return {**words, "evidence": self._stored, "evidence_name": proof.name}

    def discard(self) -> None:
        if self._stored:
            kept_with(self.case).delete(self._stored)


class AcceptForm(CaseForm):
    """Only a head confirms that a cause was objective."""

    objective = forms.BooleanField(
        label=gettext_lazy("Tôi xác nhận đây là nguyên nhân khách quan."),
        help_text=gettext_lazy("Để trống nếu bạn chấp nhận giải trình nhưng coi nguyên nhân là chủ quan."),
        required=False,
    )

    def __init__(self, case: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        if case.cause != LatenessCase.Cause.OBJECTIVE:
            del self.fields["objective"]

    def arguments(self) -> dict[str, Any]:
        return {"objective": self.cleaned_data.get("objective", False)}


class ReasonForm(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Viết lý do.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class ReturnExplanationForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Giải trình còn thiếu gì?")


class ReturnDraftForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Dự thảo cần sửa gì?")


class DeliveryForm(CaseForm):
    """How and when the letter reached the person, where no channel could say so."""

    HOW = (
        ("goi-dien", gettext_lazy("Gọi điện, đọc thư cho người dân")),
        ("buu-chinh", gettext_lazy("Bưu chính, có báo phát")),
        ("trao-tay", gettext_lazy("Trao tận tay")),
    )

    how = forms.ChoiceField(
        label=gettext_lazy("Thư đến người dân bằng cách nào?"),
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một cách.")},
    )
    detail = forms.CharField(
        label=gettext_lazy("Ai nhận, số báo phát hoặc số điện thoại"),
        max_length=80,
        error_messages={"required": gettext_lazy("Ghi ai đã nhận, để sau này kiểm tra được.")},
    )
    on_date = DateField(label=gettext_lazy("Ngày nhận"))
    on_time = TimeField(label=gettext_lazy("Lúc"), error_messages={"required": gettext_lazy("Nhập giờ nhận.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        local = self.at.astimezone(VIETNAM)
        self.initial = {"on_date": local.date(), "on_time": f"{local:%H:%M}"}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not {"on_date", "on_time"} & self.errors.keys():
            moment = datetime.combine(given["on_date"], given["on_time"], VIETNAM)
            if moment > self.at:
                self.add_error("on_time", _("Thư chưa thể đến sau thời điểm này."))
            elif self.case.sent_at and moment < self.case.sent_at.replace(second=0, microsecond=0):
                sent = time_and_date(self.case.sent_at.astimezone(VIETNAM))
                self.add_error("on_time", _("Thư chỉ được gửi lúc %(time)s ngày %(date)s.") % sent)
            given["moment"] = moment
        return given

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        facts = {"how": dict(self.HOW)[given["how"]], "detail": given["detail"], **time_and_date(given["moment"])}
        return {"how": _("%(how)s lúc %(time)s ngày %(date)s: %(detail)s") % facts}


def kept_with(case: LatenessCase) -> Storage:
    """Where a case's evidence lies."""
    return case._meta.get_field("evidence").storage


def time_and_date(moment: datetime) -> dict[str, str]:
    return {"time": f"{moment:%H:%M}", "date": f"{moment:%d/%m/%Y}"}
