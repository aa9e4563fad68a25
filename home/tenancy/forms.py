"""The operator's forms: a ward's facts, its name, its host, and who takes over what."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from buildings.models import Building, Membership, Reorganisation, Ward
from buildings.roles import ROLES
from portal.core.forms import DateField, SeveralField, choices_with_prompt

from .facts import CHANGEABLE
from .naming import why_not


class OpenForm(forms.ModelForm):
    """Everything a new ward needs to begin with."""

    phone = PhoneNumberField(label=_("Đường dây nóng"))

    class Meta:
        model = Ward
        fields = ("name", "slug", "code", "agency_code", "address", "phone", "email", "office_hours")
        labels = {
            "name": _("Tên phường"),
            "slug": _("Tên trong địa chỉ"),
            "code": _("Mã đơn vị hành chính"),
            "agency_code": _("Mã cơ quan trong mã hồ sơ"),
            "address": _("Địa chỉ trụ sở"),
            "email": _("Thư điện tử"),
            "office_hours": _("Giờ làm việc"),
        }
        help_texts = {
            "name": _("Không có chữ “Phường”: Phúc Lợi"),
            "slug": _("Chữ thường không dấu, nối bằng dấu gạch: phuc-loi"),
            "code": _("Năm chữ số của Tổng cục Thống kê: 00136"),
            "agency_code": _("Đứng đầu mọi mã hồ sơ: H26.004.136"),
            "office_hours": _("Thứ Hai đến thứ Sáu: 08:00-12:00,13:00-17:00"),
        }

    def clean_slug(self) -> str:
        if reason := why_not(self.cleaned_data["slug"]):
            raise ValidationError(reason)
        return self.cleaned_data["slug"]

    def clean_code(self) -> str:
        if not re.fullmatch(r"\d{5}", self.cleaned_data["code"]):
            raise ValidationError(_("Mã đơn vị hành chính gồm đúng năm chữ số."))
        return self.cleaned_data["code"]

    def clean_office_hours(self) -> str:
        hours = self.cleaned_data["office_hours"].replace(" ", "")
        period = r"([01]\d|2[0-3]):[0-5]\d"
        parts = hours.split(",")
        if not all(re.fullmatch(f"{period}-{period}", part) and part[:5] < part[6:] for part in parts):
            raise ValidationError(_("Viết như 08:00-12:00,13:00-17:00."))
        if any(before[6:] > after[:5] for before, after in zip(parts, parts[1:], strict=False)):
            raise ValidationError(_("Các buổi phải nối tiếp nhau, không chồng lên nhau."))
        return hours


class FactsForm(OpenForm):
    """What of it may change without the ward becoming another."""

    class Meta(OpenForm.Meta):
        fields = CHANGEABLE


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Tên phường"), max_length=60)
    slug = forms.SlugField(label=_("Tên trong địa chỉ"), max_length=50, help_text=_("Địa chỉ cũ vẫn dẫn đến nơi mới."))

    def __init__(self, *args, ward: Ward, **kwargs):
        super().__init__(*args, initial={"name": ward.name, "slug": ward.slug}, **kwargs)
        self.ward = ward

    def clean_slug(self) -> str:
        if reason := why_not(self.cleaned_data["slug"], ward=self.ward):
            raise ValidationError(reason)
        return self.cleaned_data["slug"]


class HostForm(forms.Form):
    host = forms.CharField(
        label=_("Tên miền riêng"),
        max_length=100,
        required=False,
        help_text=_("Ví dụ viethung.example. Để trống: phường chỉ có địa chỉ trên cổng chung."),
    )


class CloseForm(forms.Form):
    because = forms.CharField(
        label=_("Căn cứ"), max_length=160, help_text=_("Văn bản quyết định: số, ngày, cơ quan ban hành.")
    )


class DraftForm(forms.ModelForm):
    effective_on = DateField(label=_("Có hiệu lực từ ngày"), earliest=date(2003, 1, 1), latest=date(2100, 1, 1))
    wards = SeveralField(
        Ward.objects.none(),
        label=_("Những phường giao lại tòa nhà hoặc sẽ đóng"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Phường chỉ nhận thêm thì không cần chọn."),
    )

    class Meta:
        model = Reorganisation
        fields = ("title", "decision", "effective_on")
        labels = {"title": _("Tên đợt sắp xếp"), "decision": _("Văn bản quyết định")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wards"].queryset = Ward.objects.filter(closed_at=None)


class AssignForm(forms.Form):
    """For one ward: who takes over the rest, each building, and where each of its people goes on."""

    def __init__(self, *args, plan: Reorganisation, ward: Ward, people: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        lines = list(plan.lines.filter(old=ward).select_related("building"))
        self.default_line = next(line for line in lines if line.building_id is None)
        every = [(str(one.pk), str(one)) for one in Ward.objects.filter(closed_at=None)]
        self.fields["default"] = forms.ChoiceField(
            label=_("Những gì không thuộc tòa nhà nào"),
            choices=[
                (pk, _("%(ward)s (tiếp tục hoạt động)") % {"ward": name} if pk == str(ward.pk) else name)
                for pk, name in every
            ],
            initial=str(self.default_line.new_id),
            help_text=_("Chọn phường khác nghĩa là phường này sẽ đóng."),
        )
        planned = {line.building_id: line.new_id for line in lines if line.building_id}
        self.buildings = list(ward.buildings.all())
        for building in self.buildings:
            self.fields[f"building-{building.pk}"] = forms.ChoiceField(
                label=building.name,
                choices=every,
                initial=str(planned.get(building.pk, self.default_line.new_id)),
                help_text=building.address,
            )
        going = dict(plan.transfers.values_list("membership", "new"))
        self.people = people
        elsewhere = [(pk, name) for pk, name in every if pk != str(ward.pk)]
        for membership in people:
            self.fields[f"person-{membership.pk}"] = forms.ChoiceField(
                label=f"{membership.user}, {membership.get_position_display()}",
                choices=choices_with_prompt(elsewhere, _("Ở lại; thôi vị trí nếu phường đóng")),
                initial=str(going.get(membership.pk, "")),
                required=False,
            )

    def clean(self):
        cleaned = super().clean()
        ward, default = self.default_line.old_id, cleaned.get("default")
        if default and int(default) != ward:
            for building in self.buildings:
                if cleaned.get(f"building-{building.pk}") == str(ward):
                    self.add_error(f"building-{building.pk}", _("Phường này sẽ đóng: hãy chọn phường nhận tòa nhà."))
        return cleaned

    def of_buildings(self) -> list[BoundField]:
        return [self[f"building-{one.pk}"] for one in self.buildings]

    def of_people(self) -> list[BoundField]:
        return [self[f"person-{one.pk}"] for one in self.people]

    def assigned(self) -> tuple[dict[int, int], dict[int, int], dict[int, int | None]]:
        """ward → ward, building → ward, membership → ward or nowhere; by key."""
        said = self.cleaned_data
        chosen = {one.pk: said[f"person-{one.pk}"] for one in self.people}
        return (
            {self.default_line.old_id: int(said["default"])},
            {one.pk: int(said[f"building-{one.pk}"]) for one in self.buildings},
            {pk: int(ward) if ward else None for pk, ward in chosen.items()},
        )


class AppointForm(forms.Form):
    """Who begins to work in the ward, or in one of its buildings."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120, error_messages={"required": _("Nhập họ tên.")})
    email = forms.EmailField(
        label=_("Thư điện tử"),
        help_text=_("Người đã có tài khoản giữ tài khoản đó; người mới đặt mật khẩu bằng địa chỉ này."),
        error_messages={"required": _("Nhập địa chỉ thư."), "invalid": _("Địa chỉ thư chưa đúng.")},
    )
    position = forms.ChoiceField(label=_("Vị trí"), error_messages={"required": _("Chọn vị trí.")})
    building = forms.ModelChoiceField(
        label=_("Tòa nhà"),
        queryset=Building.objects.none(),
        required=False,
        empty_label=_("Không: làm việc ở phường"),
        help_text=_("Chọn tòa nhà với ban quản lý và ban quản trị."),
    )
    title = forms.CharField(
        label=_("Chức vụ ghi trên văn bản"), max_length=80, required=False, help_text=_("Ví dụ: Phó Chủ tịch")
    )

    def __init__(self, *args, ward: Ward, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.ward = ward
        offered = [(role.position.value, role.position.label) for role in ROLES.values() if role.scope != "all"]
        self.fields["position"].choices = choices_with_prompt(offered)
        self.fields["building"].queryset = ward.buildings.all()

    def clean(self) -> dict:
        given = super().clean() or {}
        if "position" in given and "building" not in self.errors:
            of_building = ROLES[given["position"]].scope == "building"
            if of_building and not given["building"]:
                self.add_error("building", _("Vị trí này làm việc ở một tòa nhà: chọn tòa nhà."))
            if not of_building and given["building"]:
                self.add_error("building", _("Vị trí này làm việc ở phường, không ở tòa nhà."))
        return {**given, "ward": self.ward}


class BuildingForm(forms.ModelForm):
    """What a building needs to begin with; its flats come from its managers' book."""

    class Meta:
        model = Building
        fields = ("name", "slug", "address", "floors")
        help_texts = {"slug": _("Chữ thường không dấu, nối bằng dấu gạch: sen-hong")}
