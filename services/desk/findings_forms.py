"""What the officer found, asked by the same machinery as the resident's form."""

from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.catalogue.answers import asked_answers
from services.catalogue.definition import ANSWER, FieldSpec, Section
from services.catalogue.forms import SectionForm
from services.dossiers import assignment
from services.dossiers.models import Dossier, Step

from .forms import REASON_LENGTH, person_field, step_after


class FindingsForm(SectionForm):
    """The findings of a dossier; what is known already stands there, or what the resident said of it.

    Written down on the way, not all of it need be known; what ends the examination asks for the `whole`.
    """

    whole = False

    def __init__(self, dossier: Dossier, officer: Any, data: Any = None) -> None:
        self.dossier, self.officer = dossier, officer
        asked = dossier.spec.findings
        if not self.whole:
            asked = tuple(replace(spec, required=False) for spec in asked)
        said = asked_answers(dossier.spec, dossier.answers)
        beforehand = {spec.key: said.get(spec.options.get(ANSWER, "")) for spec in asked}
        asked = tuple(
            spec if beforehand[spec.key] is None or spec.key in dossier.findings else _to_compare(spec)
            for spec in asked
        )
        known = {**dossier.answers, **beforehand, **dossier.findings}
        # Nothing is filled in from an account: the officer's says nothing about the resident.
        page = Section("tham-dinh", "", fields=asked)
        super().__init__(page, definition=dossier.spec, answers=known, user=None, data=data)

    @property
    def more(self) -> list[BoundField]:
        """What is asked besides the findings."""
        return []

    def arguments(self) -> dict[str, Any]:
        if not self.dossier.spec.findings:
            return {}
        return {"findings": {key: value for key, value in self.answers().items() if value is not None}}

    @classmethod
    def revived(cls, stored: dict[str, Any]) -> dict[str, Any]:
        """As `MoveForm.revived`: findings are JSON already."""
        return stored


class MendFindingsForm(FindingsForm):
    """The findings by themselves: while the result waits for its signature, they stay complete."""

    def __init__(self, dossier: Dossier, officer: Any, data: Any = None) -> None:
        self.whole = dossier.owed_step.kind == Step.Kind.SIGN
        super().__init__(dossier, officer, data)


class ApprovalForm(FindingsForm):
    """What ends a step of examination: the findings, all of them at the last one; a note, and who comes next."""

    note = forms.CharField(
        label=gettext_lazy("Ý kiến thẩm định"),
        help_text=gettext_lazy("Người ở bước sau sẽ đọc; công dân không thấy."),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, dossier: Dossier, officer: Any, data: Any = None) -> None:
        self.whole = not dossier.steps.filter(kind=Step.Kind.WORK, seq__gt=dossier.owed_step.seq).exists()
        super().__init__(dossier, officer, data)
        following = step_after(dossier)
        if following and following.assign == assignment.BY_HAND:
            self.fields["to"] = person_field(following.position, dossier)

    @property
    def more(self) -> list[BoundField]:
        return [self[name] for name in ("to", "note") if name in self.fields]

    def arguments(self) -> dict[str, Any]:
        given = {field.name: self.cleaned_data[field.name] for field in self.more}
        return {**super().arguments(), **given}


def _to_compare(spec: FieldSpec) -> FieldSpec:
    """A question that begins with what the resident declared says so."""
    return replace(spec, hint=" ".join(filter(None, (spec.hint, _("Điền sẵn theo lời khai; hãy đối chiếu.")))))
