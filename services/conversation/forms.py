"""What is typed on either side of a conversation."""

import uuid
from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.forms import FilesField

from .models import TEXT_LENGTH, Message
from .rules import RULES

ANSWER = "answer:"  # the kind "answer to this complaint", followed by its key


class PlainTextField(forms.CharField):
    """Several lines of plain text. A line break counts as one character, as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class MessageForm(forms.Form):
    """A message and what kind it is. Its token makes one message of a button pressed twice."""

    kind = forms.ChoiceField(
        label=_("Bạn gửi gì?"),
        widget=forms.RadioSelect,
        initial=Message.Kind.MESSAGE,
        error_messages={"required": _("Chọn loại tin.")},
    )
    text = PlainTextField(
        label=_("Nội dung"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Viết nội dung cần gửi.")},
    )
    files = FilesField(
        label=_("Tệp kèm theo"), required=False, help_text=_("Ảnh hoặc PDF, nhiều nhất 5 tệp, mỗi tệp 15 MB.")
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def arguments(self) -> dict:
        """What `actions.write` is called with, besides who and when."""
        given = self.cleaned_data
        return {name: given[name] for name in ("kind", "text", "files", "token")}


class ResidentForm(MessageForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (Message.Kind.MESSAGE, _("Tin nhắn: hỏi, báo tin hoặc trả lời phường")),
            (
                Message.Kind.COMPLAINT,
                _("Phản ánh về cách giải quyết hồ sơ: lãnh đạo phường phải trả lời trong %(days)s ngày làm việc")
                % {"days": RULES.complaint_days},
            ),
        ]


class DeskForm(MessageForm):
    """The desk writes to the resident, answers a complaint, or notes something for itself.

    `complaints` are those this officer may answer; `answering` is the kind chosen to begin with.
    """

    def __init__(self, *args, complaints: Iterable[Message] = (), answering: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.complaints = {f"{ANSWER}{complaint.pk}": complaint for complaint in complaints}
        if answering in self.complaints:
            self.fields["kind"].initial = answering
        self.fields["kind"].choices = [
            (Message.Kind.MESSAGE, _("Tin nhắn cho công dân")),
            *(
                (
                    key,
                    _("Trả lời phản ánh gửi lúc %(when)s; công dân đọc được")
                    % {"when": f"{timezone.localtime(complaint.sent_at):%H:%M %d/%m/%Y}"},
                )
                for key, complaint in self.complaints.items()
            ),
            (Message.Kind.NOTE, _("Ghi chú nội bộ: chỉ cán bộ một cửa của phường đọc được")),
        ]

    def arguments(self) -> dict:
        given = super().arguments()
        complaint = self.complaints.get(given["kind"])
        return {**given, "kind": Message.Kind.MESSAGE, "answers": complaint} if complaint else given
