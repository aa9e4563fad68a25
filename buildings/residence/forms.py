"""What is asked to live in a flat, and to decide about it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from portal.core.forms import DateField, SeveralField
from portal.core.languages import marked
from portal.core.text import fold

from ..models import Apartment, Building, Residency, Ward

Role, Evidence = Residency.Role, Residency.Evidence

ROLES = (
    (Role.OWNER, _("Chủ sở hữu: có tên trong giấy chứng nhận hoặc hợp đồng mua bán")),
    (Role.TENANT, _("Người thuê: có hợp đồng thuê căn hộ")),
    (Role.MEMBER, _("Thành viên hộ: ở cùng chủ sở hữu hoặc người thuê")),
)


class WardForm(forms.Form):
    phuong = forms.ChoiceField(
        label=_("Tòa nhà ở phường nào?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn phường."), "invalid_choice": _("Chọn một phường trong danh sách.")},
    )

    def __init__(self, wards: Iterable[Ward], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phuong"].choices = [(ward.slug, ward.marked) for ward in wards]


class BuildingForm(forms.Form):
    toa_nha = forms.ChoiceField(
        label=_("Tòa nhà nào?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn tòa nhà."), "invalid_choice": _("Chọn một tòa nhà trong danh sách.")},
    )

    def __init__(self, buildings: Iterable[Building], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["toa_nha"].choices = [(one.slug, marked(f"{one.name} – {one.address}")) for one in buildings]


class FlatForm(forms.Form):
    """The flat by the number on its door, however it is typed. `flat` once it is valid."""

    so = forms.CharField(
        label=_("Số căn hộ"),
        help_text=_("Số ghi trên cửa, ví dụ 0502."),
        max_length=20,
        widget=forms.TextInput({"class": "input--short", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Nhập số căn hộ.")},
    )

    def __init__(self, building: Building, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.building, self.flat = building, None

    def clean_so(self) -> str:
        typed = self.cleaned_data["so"]
        self.flat = self.building.apartments.filter(number__iexact=typed.strip()).first()
        if self.flat is None:
            wanted = _bare(typed)
            near = (flat for flat in self.building.apartments.order_by("pk") if _bare(flat.number) == wanted)
            self.flat = next(near, None)
        if self.flat is None:
            raise ValidationError(
                _("%(building)s không có căn hộ số “%(number)s”. Xem lại số trên cửa, hoặc hỏi ban quản lý."),
                params={"building": self.building, "number": typed},
            )
        return typed


def _bare(number: str) -> str:
    """A - 502 is A502, 0502 is 502."""
    return "".join(sign for sign in fold(number) if sign.isalnum()).lstrip("0")


class RoleForm(forms.Form):
    tu_cach = forms.ChoiceField(
        label=_("Bạn là ai trong căn hộ này?"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một tư cách."), "invalid_choice": _("Chọn một tư cách.")},
    )


class DatesForm(forms.Form):
    """From when, and for a lease until when; errors of `actions.check_dates` are put on these fields."""

    since = DateField(label=_("Ở từ ngày"), earliest=date(1950, 1, 1), required=False)
    until = DateField(label=_("Ngày hết hạn thuê"), required=False)

    def __init__(self, role: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if role == Role.TENANT:
            self.fields["since"].required = self.fields["until"].required = True
            self.fields["until"].help_text = _(
                "Ngày cuối cùng ghi trong hợp đồng. Hết ngày này cổng tự kết thúc; gia hạn được trước đó."
            )
        else:
            self.fields["since"].label = _("Ở từ ngày (không bắt buộc)")
            self.fields["until"].label = _("Ở đến hết ngày (không bắt buộc)")
            self.fields["until"].help_text = _("Chỉ điền khi bạn biết trước, ví dụ theo hợp đồng thuê của hộ.")


class EvidenceForm(forms.Form):
    cach = forms.ChoiceField(
        label=_("Bạn có gì để chứng minh?"),
        choices=(
            (Evidence.LETTER, _("Mã trong thư ban quản lý bỏ vào hòm thư của căn hộ")),
            (Evidence.PROOF, _("Ảnh hoặc PDF giấy tờ: giấy chứng nhận, hợp đồng mua bán, hợp đồng thuê …")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một cách."), "invalid_choice": _("Chọn một cách.")},
    )


class SendForm(forms.Form):
    """The code or the paper, and whether the managers may see the phone number."""

    code = forms.CharField(
        label=_("Mã trong thư"),
        help_text=_("Tám chữ và số, ví dụ ABCD-EFGH. Chữ hoa hay chữ thường đều được."),
        max_length=40,
        widget=forms.TextInput(
            {
                "class": "input--short",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Nhập mã trong thư.")},
    )
    proof = forms.FileField(
        label=_("Giấy tờ"),
        help_text=_(
            "Ảnh chụp rõ hoặc PDF, đến 15 MB. Chỉ ban quản lý của tòa nhà xem được; xóa 90 ngày sau quyết định."
        ),
        widget=forms.FileInput({"accept": "image/*,application/pdf"}),
        error_messages={"required": _("Chọn ảnh hoặc tệp PDF của giấy tờ.")},
    )
    phone_shown = forms.BooleanField(
        label=_("Cho ban quản lý tòa nhà thấy số điện thoại của tôi"),
        help_text=_("Để gọi khi có việc ở căn hộ, như rò nước. Bật, tắt lại lúc nào cũng được."),
        required=False,
    )

    def __init__(self, evidence: str, *args: Any, has_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["proof" if evidence == Evidence.LETTER else "code"]
        if not has_phone:
            del self.fields["phone_shown"]


# --- Decisions ------------------------------------------------------------------------------------


class SomeoneField(forms.ModelChoiceField):
    """One of those who live in the flat, by name."""

    def label_from_instance(self, obj: Residency) -> str:
        return format_html("{} ({})", marked(obj.user), obj.get_role_display())


class SomebodyField(SeveralField):
    """Some of those who live in the flat, by name."""

    def label_from_instance(self, obj: Residency) -> str:
        return marked(obj.user)


class ConfirmForm(forms.Form):
    """Nothing to fill in, but where the flat has an owner already: that both own it; and who is whose family
    where a tenant lives, because a tenant's family ends with the tenant."""

    co_owner = forms.BooleanField(
        label=_("Hai người là đồng sở hữu; tôi đã xem giấy tờ"),
        required=False,
    )

    def __init__(self, residency: Residency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = residency.apartment.residencies.confirmed().owners().exclude(pk=residency.pk)
        self.owners = list(owners.select_related("user")) if residency.role == Role.OWNER else []
        if not self.owners:
            del self.fields["co_owner"]

        members = residency.apartment.residencies.confirmed().filter(role=Role.MEMBER, tenant=None)
        lived = residency.apartment.residencies.confirmed().exclude(role=Role.MEMBER).select_related("user")
        if residency.role == Role.MEMBER and any(one.role == Role.TENANT for one in lived):
            self.fields["family_of"] = SomeoneField(
                lived.order_by("-role", "-is_head", "pk"),
                label=_("Là người nhà của ai?"),
                help_text=_("Người nhà của người thuê rời căn hộ cùng người thuê."),
                widget=forms.RadioSelect,
                empty_label=None,
                initial=lived.tenants().order_by("-is_head", "-confirmed_at")[0],
                error_messages={"required": _("Chọn người mà họ ở cùng.")},
            )
        elif residency.role == Role.TENANT and members:
            self.fields["family"] = SomebodyField(
                members.select_related("user").order_by("pk"),
                label=_("Ai trong căn hộ là người nhà của người thuê này?"),
                help_text=_("Họ rời căn hộ cùng người thuê."),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def clean_co_owner(self) -> bool:
        if not self.cleaned_data["co_owner"]:
            raise ValidationError(
                _("Căn hộ đã có chủ được xác nhận. Đánh dấu nếu cả hai là đồng sở hữu; nếu không, hãy từ chối.")
            )
        return True


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do"),
        help_text=_("Người này đọc được. Nói rõ thiếu gì và làm gì tiếp theo."),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Viết lý do.")},
    )

    def __init__(self, residency: Residency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ExtendForm(forms.Form):
    until = DateField(label=_("Gia hạn đến hết ngày"))

    def __init__(self, residency: Residency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class NothingForm(forms.Form):
    def __init__(self, residency: Residency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class InviteForm(forms.Form):
    """One way to reach the person: an e-mail address or a phone number."""

    to = forms.CharField(
        label=_("Thư điện tử hoặc số điện thoại"),
        help_text=_("Của người đó, đúng như họ dùng để đăng nhập cổng này."),
        max_length=120,
        error_messages={"required": _("Nhập thư điện tử hoặc số điện thoại.")},
    )

    def clean_to(self) -> dict[str, str]:
        typed = self.cleaned_data["to"].strip()
        if "@" in typed:
            return {"email": forms.EmailField().clean(typed).lower()}
        try:
            return {"phone": PhoneNumberField(region="VN").clean(typed).as_e164}
        except ValidationError as error:
            raise ValidationError(_("Nhập đúng thư điện tử, hoặc số điện thoại như 0912 345 678.")) from error


class AnswerForm(forms.Form):
    phone_shown = forms.BooleanField(label=SendForm.base_fields["phone_shown"].label, required=False)


class LettersForm(forms.Form):
    """Which flats get a letter: some floors, or flats by number. `flats` once it is valid."""

    floors = forms.TypedMultipleChoiceField(
        label=_("Tầng"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    numbers = forms.CharField(
        label=_("Hoặc từng căn hộ"),
        help_text=_("Số căn hộ, cách nhau bằng dấu phẩy hoặc xuống dòng."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        required=False,
    )
    empty_only = forms.BooleanField(label=_("Chỉ căn hộ chưa có ai được xác nhận"), required=False, initial=True)

    def __init__(self, building: Building, most: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.building, self.most, self.flats = building, most, list[Apartment]()
        floors = building.apartments.order_by("floor").values_list("floor", flat=True).distinct()
        self.fields["floors"].choices = [(floor, _("Tầng %(floor)s") % {"floor": floor}) for floor in floors]
        for one_of in ("floors", "numbers"):
            self.fields[one_of].needed_sometimes = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        typed = [number.strip() for number in given["numbers"].replace("\n", ",").split(",") if number.strip()]
        if not typed and not given["floors"]:
            raise ValidationError(_("Chọn ít nhất một tầng hoặc ghi số căn hộ."))
        every = {_bare(flat.number): flat for flat in self.building.apartments.select_related("building__ward")}
        unknown = [number for number in typed if _bare(number) not in every]
        if unknown:
            self.add_error("numbers", _("Tòa nhà không có căn hộ: %(numbers)s.") % {"numbers": ", ".join(unknown[:10])})
            return given
        named = {every[_bare(number)].pk for number in typed}
        chosen = [flat for flat in every.values() if flat.pk in named or flat.floor in given["floors"]]
        if given["empty_only"]:
            lived_in = set(
                Residency.objects.confirmed()
                .filter(apartment__building=self.building)
                .values_list("apartment_id", flat=True)
            )
            chosen = [flat for flat in chosen if flat.pk not in lived_in]
        if not chosen:
            raise ValidationError(_("Không còn căn hộ nào: các căn đã chọn đều có người được xác nhận."))
        if len(chosen) > self.most:
            raise ValidationError(
                _("Đã chọn %(count)s căn hộ; mỗi lần in nhiều nhất %(most)s thư. Hãy chọn ít tầng hơn."),
                params={"count": len(chosen), "most": self.most},
            )
        self.flats = sorted(chosen, key=lambda flat: (flat.floor, flat.number))
        return given
