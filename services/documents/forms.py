import re

from django import forms
from django.utils.translation import gettext_lazy as _

_CODE = re.compile(r"[\w-]{16,32}", re.ASCII)


class CodeForm(forms.Form):
    """The check code printed beside the QR code; its whole address does as well."""

    ma = forms.CharField(
        label=_("Mã kiểm tra"),
        help_text=_("Dãy chữ và số in cạnh mã QR trên văn bản."),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập mã kiểm tra.")},
    )

    def clean_ma(self) -> str:
        code = self.cleaned_data["ma"].strip().rstrip("/").rsplit("/", 1)[-1]
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("Mã kiểm tra gồm 22 chữ, số hoặc dấu gạch. Hãy nhập lại."), code="malformed")
        return code


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp PDF của văn bản"),
        help_text=_("Tệp không quá 5 MB. Chúng tôi không giữ lại tệp này."),
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,  # told by its verdict, like every other file that is no document
        error_messages={"required": _("Hãy chọn tệp PDF cần kiểm tra.")},
    )
