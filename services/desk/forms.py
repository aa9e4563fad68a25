"""What officers type: filters of the list, and the words a move needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.core.forms import choices_with_prompt
from portal.core.models import User
from services.catalogue import answers as form_answers
from services.catalogue.definition import FieldSpec, Section
from services.catalogue.models import Procedure
from services.dossiers import assignment
from services.dossiers.models import ENDED_STATES, OPEN_STATES, Dossier, Step

from . import reasons
from .queries import Scope, Wanted

REASON_LENGTH = 2000
WHAT_LENGTH = 600


class WorkFilter(forms.Form):
    """Narrows the list. What makes no sense in an address is passed over, never an error page."""

    xem = forms.ChoiceField(choices=Scope.choices, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Mã hồ sơ, họ tên hoặc số điện thoại"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False)
    buoc = forms.ChoiceField(
        label=_("Bước"), choices=choices_with_prompt(Step.Kind.choices, _("Mọi bước")), required=False
    )
    thu_tuc = forms.ModelChoiceField(
        label=_("Thủ tục"), queryset=Procedure.objects.only("name"), empty_label=_("Mọi thủ tục"), required=False
    )

    han = forms.DateField(required=False, widget=forms.HiddenInput)  # due on this day; from the leader's calendar

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        asked = data.get("xem")
        self.scope = Scope(asked) if asked in Scope.values else Scope.MINE
        states = ENDED_STATES if self.scope == Scope.ENDED else OPEN_STATES
        if data.get("q", "").strip() or self.scope == Scope.UNANSWERED:
            states = (*OPEN_STATES, *ENDED_STATES)
        self.fields["trang_thai"].choices = choices_with_prompt(
            [(state.value, state.label) for state in states], _("Mọi trạng thái")
        )
        if self.scope == Scope.ENDED:
            del self.fields["buoc"]

    @property
    def wanted(self) -> Wanted:
        self.full_clean()
        given = self.cleaned_data
        return Wanted(
            scope=self.scope,
            words=given.get("q", ""),
            state=given.get("trang_thai", ""),
            kind=given.get("buoc", ""),
            procedure=given.get("thu_tuc"),
            due_on=given.get("han"),
        )


class MoveForm(forms.Form):
    """A move that needs no words. `arguments()` is what the action is called with, besides who and when."""

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        self.dossier, self.officer = dossier, officer
        super().__init__(data)

    def arguments(self) -> dict[str, Any]:
        return {}


class HandOnForm(MoveForm):
    """Who gets the next step, where the procedure leaves that to whoever hands it on."""

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        following = step_after(dossier)
        if following and following.assign == assignment.BY_HAND:
            self.fields["to"] = person_field(following.position, dossier)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), **({"to": self.cleaned_data["to"]} if "to" in self.fields else {})}


class ReasonForm(MoveForm):
    """A reason: a prepared sentence, words of one's own, or the one followed by the other."""

    kind = ""  # of the prepared sentences that are offered; none without

    phrase = forms.ChoiceField(label=_("Câu soạn sẵn"), required=False)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Chọn một câu soạn sẵn hoặc viết lý do.")},
    )

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        offered = reasons.prepared(self.kind, dossier) if self.kind else []
        self.fields["phrase"].choices = choices_with_prompt([(text, text) for text in offered])
        self.fields["reason"].required = not (data and data.get("phrase"))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "words": " ".join(filter(None, (given.get("phrase"), given.get("reason"))))}

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["words"]}


class RefusalForm(ReasonForm):
    kind = reasons.Kind.REFUSAL

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("In trên phiếu từ chối. Nói rõ vì sao và công dân có thể làm gì tiếp.")


class ReturnForm(ReasonForm):
    kind = reasons.Kind.RETURN

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Người thẩm định sẽ đọc; công dân không thấy.")


@dataclass(frozen=True)
class Item:
    """A question or a paper of the form, with what was given and the two controls that ask for more."""

    spec: FieldSpec
    given: str
    tick: BoundField
    phrase: BoundField
    what: BoundField

    @property
    def is_open(self) -> bool:
        return bool(self.tick.value()) or bool(self.phrase.errors or self.what.errors)


class SupplementForm(ReasonForm):
    """What to complete, all of it at once: each item tied to a question or a paper of this dossier."""

    kind = reasons.Kind.SUPPLEMENT

    contact = forms.CharField(
        label=_("Người hướng dẫn, số điện thoại"),
        help_text=_("Để công dân hỏi khi chưa rõ."),
        max_length=160,
    )

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        self.fields["reason"].help_text = _("In trên phiếu yêu cầu bổ sung.")
        phone = officer.phone or dossier.ward.phone
        self.fields["contact"].initial = f"{officer}, {phone.as_national if phone else ''}".rstrip(", ")
        answers = form_answers.asked_answers(dossier.spec, dossier.answers)
        what_to_do = [(text, text) for text in reasons.prepared(reasons.Kind.ITEM, dossier)]
        self.specs = [spec for spec in dossier.spec.fields() if spec.asked(answers)]
        for spec in self.specs:
            self.fields[f"tick-{spec.key}"] = forms.BooleanField(label=spec.label, required=False)
            self.fields[f"phrase-{spec.key}"] = forms.ChoiceField(
                label=_("Câu soạn sẵn"),
                choices=choices_with_prompt(what_to_do),
                required=False,
            )
            self.fields[f"what-{spec.key}"] = forms.CharField(
                label=_("Công dân cần làm gì"),
                max_length=WHAT_LENGTH,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def sections(self) -> Iterator[tuple[Section, list[Item]]]:
        """The pages of the form as the resident filled them in, with the controls beside each answer."""
        given = {
            spec.key: text
            for _section, answers in form_answers.summary(self.dossier.spec, self.dossier.answers)
            for spec, text in answers
        }
        counted: dict[str, int] = {}
        for field in self.dossier.attachments.kept().values_list("field", flat=True):
            counted[field] = counted.get(field, 0) + 1
        asked = {spec.key for spec in self.specs}
        for page in self.dossier.spec.pages:
            items = [
                Item(
                    spec,
                    given.get(spec.key)
                    or (
                        ngettext("%(count)s tệp", "%(count)s tệp", counted[spec.key]) % {"count": counted[spec.key]}
                        if spec.key in counted
                        else ""
                    ),
                    self[f"tick-{spec.key}"],
                    self[f"phrase-{spec.key}"],
                    self[f"what-{spec.key}"],
                )
                for spec in page.fields
                if spec.key in asked
            ]
            if items:
                yield page, items

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        items = []
        for spec in self.specs:
            if not given.get(f"tick-{spec.key}"):
                continue
            words = " ".join(filter(None, (given.get(f"phrase-{spec.key}"), given.get(f"what-{spec.key}"))))
            if words:
                items.append((spec.key, words))
            elif f"what-{spec.key}" not in self.errors and f"phrase-{spec.key}" not in self.errors:
                self.add_error(
                    f"what-{spec.key}", _("Nói rõ công dân cần làm gì với “%(field)s”.") % {"field": spec.label}
                )
        if not any(given.get(f"tick-{spec.key}") for spec in self.specs):
            self.add_error(None, _("Đánh dấu ít nhất một nội dung cần bổ sung."))
        return {**given, "items": items}

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"items": given["items"], "reason": given["words"], "contact": given["contact"]}


class ProposalForm(SupplementForm):
    """A request after acceptance: it needs the article that asks for it, and the leader."""

    legal_basis = forms.CharField(
        label=_("Căn cứ pháp lý"),
        help_text=_("Điều, khoản cho phép yêu cầu bổ sung sau khi đã tiếp nhận. In trên phiếu."),
        max_length=300,
        error_messages={"required": _("Ghi căn cứ pháp lý của yêu cầu này.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "legal_basis": self.cleaned_data["legal_basis"]}


class VerificationForm(MoveForm):
    """Whom the ward asks to verify something, and what."""

    agency = forms.CharField(
        label=_("Cơ quan phối hợp"),
        help_text=_("Ghi trong phiếu kiểm soát. Ví dụ: Ủy ban nhân dân phường Bồ Đề."),
        max_length=160,
        error_messages={"required": _("Ghi cơ quan được hỏi xác minh.")},
    )
    reason = forms.CharField(
        label=_("Nội dung phải xác minh"),
        help_text=_("Công dân đọc được, để biết vì sao phải chờ lâu hơn."),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Nói rõ phải xác minh điều gì.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"agency": self.cleaned_data["agency"], "reason": self.cleaned_data["reason"]}


class FeeForm(MoveForm):
    """What is to be paid before the ward goes on."""

    amount = forms.IntegerField(
        label=_("Số tiền (đồng)"),
        min_value=1_000,
        max_value=1_000_000_000,
        widget=forms.TextInput({"inputmode": "numeric", "class": "input--short"}),
    )
    reason = forms.CharField(
        label=_("Nội dung thu"),
        help_text=_("Tên phí, lệ phí và căn cứ. In trên thông báo."),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
    )

    def arguments(self) -> dict[str, Any]:
        return {"amount": self.cleaned_data["amount"], "reason": self.cleaned_data["reason"]}


class FeePaidForm(MoveForm):
    receipt_number = forms.CharField(label=_("Số biên lai, chứng từ"), max_length=60)

    def arguments(self) -> dict[str, Any]:
        return {"receipt_number": self.cleaned_data["receipt_number"]}


class ReassignForm(MoveForm):
    """Another person for the current step."""

    reason = forms.CharField(
        label=_("Lý do"), help_text=_("Ghi trong phiếu kiểm soát."), required=False, max_length=200
    )

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        step = dossier.current_step
        self.fields["to"] = person_field(step.position, dossier, but=step.assignee)
        self.order_fields(["to", "reason"])

    def arguments(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"], "reason": self.cleaned_data["reason"]}


class StopForm(ReasonForm):
    kind = reasons.Kind.STOP

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("In trên thông báo dừng giải quyết. Nêu cả căn cứ pháp lý.")


class DeclineForm(ReasonForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phrase"]
        self.fields["reason"].help_text = _("Công chức thụ lý sẽ đọc; công dân không thấy.")


class InterestForm(MoveForm):
    relation = forms.CharField(
        label=_("Quan hệ với người nộp"), help_text=_("Ví dụ: con, vợ, anh em ruột."), max_length=120
    )

    def arguments(self) -> dict[str, Any]:
        return {"relation": self.cleaned_data["relation"]}


class InterestApprovalForm(MoveForm):
    """Which of those who declared an interest may go on."""

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        declared = User.objects.filter(pk__in=dossier.excluded_officers).exclude(pk=officer.pk)
        self.fields["officer"] = forms.ModelChoiceField(
            label=_("Cán bộ đã khai báo"), queryset=declared, empty_label=None, widget=forms.RadioSelect
        )

    def arguments(self) -> dict[str, Any]:
        return {"officer": self.cleaned_data["officer"]}


def step_after(dossier: Dossier) -> Step | None:
    """The step that follows the current one."""
    current = dossier.current_step
    return dossier.steps.filter(seq__gt=current.seq).first() if current else None


def person_field(position: str, dossier: Dossier, *, but: User | None = None) -> forms.ModelChoiceField:
    """Who gets the step: one of those who can own it."""
    people = assignment.candidates(position, dossier.ward, dossier=dossier, at=timezone.now())
    keys = [person.pk for person in people if person != but]
    return forms.ModelChoiceField(
        label=_("Giao cho"),
        queryset=User.objects.filter(pk__in=keys).order_by("full_name"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn người nhận việc.")},
    )
