"""How forms look and speak: the renderer, and the fields Django has no good answer for.

`{{ form }}` and `{{ field.as_field_group }}` give label, hint, error and control in that order,
tied together for screen readers. Write `<form method="post" novalidate>`: the browser's own
bubbles would hide the error summary.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .languages import around


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = "components/field.html"


def posted(request: HttpRequest) -> tuple[()] | tuple[QueryDict, MultiValueDict]:
    """What was sent, with its files, as a form takes it: `NoticeForm(*posted(request))`. Nothing on a page just opened."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


class DateWidget(forms.MultiWidget):
    """Day, month and year to be typed: quicker than a calendar for a birth date, and pasteable.

    `autocomplete` is the HTML prefix of a person's own date, "bday".
    """

    template_name = "components/date_input.html"
    use_fieldset = True
    labels = {"day": _("Ngày"), "month": _("Tháng"), "year": _("Năm")}

    def __init__(self, attrs: Mapping[str, Any] | None = None, autocomplete: str = "") -> None:
        super().__init__(
            {
                part: forms.TextInput(
                    {
                        "inputmode": "numeric",
                        "maxlength": length,
                        "class": f"date-input__{part}",
                        **({"autocomplete": f"{autocomplete}-{part}"} if autocomplete else {}),
                    }
                )
                for part, length in (("day", 2), ("month", 2), ("year", 4))
            },
            attrs,
        )

    def decompress(self, value: date | str | None) -> list[str]:
        if not value:
            return ["", "", ""]
        if isinstance(value, str):  # a saved draft keeps ISO text
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return ["", "", ""]
        return [str(value.day), str(value.month), str(value.year)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, subwidget in zip(self.labels, context["widget"]["subwidgets"], strict=True):
            subwidget["label"] = self.labels[part]
            subwidget["attrs"].pop("required", None)  # the group is required, and says so in words
        return context

    def id_for_label(self, id_: str) -> str:
        return ""  # the legend names the group


class TimeField(forms.TimeField):
    """A time of day, typed as people write it: 16:30, 16.30, 16h30, 16 giờ 30, 8h.

    Not the browser's own control: it shows AM and PM to whoever's device speaks English.
    """

    widget = forms.TimeInput({"class": "input-4", "autocomplete": "off"}, format="%H:%M")
    input_formats = ("%H:%M", "%H.%M", "%Hh%M", "%H giờ %M", "%H giờ", "%Hh", "%H")
    default_error_messages = {"invalid": _("Giờ phải viết như 16:30.")}


class DateField(forms.MultiValueField):
    """A date typed as day, month, year. Cleans to `datetime.date` or None.

    Says which part is missing rather than "invalid"; `earliest` and `latest` are inclusive.
    """

    widget = DateWidget
    default_error_messages = {
        "required": _("Nhập đủ ngày, tháng và năm."),
        "incomplete": _("Còn thiếu: %(parts)s."),
        "invalid": _("Ngày này không có trong lịch. Ví dụ đúng: 27 3 1985."),
        "year": _("Năm phải có bốn chữ số."),
        "too_early": _("Ngày phải từ %(limit)s trở về sau."),
        "too_late": _("Ngày phải từ %(limit)s trở về trước."),
    }

    def __init__(
        self, *, earliest: date | None = None, latest: date | None = None, autocomplete: str = "", **kwargs: Any
    ) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", DateWidget(autocomplete=autocomplete))
        super().__init__(fields=tuple(forms.CharField(required=False) for _part in range(3)), **kwargs)

    def clean(self, value: Any) -> date | None:
        # A caller without the widget (prefilled data, another system) may give a date or ISO text.
        parts = value if isinstance(value, list | tuple) else self.widget.decompress(value)
        parts = [str(part or "").strip() for part in parts]
        if self.disabled:
            parts = self.widget.decompress(value) if not isinstance(value, list | tuple) else parts
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        result = self.compress(parts)
        self.validate(result)
        self.run_validators(result)
        return result

    def compress(self, data_list: list[str]) -> date | None:
        if not any(data_list):
            return None
        missing = [
            str(label).lower() for label, part in zip(DateWidget.labels.values(), data_list, strict=True) if not part
        ]
        if missing:
            raise ValidationError(
                self.error_messages["incomplete"], code="incomplete", params={"parts": ", ".join(missing)}
            )
        if len(data_list[2]) != 4:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            day, month, year = (int(part) for part in data_list)
            value = date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        for limit, wrong, code in (
            (self.earliest, self.earliest and value < self.earliest, "too_early"),
            (self.latest, self.latest and value > self.latest, "too_late"),
        ):
            if wrong and limit:
                raise ValidationError(
                    self.error_messages[code], code=code, params={"limit": limit.strftime("%d/%m/%Y")}
                )
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, list | tuple) else self.widget.decompress(initial)
        return not self.disabled and [str(part or "") for part in before] != [str(part or "") for part in data or []]


class FileInput(forms.FileInput):
    """A file input that may take several files and says what a phone should offer. `smaller`: what a camera made is
    made smaller on the phone, where the page has `photos.js`; for what shows something, not for papers."""

    allow_multiple_selected = True

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        multiple: bool = False,
        accept: str = "",
        smaller: bool = False,
    ) -> None:
        extra = {**({"multiple": True} if multiple else {}), **({"data-smaller": True} if smaller else {})}
        super().__init__({**extra, **({"accept": accept} if accept else {}), **(attrs or {})})


class FilesField(forms.FileField):
    """Several files in one field; cleans to a list, empty when nothing was chosen."""

    def __init__(self, *, accept: str = "image/*,application/pdf", smaller: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FileInput(multiple=True, accept=accept, smaller=smaller))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen:
            super().clean(None, initial)  # says "required" when it is
            return []
        return [super(FilesField, self).clean(file, initial) for file in chosen]


class SelectName(forms.Select):
    """A choice among names, which are Vietnamese on a page of any language. The prompt, without a value, is ours, and
    so are the values in `ours`."""

    def __init__(self, *args: Any, ours: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ours = {"", *ours}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value is not None and value not in self.ours and around() != "vi":
            option["attrs"]["lang"] = "vi"
        return option


def choices_with_prompt(
    choices: Iterable[tuple[str, str | Promise]], prompt: str | Promise = ""
) -> list[tuple[str, str | Promise]]:
    """Choices of a select that starts with nothing chosen."""
    return [("", prompt or _("Chọn một mục")), *choices]


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows by their keys. A key too long for any database is no choice, and no error of the database."""

    LONGEST_KEY = 18  # digits that fit whichever integer a key is

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > self.LONGEST_KEY:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(key)[:40]})
        return super().clean(value)
