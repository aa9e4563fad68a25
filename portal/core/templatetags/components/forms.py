"""What a person fills in and presses."""

from collections.abc import Iterable

from django import forms
from django.forms.boundfield import BoundField

from .library import register


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    href: str = "",
    kind: str = "primary",
    name: str = "",
    value: object = "",
    icon: str = "",
    hidden: str = "",
    form: str = "",
    formaction: str = "",
    novalidate: bool = False,
) -> dict:
    """A submit button, or with `href` a link that looks like one.

    `kind`: primary (one a screen), secondary, warning (what cannot be undone), quiet (in a row).
    `hidden` completes the label for those who hear it: "Xoá" + "ảnh.jpg".
    """
    if kind not in {"primary", "secondary", "warning", "quiet"}:
        raise ValueError(f"No such kind of button: {kind}")
    return locals()


def focus_id(field: BoundField) -> str:
    """The id a link in the error summary leads to: the first control of the field."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_with_errors: forms.BaseForm | list[forms.BaseForm]) -> dict:
    """Everything that is wrong on the page, at its top, each leading to its field. Takes forms, and lists of them."""
    mistakes = []
    for form in (one for given in forms_with_errors for one in (given if isinstance(given, list) else [given])):
        if not form:
            continue
        mistakes += [("", message, "") for message in form.non_field_errors()]
        mistakes += [(field.label, message, focus_id(field)) for field in form for message in field.errors]
    return {"mistakes": mistakes}


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict:
    """The fields of a form, hidden ones included, without its error summary."""
    return {"form": form}


@register.filter
def field_kind(field: BoundField) -> str:
    """Which of the layouts in `components/field.html` a field wants."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "control"


@register.inclusion_tag("components/file_upload.html")
def file_upload(
    field: BoundField,
    files: Iterable = (),
    upload_name: str = "",
    upload_value: object = "",
    remove_name: str = "",
    formaction: str = "",
) -> dict:
    """A file field with what was already given.

    The button beside it submits the surrounding form with `<upload_name>=<upload_value>`, so that a
    file is kept before the rest is right; with JavaScript choosing a file presses that button.
    """
    return {
        "field": field,
        "files": files,
        "upload_name": upload_name,
        "upload_value": upload_value,
        "remove_name": remove_name,
        "formaction": formaction,
    }
