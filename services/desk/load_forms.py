"""To whom the leader gives somebody's work, and why."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from buildings.absences import officers_of
from buildings.models import Ward
from buildings.roles import Position
from portal.core.models import User


class GiveForm(forms.Form):
    """To whom, and why."""

    to = forms.ModelChoiceField(
        label=_("Giao cho"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn người nhận việc.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        help_text=_("Ghi trong nhật ký hồ sơ."),
        required=False,
        max_length=200,
    )

    def __init__(self, data, *, ward: Ward, officer: User, away: Iterable[int]) -> None:
        super().__init__(data)
        away = {officer.pk, *away}
        people = {person.pk: held for person, held in officers_of(ward).items() if person.pk not in away}
        self.fields["to"].queryset = User.objects.filter(pk__in=people).order_by("full_name")
        self.fields["to"].label_from_instance = lambda person: f"{person} ({_positions(people[person.pk])})"


def _positions(held: Iterable[str]) -> str:
    return ", ".join(str(Position(position).label) for position in sorted(held))
