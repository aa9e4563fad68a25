"""allauth's forms in the portal's words and manners: no placeholders, hints, the right keyboard.

Named in settings.ACCOUNT_FORMS and settings.MFA_FORMS.
"""

from datetime import date
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..forms import DateField
from ..languages import named
from ..models import User
from .fields import as_e164
from .password_reset import PhonePasswordReset

PASSWORD_HINT = _("Ít nhất 8 ký tự. Tránh mật khẩu hay gặp và tên của bạn.")


class _Plain:
    """No placeholders (labels say it, and stay), passwords that can be shown, codes on the number keyboard."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):  # the words of show-password.js
                field.widget.attrs |= {"data-show": _("Hiện mật khẩu"), "data-hide": _("Ẩn mật khẩu")}
            if name == "password1":
                field.help_text = PASSWORD_HINT
            elif name in {"password", "oldpassword"}:
                field.help_text = ""  # the way to a new password stands below the form
            elif name == "code":
                field.label = _("Mã xác nhận")
                field.widget.attrs |= {
                    "inputmode": "numeric",
                    "autocomplete": "one-time-code",
                    "class": "input-12 input-code",
                }


class LoginForm(_Plain, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Số điện thoại hoặc thư điện tử")
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean_login(self) -> str:
        login = super().clean_login()
        # One spelling of a phone number, so that spaces do not start a new count of failed attempts.
        return login if "@" in login else as_e164(login) or login


class SignupForm(_Plain, account.SignupForm):
    """At least one contact; whichever is given is confirmed by a code."""

    full_name = forms.CharField(
        label=_("Họ, chữ đệm và tên"),
        help_text=_("Như trên giấy khai sinh hoặc thẻ căn cước."),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    field_order = ("full_name", "phone", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.required = email.widget.is_required = False  # settings must call it required: see there
        email.label = _("Thư điện tử")
        self.fields["phone"].label = _("Số điện thoại")
        self.fields["phone"].help_text = _("Điền số điện thoại, thư điện tử, hoặc cả hai.")

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = cleaned.get("phone") or cleaned.get("email")
        if not given and not self.has_error("phone") and not self.has_error("email"):
            self.add_error("phone", _("Nhập số điện thoại hoặc thư điện tử, ít nhất một trong hai."))
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        if self.account_already_exists:
            # Hash as for a new account: an answer that came sooner would tell that there is one.
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetPasswordForm(_Plain, account.ResetPasswordForm):
    """Takes a phone number or an e-mail address in the one field, which allauth calls `email`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.CharField(
            label=_("Số điện thoại hoặc thư điện tử"),
            help_text=_("Chúng tôi gửi mã xác nhận tới đó."),
            max_length=254,
            widget=forms.TextInput({"autocomplete": "username"}),
        )

    def clean_email(self) -> str:
        contact = self.cleaned_data["email"].strip()
        if "@" not in contact:
            phone = as_e164(contact)
            if not phone:
                raise forms.ValidationError(_("Nhập số điện thoại như 0912 345 678, hoặc địa chỉ thư điện tử."))
            return phone
        contact = forms.EmailField().clean(contact).lower()
        self.users = filter_users_by_email(contact, is_active=True, prefer_verified=True, for_login=True)
        return contact

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        contact = self.cleaned_data["email"]
        if "@" in contact:
            return super().save(request, **kwargs)
        user = get_adapter().get_user_by_phone(contact)
        PhonePasswordReset.start(request=request, user=user if user and user.is_active else None, phone=contact)
        return contact


class SetNewPasswordForm(_Plain, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    pass


class SetPasswordForm(_Plain, account.SetPasswordForm):
    pass


class EmailForm(_Plain, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Địa chỉ thư điện tử mới")


class PhoneForm(_Plain, account.ChangePhoneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("Số điện thoại mới")


class EmailCodeForm(_Plain, account.ConfirmEmailVerificationCodeForm):
    pass


class PhoneCodeForm(_Plain, account.VerifyPhoneForm):
    pass


class PasswordResetCodeForm(_Plain, account.ConfirmPasswordResetCodeForm):
    pass


class PasswordAgainForm(_Plain, account.ReauthenticateForm):
    pass


class SecondFactorForm(_Plain, mfa.AuthenticateForm):
    pass


class SecondFactorAgainForm(_Plain, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(_Plain, totp.ActivateTOTPForm):
    pass


class ProfileForm(forms.ModelForm):
    """What the forms of services are filled in with, so that nobody types it twice."""

    personal_number = forms.CharField(
        label=_("Số định danh cá nhân"),
        help_text=_("12 chữ số, trên thẻ căn cước."),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = DateField(label=_("Ngày sinh"), required=False, autocomplete="bday", help_text=_("Ví dụ: 27 3 1985"))
    preferred_language = forms.ChoiceField(
        label=_("Ngôn ngữ"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Của tin báo gửi cho bạn, và của trang mở ra sau khi đăng nhập."),
    )

    class Meta:
        model = User
        fields = ("full_name", "birth_date", "personal_number", "address", "preferred_language")
        widgets = {
            "full_name": forms.TextInput({"autocomplete": "name"}),
            "address": forms.TextInput({"autocomplete": "street-address"}),
        }

    _twelve_digits = RegexValidator(r"^\d{12}$", _("Số định danh cá nhân có đúng 12 chữ số."))

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preferred_language"].choices = [(code, named(code)) for code, _name in settings.LANGUAGES]
        birth_date = self.fields["birth_date"]
        birth_date.earliest, birth_date.latest = date(1900, 1, 1), today or timezone.localdate()
        self.fields["address"].help_text = _("Số nhà, đường hoặc căn hộ, tòa nhà, phường.")

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_personal_number(self) -> str:
        number = "".join(self.cleaned_data["personal_number"].split())
        if number:
            self._twelve_digits(number)
        return number
