"""What the resident is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .criteria import CRITERIA, OVERALL, asked_at
from .models import COMMENT_LENGTH

WORDS = (
    (5, _("Rất hài lòng")),
    (4, _("Hài lòng")),
    (3, _("Bình thường")),
    (2, _("Không hài lòng")),
    (1, _("Rất không hài lòng")),
)


class ScoreField(forms.TypedChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **kwargs) -> None:
        super().__init__(coerce=int, empty_value=None, choices=WORDS, **kwargs)


class RatingForm(forms.Form):
    """The overall score is needed; the criteria of the event and the comment are not."""

    score = ScoreField(error_messages={"required": _("Chọn một mức độ hài lòng.")})
    comment = forms.CharField(
        label=_("Ý kiến thêm"),
        help_text=_(
            "Phường không đọc được ý kiến này; nó dành cho đầu mối kiểm soát thủ tục hành chính. "
            "Cần phường trả lời, hãy viết ở mục trao đổi của hồ sơ."
        ),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, event: str, data=None) -> None:
        super().__init__(data)
        self.fields["score"].label = CRITERIA[OVERALL].label
        self.criteria = asked_at(event)
        for criterion in self.criteria:
            self.fields[criterion.key] = ScoreField(label=criterion.label, required=False)

    def criterion_fields(self) -> list[forms.BoundField]:
        return [self[criterion.key] for criterion in self.criteria]

    def arguments(self) -> dict:
        """What `actions.rate` is called with, besides who and when."""
        given = self.cleaned_data
        marks = {criterion.key: given[criterion.key] for criterion in self.criteria if given[criterion.key] is not None}
        return {"score": given["score"], "comment": given["comment"], "marks": marks}
