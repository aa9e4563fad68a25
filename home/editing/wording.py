"""Words of Wagtail's forms that no catalogue can translate: it never marked them for translation."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers

LINK_TEXT = {"link_text": _("Chữ của liên kết")}
LABELS = {
    choosers.ExternalLinkChooserForm: {"url": _("Địa chỉ"), **LINK_TEXT},
    choosers.AnchorLinkChooserForm: LINK_TEXT,
    choosers.EmailLinkChooserForm: {
        "email_address": _("Địa chỉ thư điện tử"),
        "subject": _("Tiêu đề thư"),
        "body": _("Nội dung thư"),
        **LINK_TEXT,
    },
    choosers.PhoneLinkChooserForm: {"phone_number": _("Số điện thoại"), **LINK_TEXT},
}


def name_fields() -> None:
    for form, labels in LABELS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label
