"""What the resident's screens ask besides the procedure's own questions."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core import languages
from portal.core.forms import FilesField
from services.catalogue.definition import FieldSpec

from .models import Attachment, Dossier


class PapersForm(forms.Form):
    """One file field a paper; a paper that has its files already wants no more.

    What a file must be like is checked when it is attached, not here.
    """

    prefix = "giay"

    def __init__(
        self, papers: Iterable[FieldSpec], attached: Mapping[str, Collection[Attachment]], data: Mapping | None = None
    ) -> None:
        super().__init__(data, initial={key: list(files) for key, files in attached.items()})
        for paper in papers:
            self.fields[paper.key] = FilesField(
                label=languages.marked(paper.label),
                help_text=languages.marked(paper.hint),
                required=paper.required,
                error_messages={"required": _("Tải lên ít nhất một ảnh hoặc tệp PDF.")},
            )


class DeliveryForm(forms.Form):
    delivery = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả bằng cách nào?"),
        choices=[
            (Dossier.Delivery.PORTAL, _("Bản điện tử có chữ ký số, tải về trên cổng này")),
            (Dossier.Delivery.COUNTER, _("Bản giấy, nhận tại Bộ phận Một cửa của phường; mang theo giấy tờ tùy thân")),
            (Dossier.Delivery.POST, _("Bản giấy, gửi qua bưu chính công ích đến nơi cư trú trong tờ khai")),
            (Dossier.Delivery.HOME, _("Bản giấy, cán bộ phường mang đến tận nhà, khi bạn khó đi lại")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một cách nhận kết quả.")},
    )


DECLARATION = _("Những điều tôi đã khai là đúng sự thật. Tôi chịu trách nhiệm trước pháp luật về lời khai của mình.")


class DeclarationForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("Tôi cam đoan"),
        error_messages={"required": _("Đánh dấu vào ô cam đoan trước khi gửi hồ sơ.")},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do rút hồ sơ"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )


class AgreementForm(forms.Form):
    """Whether the filled e-form is right, and if not, what is to be mended."""

    YES, NO = "yes", "no"

    agrees = forms.ChoiceField(
        label=_("Nội dung trên có đúng không?"),
        choices=[(YES, _("Đúng, tôi đồng ý")), (NO, _("Chưa đúng, cần sửa"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một trong hai câu trả lời.")},
    )
    reason = forms.CharField(
        label=_("Chỗ nào cần sửa, sửa thành gì"),
        help_text=_("Chỉ cần ghi khi nội dung chưa đúng."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("agrees") == self.NO and not given.get("reason"):
            self.add_error("reason", _("Ghi rõ chỗ cần sửa để phường sửa đúng ý bạn."))
        return given


class LookupForm(forms.Form):
    code = forms.CharField(
        label=_("Mã hồ sơ"),
        help_text=_("In trên phiếu xác nhận và giấy tiếp nhận, ví dụ H26.004.127-261123-0007."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Nhập mã hồ sơ.")},
    )
    secret = forms.CharField(
        label=_("Mã tra cứu"),
        help_text=_("Tám chữ số, in cạnh mã hồ sơ."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": _("Nhập mã tra cứu.")},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()

    def clean_secret(self) -> str:
        return "".join(self.cleaned_data["secret"].split())
