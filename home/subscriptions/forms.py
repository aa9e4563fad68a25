"""What is asked of somebody who wants announcements."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from home.kinds import Kind
from portal.core.languages import marked

from . import consent
from .actions import Wishes
from .models import Rhythm

EVERY_BUILDING = "*"
MAIL, INBOX = "mail", "inbox"


class WishesForm(forms.Form):
    """Buildings, kinds and rhythm within one ward. Nothing is ticked that the person did not tick."""

    buildings = forms.MultipleChoiceField(
        label=_("Thông báo riêng của tòa nhà nào?"),
        help_text=_("Thông báo chung cho cả phường thì bạn luôn nhận. Chọn thêm tòa nhà bạn quan tâm."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Chỉ những loại thông báo này"),
        help_text=_("Không chọn loại nào: nhận mọi loại."),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    rhythm = forms.ChoiceField(
        label=_("Khi nào gửi thư?"),
        choices=Rhythm.choices,
        initial=Rhythm.AT_ONCE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn khi nào gửi thư.")},
    )

    def __init__(self, ward: Ward, data=None, **kwargs) -> None:
        super().__init__(data, **kwargs)
        buildings = [(str(pk), marked(name)) for pk, name in ward.buildings.values_list("pk", "name")]
        if buildings:
            self.fields["buildings"].choices = [*buildings, (EVERY_BUILDING, _("Mọi tòa nhà của phường"))]
        else:
            del self.fields["buildings"]
        self.fields["rhythm"].help_text = _(
            "Thư gộp gửi lúc %(hour)s giờ. Thông báo khẩn luôn được gửi ngay, dù bạn chọn nhịp nào, loại nào."
        ) % {"hour": settings.SUBSCRIPTION_DIGEST_HOUR}

    def wishes(self) -> Wishes:
        chosen = self.cleaned_data.get("buildings", [])
        channels = self.cleaned_data.get("channels", [MAIL])
        return Wishes(
            every_building=EVERY_BUILDING in chosen,
            buildings=tuple(int(value) for value in chosen if value != EVERY_BUILDING),
            kinds=tuple(self.cleaned_data["kinds"]),
            rhythm=self.cleaned_data["rhythm"],
            by_mail=MAIL in channels,
            in_inbox=INBOX in channels,
        )


class ConsentMixin(forms.Form):
    """The box to be ticked, never ticked beforehand. The version shown is the version recorded."""

    consent = forms.BooleanField(
        label=_("Tôi đồng ý"),
        help_text=consent.TEXTS[consent.CURRENT],
        error_messages={"required": _("Cần bạn đồng ý thì chúng tôi mới được gửi thư.")},
    )


class SignUpForm(WishesForm, ConsentMixin):
    """For somebody without an account."""

    email = forms.EmailField(
        label=_("Thư điện tử"),
        help_text=_("Chúng tôi gửi một thư hỏi lại; bấm xác nhận trong thư đó thì mới bắt đầu gửi thông báo."),
        max_length=254,
        error_messages={
            "required": _("Nhập địa chỉ thư điện tử."),
            "invalid": _("Địa chỉ này chưa đúng. Ví dụ đúng: lan.nguyen@gmail.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    field_order = ("email", "buildings", "kinds", "rhythm", "consent")


class ResidentForm(WishesForm):
    """For somebody with an account, who may also read them in the portal's inbox."""

    channels = forms.MultipleChoiceField(
        label=_("Nhận ở đâu?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một nơi nhận.")},
    )
    field_order = ("channels", "buildings", "kinds", "rhythm", "consent")

    def __init__(self, ward: Ward, data=None, *, address: str, **kwargs) -> None:
        super().__init__(ward, data, **kwargs)
        inbox = (INBOX, _("Mục “Thông báo của tôi” trên cổng này, ngay khi phường đăng"))
        mail = (MAIL, _("Thư điện tử tới %(address)s") % {"address": address})
        self.fields["channels"].choices = [mail, inbox] if address else [inbox]
        if not address:
            self.fields["channels"].help_text = _(
                "Muốn nhận qua thư điện tử, hãy thêm địa chỉ ở mục Tài khoản của tôi."
            )
            del self.fields["rhythm"]

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned.setdefault("rhythm", Rhythm.AT_ONCE)
        return cleaned


class NewResidentForm(ResidentForm, ConsentMixin):
    """The first time for this ward."""
