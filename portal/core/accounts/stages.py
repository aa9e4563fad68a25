"""The two confirmation steps of a sign-in, for people who may have one contact instead of both.

At sign-up every contact given is confirmed by a code. Afterwards one confirmed contact is enough:
the other, if it never was, falls away. Otherwise a mistyped address would shut its owner out for
good, and a stranger could block a number by signing up with it first.
"""

from allauth.account import stages
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from ..models import User
from .fields import as_national


def _has_confirmed_email(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True).exists()


class PhoneVerificationStage(stages.PhoneVerificationStage):
    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user and user.phone and not user.phone_verified and not self.login.signup and _has_confirmed_email(user):
            messages.info(
                self.request,
                _("Số %(phone)s chưa được xác nhận nên không còn gắn với tài khoản. Bạn có thể thêm lại.")
                % {"phone": as_national(user.phone)},
            )
            user.phone = None
            user.save(update_fields=["phone"])
        return super().handle()


class EmailVerificationStage(stages.EmailVerificationStage):
    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user and user.phone and user.phone_verified and not _has_confirmed_email(user):
            if user.email and not self.login.signup:
                messages.info(
                    self.request,
                    _("Địa chỉ %(email)s chưa được xác nhận nên không còn gắn với tài khoản. Bạn có thể thêm lại.")
                    % {"email": user.email},
                )
                EmailAddress.objects.filter(user=user).delete()
                user.email = None
                user.save(update_fields=["email"])
            if not user.email:
                return None, True
        return super().handle()
