"""What is typed when a result is signed or handed over."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import VIETNAM
from portal.core.forms import DateField
from services.dossiers.corrections import Place
from services.dossiers.models import Dossier

from . import draft
from .forms import MoveForm

Way = Dossier.Delivery
WAYS = (
    (Way.PORTAL, _("Bản điện tử trên cổng; công dân mở tệp là đã nhận")),
    (Way.COUNTER, _("Tại Bộ phận Một cửa; người nhận ký sổ")),
    (Way.POST, _("Qua bưu chính công ích; theo dõi bằng mã vận đơn")),
    (Way.HOME, _("Tại nhà; người nhận ký sổ")),
)


class SignForm(MoveForm):
    """Carries what the leader's screen showed, so that nothing else is signed."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        self.fields["seen"].initial = draft.digest(dossier, signer=officer, at=timezone.now())

    def arguments(self) -> dict[str, Any]:
        return {"seen": self.cleaned_data["seen"]}


class CorrectionForm(forms.Form):
    """Every place of the result that an answer fills, as it reads now; what is changed is the correction."""

    reason = forms.CharField(
        label=_("Lý do đính chính"),
        help_text=_("Công dân đọc được. Nói rõ sai ở đâu và vì sao."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, places: list[Place], data: Any = None) -> None:
        super().__init__(data)
        self.places = places
        for place in places:
            lines = place.text.count("\n") + len(place.text) // 80 + 1
            self.fields[f"cho-{place.name}"] = forms.CharField(
                label=place.label,
                initial=place.text,
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": lines}) if lines > 1 else forms.TextInput(),
            )
        self.order_fields([*(f"cho-{place.name}" for place in places), "reason"])

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        texts = {place.name: given[f"cho-{place.name}"].replace("\r\n", "\n") for place in self.places}
        return {"texts": texts, "reason": given["reason"]}


class DeliverForm(MoveForm):
    """How the result is handed over; each way needs something else to be found again by."""

    way = forms.ChoiceField(label=_("Trả kết quả bằng cách nào?"), choices=WAYS, widget=forms.RadioSelect)
    received_by = forms.CharField(
        label=_("Người nhận"),
        help_text=_("Họ tên người ký nhận; nếu nhận thay, ghi rõ quan hệ."),
        max_length=120,
        required=False,
    )
    paper_shown = forms.CharField(
        label=_("Giấy tờ đã xem"),
        help_text=_("Ví dụ: thẻ căn cước; giấy ủy quyền. Không ghi số."),
        max_length=120,
        required=False,
    )
    signed = forms.BooleanField(label=_("Người nhận đã ký sổ trả kết quả"), required=False)
    tracking_number = forms.CharField(
        label=_("Mã vận đơn"),
        help_text=_("Ví dụ: EA123456789VN."),
        max_length=40,
        required=False,
    )
    sent_on = DateField(label=_("Ngày gửi"), required=False)

    def __init__(self, dossier: Dossier, officer, data: Any = None) -> None:
        super().__init__(dossier, officer, data)
        for field in self.fields.values():
            field.needed_sometimes = True  # by the way that is chosen, hence never called optional
        self.fields["way"].initial = dossier.delivery
        self.fields["received_by"].initial = dossier.applicant_name
        today = timezone.now().astimezone(VIETNAM).date()
        self.fields["sent_on"].initial = today
        self.fields["sent_on"].latest = today

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("way") in (Way.COUNTER, Way.HOME):
            self._need("received_by", _("Ghi họ tên người nhận."))
            self._need("paper_shown", _("Ghi giấy tờ người nhận đã xuất trình."))
            self._need("signed", _("Người nhận phải ký sổ trước khi nhận kết quả."))
        if given.get("way") == Way.POST:
            self._need("tracking_number", _("Ghi mã vận đơn để công dân theo dõi."))
            self._need("sent_on", _("Ghi ngày gửi."))
        return given

    def _need(self, name: str, words) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, words)

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in ("way", "received_by", "paper_shown", "tracking_number", "sent_on")}

    @staticmethod
    def revived(stored: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a held move as they were, out of JSON."""
        sent_on = stored["sent_on"]
        return {**stored, "sent_on": date.fromisoformat(sent_on) if sent_on else None}
