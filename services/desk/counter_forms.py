"""What the counter asks: who came in, or who they are, and what for."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from portal.core.accounts import proven
from portal.core.accounts.at_counter import find_people
from portal.core.accounts.fields import PhoneField
from portal.core.forms import DateField
from portal.core.models import User
from services.catalogue.models import Procedure


class FindForm(forms.Form):
    contact = forms.CharField(
        label=_("Số điện thoại hoặc số định danh cá nhân"),
        help_text=_("Ghi đủ cả số. Ví dụ: 0912 345 678, hoặc 12 chữ số trên thẻ căn cước."),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel", "class": "input--short"}),
        error_messages={"required": _("Nhập số điện thoại hoặc số định danh của công dân.")},
    )


class NewPersonForm(forms.Form):
    full_name = forms.CharField(label=_("Họ, chữ đệm và tên"), help_text=_("Như trên thẻ căn cước."), max_length=120)
    personal_number = forms.CharField(
        label=_("Số định danh cá nhân"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
    )
    birth_date = DateField(label=_("Ngày sinh"), required=False)
    phone = PhoneField(
        label=_("Số điện thoại"),
        required=False,
        help_text=_("Để công dân nhận thông báo và sau này tự đăng nhập bằng mã gửi tới số này."),
    )

    _twelve_digits = RegexValidator(r"^[0-9]{12}$", _("Số định danh cá nhân có đúng 12 chữ số."))

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_personal_number(self) -> str:
        number = "".join(self.cleaned_data["personal_number"].split())
        self._twelve_digits(number)
        if find_people(number):
            raise forms.ValidationError(_("Đã có tài khoản với số định danh này. Hãy tìm theo số đó."))
        return number

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        # Also of accounts that are closed: a number belongs to one account, once it is proved.
        if phone and (proven.by_phone(phone).exists() or User.objects.filter(phone=phone, is_active=False).exists()):
            raise forms.ValidationError(_("Đã có tài khoản với số điện thoại này. Hãy tìm theo số đó."))
        return phone


class BeginForm(forms.Form):
    """What for, and that the person agrees."""

    procedure = forms.ModelChoiceField(
        label=_("Thủ tục"),
        queryset=Procedure.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn thủ tục.")},
    )
    agreed = forms.BooleanField(
        label=_(
            "Công dân có mặt, đã xuất trình giấy tờ tùy thân đúng với tài khoản này "
            "và đồng ý để tôi điền và nộp hồ sơ giúp"
        ),
        error_messages={"required": _("Chỉ nộp giúp khi công dân có mặt và đồng ý.")},
    )

    def __init__(self, data: Any, *, ward: Ward) -> None:
        super().__init__(data)
        self.fields["procedure"].queryset = Procedure.objects.offered_in(ward)
