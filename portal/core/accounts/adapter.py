"""What allauth asks the portal about people, their phones and the words for mistakes."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ..models import User
from .fields import PhoneField, as_e164
from .secrets import cipher


class AccountAdapter(DefaultAccountAdapter):
    """Phone numbers beside e-mail addresses; one wording for every failed sign-in."""

    _mismatch = gettext_lazy("Số điện thoại, thư điện tử hoặc mật khẩu chưa đúng.")
    # Which of the three was wrong, or whether the account exists, is nobody's business.
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _mismatch,
        "phone_password_mismatch": _mismatch,
        "username_password_mismatch": _mismatch,
    }

    # --- Signing up ------------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.full_name = form.cleaned_data.get("full_name", "")
        user.preferred_language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_login_stages(self) -> list[str]:
        ours = "portal.core.accounts.stages."
        return [
            ours + path.rpartition(".")[2]
            if path.endswith((".PhoneVerificationStage", ".EmailVerificationStage"))
            else path
            for path in super().get_login_stages()
        ]

    # --- Phones ----------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (as_e164(user.phone), user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        # Also how a changed number arrives: it is not written before its code came back.
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        number = as_e164(phone)
        return User.objects.filter(phone=number).first() if number else None

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        self._send_sms(
            phone,
            _("%(code)s là mã xác nhận của bạn tại %(portal)s. Không đưa mã này cho bất kỳ ai, kể cả cán bộ.")
            % {"code": code, "portal": _("Khu chung cư điện tử")},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._send_sms(
            phone,
            _("Có người vừa xin đặt lại mật khẩu bằng số này, nhưng số này chưa có tài khoản. Bạn có thể bỏ qua."),
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._send_sms(
            phone,
            _(
                "Có người vừa đăng ký bằng số này, nhưng số này đã có tài khoản. "
                "Nếu là bạn, hãy đăng nhập hoặc đặt lại mật khẩu."
            ),
        )

    def _send_sms(self, phone: str, text: str) -> None:
        import_string(settings.SMS_CHANNEL)(phone, text)

    # --- Limits ----------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own key knows e-mail and user name only: every sign-in by phone would share one
        # counter, and five mistyped passwords would keep every phone out.
        login = credentials.get("email") or as_e164(credentials.get("phone")) or credentials.get("username") or ""
        return f"{get_current_site(request).domain}:{login.lower()}"

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        if user.phone:  # allauth forgets the failed attempts of the e-mail addresses itself
            ratelimit.clear(
                self.request,
                action="login_failed",
                key=self._get_login_attempts_cache_key(self.request, phone=user.phone),
            )


class MFAAdapter(DefaultMFAAdapter):
    """Authenticator secrets and recovery codes do not lie readable in the database."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""  # no code ever matches: the second factor stays shut

    def get_totp_label(self, user: User) -> str:
        return user.email or as_e164(user.phone) or str(user)
