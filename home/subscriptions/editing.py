"""What the editor of an announcement says about its readers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TellsAgain(forms.ModelForm):
    """An edited announcement is sent to nobody a second time, unless its editor says so here.

    The wish is kept as the next `notice_number` in the version being written, so that it is still there
    when somebody else approves that version, and is spent once it has been published.
    """

    tell_again = forms.BooleanField(
        label=_("Thông báo lại cho người theo dõi"),
        help_text=_(
            "Chọn khi nội dung đổi đến mức người đã đọc cần biết, như dời ngày. Khi bản sửa được đăng, thư được gửi "
            "lại một lần. Không chọn thì không ai nhận thêm thư."
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.first_published_at:
            self.fields.pop("tell_again", None)  # everybody is told when it is published
        elif "tell_again" in self.fields:
            self.initial["tell_again"] = self.instance.notice_number > self._told()

    def clean(self) -> dict:
        cleaned = super().clean()
        if "tell_again" in self.fields:
            self.instance.notice_number = self._told() + bool(cleaned.get("tell_again"))
        return cleaned

    def _told(self) -> int:
        """The last number readers have been told under; 1 before that."""
        return self.instance.dispatches.order_by("-number").values_list("number", flat=True).first() or 1
