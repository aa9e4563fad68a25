"""The forms behind the editors' page screens."""

from typing import TYPE_CHECKING

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm

from buildings.models import Building
from portal.core.text import fold
from services.catalogue.models import Procedure

from . import consistency, references
from .subscriptions.editing import TellsAgain

if TYPE_CHECKING:
    from .models import WardPage


class PortalPageForm(WagtailAdminPageForm):
    @property
    def ward_page(self) -> "WardPage | None":
        """The page of the ward in whose tree this page stands or will stand."""
        return self.instance.ward_page_above(self.instance if self.instance.path else self.parent_page)

    def clean_slug(self) -> str:
        # The editor's script proposes the title itself; addresses here carry no diacritics.
        return slugify(fold(self.cleaned_data["slug"]))

    def clean(self) -> dict:
        cleaned = super().clean()
        if ward_page := self.ward_page:
            for field, message in references.foreign(cleaned, ward_page).items():
                self.add_error(field, message)
        return cleaned

    def _post_clean(self) -> None:
        self.instance.in_form, self.instance.unfinished = True, self.is_deferred_validation
        super()._post_clean()
        self.instance.in_form = self.instance.unfinished = False


class AnnouncementForm(TellsAgain, PortalPageForm):
    """Checks what depends on the day of writing, on the parts of the audience and on the ward."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        ward_page = self.ward_page
        self.ward = ward_page.ward if ward_page else None
        if self.ward:
            self.instance.ward = self.ward  # a new page has no place in the tree yet
        if parts := self.formsets.get("audience_parts"):
            self._offer_own_buildings(parts)
        if "downtime_services" in self.fields:
            offered = Procedure.objects.offered_in(self.ward) if self.ward else Procedure.objects.none()
            self.fields["downtime_services"].queryset = offered
            self.fields["downtime_services"].widget = forms.CheckboxSelectMultiple(
                choices=self.fields["downtime_services"].choices
            )

    def _offer_own_buildings(self, parts: BaseFormSet) -> None:
        """Every form of the set, also the empty one the editor's script copies, names the ward's buildings alone."""
        add_fields = parts.add_fields

        def with_own_buildings(form: forms.Form, index: int | None) -> None:
            add_fields(form, index)
            form.fields["building"].queryset = Building.objects.filter(ward=self.ward)

        parts.add_fields = with_own_buildings

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.is_deferred_validation and (parts := self._parts()) is not None:
            for field, message in consistency.audience_faults(
                cleaned.get("audience", ""), parts, self.instance.ward_id
            ):
                self.add_error(field, message)
        return cleaned

    def _parts(self) -> list | None:
        """The places given, when nothing is wrong with them by themselves."""
        formset = self.formsets.get("audience_parts")
        if formset is None or not formset.is_valid():
            return None
        return [
            part.instance
            for part in formset.forms
            if (part.has_changed() or part.instance.pk) and part not in formset.deleted_forms
        ]
