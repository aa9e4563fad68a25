"""The form behind the editors' page screens."""

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm

from portal.core.text import fold

from . import references


class PortalPageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        # The editor's script proposes the title itself; addresses here carry no diacritics.
        return slugify(fold(self.cleaned_data["slug"]))

    def clean(self) -> dict:
        cleaned = super().clean()
        place = self.instance if self.instance.path else self.parent_page
        if ward_page := self.instance.ward_page_above(place):
            for field, message in references.foreign(cleaned, ward_page).items():
                self.add_error(field, message)
        return cleaned
