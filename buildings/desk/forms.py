"""What a manager types to narrow a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.forms import SelectName, choices_with_prompt

from ..models import Building, SharedPlace, people_of
from ..requests import rules
from ..requests.models import RequestState, Urgency
from ..roles import OPERATOR_POSITIONS
from .queries import BY_CONTRACTOR, NOBODY, Scope, Wanted


class WorkFilter(forms.Form):
    """Narrows the list. What makes no sense in an address is passed over, never an error page."""

    xem = forms.ChoiceField(choices=Scope.choices, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Mã yêu cầu hoặc nội dung"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), choices=choices_with_prompt(RequestState.choices, _("Mọi trạng thái")), required=False
    )
    nhom = forms.ChoiceField(label=_("Nhóm việc"), required=False)
    muc_do = forms.ChoiceField(
        label=_("Mức độ"), choices=choices_with_prompt(Urgency.choices, _("Mọi mức độ")), required=False
    )
    noi = forms.ModelChoiceField(
        label=_("Nơi dùng chung"),
        queryset=SharedPlace.objects.none(),
        to_field_name="code",
        empty_label=_("Mọi nơi"),
        required=False,
        widget=SelectName,
    )
    tang = forms.IntegerField(
        label=_("Tầng"), min_value=-9, max_value=99, required=False, widget=forms.NumberInput({"class": "input-4"})
    )
    nguoi_lam = forms.ChoiceField(label=_("Người làm"), required=False, widget=SelectName(ours=(NOBODY, BY_CONTRACTOR)))

    def __init__(self, building: Building, data: Any) -> None:
        super().__init__(data)
        asked = data.get("xem")
        self.scope = Scope(asked) if asked in Scope.values else Scope.WORKING
        self.fields["nhom"].choices = choices_with_prompt(
            [(each.key, str(each.name)) for each in rules.categories().values()], _("Mọi nhóm việc")
        )
        self.fields["noi"].queryset = building.shared_places.all()
        staff = {held.user.pk: str(held.user) for held in people_of(building, *OPERATOR_POSITIONS)}
        self.fields["nguoi_lam"].choices = choices_with_prompt(
            [
                (NOBODY, _("Chưa giao")),
                (BY_CONTRACTOR, _("Nhà thầu")),
                *((str(key), name) for key, name in staff.items()),
            ],
            _("Mọi người"),
        )

    @property
    def wanted(self) -> Wanted:
        self.full_clean()
        given = self.cleaned_data
        return Wanted(
            scope=self.scope,
            words=given.get("q", ""),
            state=given.get("trang_thai", ""),
            category=given.get("nhom", ""),
            urgency=given.get("muc_do", ""),
            place=given.get("noi"),
            floor=given.get("tang"),
            executor=given.get("nguoi_lam", ""),
        )
