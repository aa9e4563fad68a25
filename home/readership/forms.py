from django import forms
from django.utils.translation import gettext_lazy as _

YES, NO = "co", "khong"


class AnswerForm(forms.Form):
    useful = forms.ChoiceField(
        label=_("Thông tin này có hữu ích không?"),
        choices=[(YES, _("Có, tôi biết điều cần biết")), (NO, _("Chưa, tôi còn chưa rõ"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn có hoặc chưa.")},
    )
    text = forms.CharField(
        label=_("Vì sao?"),
        help_text=_(
            "Chỉ biên tập viên của phường đọc được. Đừng ghi họ tên, số điện thoại hay chuyện riêng: "
            "phường không trả lời ở đây. Cần trả lời, hãy gọi đường dây nóng."
        ),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
    )
