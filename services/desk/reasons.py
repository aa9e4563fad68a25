"""The sentences a ward prepared for what it writes most often, beside those every ward has."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward, positions_in
from buildings.roles import Position
from portal.core.models import User
from services.catalogue.models import Procedure
from services.dossiers.models import Dossier

from . import phrases
from .models import PreparedReason

Kind = PreparedReason.Kind

SHIPPED: dict[str, tuple[str, ...]] = {
    Kind.REFUSAL: phrases.REFUSAL_REASONS,
    Kind.SUPPLEMENT: phrases.SUPPLEMENT_REASONS,
    Kind.ITEM: phrases.WHAT_TO_DO,
    Kind.RETURN: phrases.RETURN_REASONS,
    Kind.STOP: phrases.STOP_REASONS,
}
WORDS = 3  # fewer are a code or a label, not a reason
WRITERS = {Position.CLERK, Position.LEADER}


def prepared(kind: str, dossier: Dossier) -> list[str]:
    """What is offered for this move on this dossier: the ward's own first, then every ward's."""
    own = PreparedReason.objects.offered(dossier.ward, kind, dossier.version.procedure_id)
    return list(dict.fromkeys([*own.values_list("text", flat=True), *SHIPPED[kind]]))


def may_write(user: User, ward: Ward) -> bool:
    return bool(WRITERS & positions_in(user, ward.pk))


def said_in_words(text: str) -> None:
    """A resident must understand it: words, not "L03" or "mẫu 5". Raises ValidationError."""
    words = [word for word in re.findall(r"[^\W_]+", text) if not any(c.isdigit() for c in word) and not word.isupper()]
    if len(words) < WORDS:
        raise ValidationError(_("Viết thành câu để người đọc hiểu, không ghi mã hay ký hiệu."))


class PreparedReasonForm(forms.Form):
    kind = forms.ChoiceField(label=_("Dùng khi"), choices=Kind.choices, widget=forms.RadioSelect)
    procedure = forms.ModelChoiceField(
        label=_("Thủ tục"),
        queryset=Procedure.objects.only("name"),
        empty_label=_("Mọi thủ tục"),
        required=False,
    )
    text = forms.CharField(
        label=_("Câu soạn sẵn"),
        help_text=_("In nguyên văn trên phiếu gửi công dân; người dùng sửa được trước khi gửi."),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
        validators=[said_in_words],
        error_messages={"required": _("Viết câu soạn sẵn.")},
    )

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


def write(given: dict[str, Any], *, ward: Ward, by: User, at: datetime, instead_of: PreparedReason | None = None):
    """Add a sentence, or put it in place of another; the old one is kept, not offered. Raises ValidationError."""
    try:
        with transaction.atomic():
            if instead_of:
                remove(instead_of, at=at)
            return PreparedReason.objects.create(ward=ward, written_by=by, written_at=at, **given)
    except IntegrityError as error:
        raise ValidationError(_("Câu này đã có.")) from error


def remove(reason: PreparedReason, *, at: datetime) -> None:
    PreparedReason.objects.filter(pk=reason.pk, removed_at=None).update(removed_at=at)
