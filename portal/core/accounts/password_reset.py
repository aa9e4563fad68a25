"""A forgotten password, by SMS: allauth's reset by code knows e-mail alone."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from django.http import HttpRequest

from ..models import User


class PhonePasswordReset(PasswordResetVerificationProcess):
    """Only the sending differs. The later steps, on allauth's own views, find the same state."""

    def send(self) -> None:
        adapter = get_adapter()
        phone = self.state["phone"]
        if not self.user:
            adapter.send_unknown_account_sms(phone)
            return
        self.state["code"] = adapter.generate_password_reset_code()
        adapter.send_verification_code_sms(self.user, phone, self.code)

    @classmethod
    def start(cls, *, request: HttpRequest, user: User | None, phone: str) -> None:
        state = cls.initial_state(user, phone=phone)
        state["email"] = phone  # what allauth's pages name as the place the code went to
        process = cls(request, state=state, user=user)
        process.send()
        process.persist()
