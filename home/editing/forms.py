"""The forms behind the editors' page screens."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from buildings.models import Building
from portal.core.calendar import load_calendar
from portal.core.text import fold
from services.catalogue.models import Procedure

from .. import consistency
from ..kinds import DOWNTIME_NOTICE, KEPT_UP, Kind
from ..subscriptions.editing import TellsAgain
from . import references

if TYPE_CHECKING:
    from ..models import WardPage


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
        for field, message in self._faults_of_the_day(cleaned, timezone.now()):
            if field in self.fields:
                self.add_error(field, message)
        return cleaned

    def _faults_of_the_day(self, given: dict, at: datetime) -> Iterator[tuple[str, str]]:
        """What is wrong because of when it is written. Asked of what is new: an old page may hold old times."""
        new = {name: given.get(name) if name in self.changed_data else None for name in self.fields}
        if (decided := given.get("decision_date")) and decided > timezone.localdate(at):
            yield "decision_date", _("Ngày quyết định chưa đến. Hãy xem lại ngày trên văn bản.")
        if (goes_live := new.get("go_live_at")) and goes_live < at:
            yield "go_live_at", _("Giờ này đã qua. Để trống để đăng ngay, hoặc chọn giờ sắp tới.")
        if (until := new.get("urgent_until")) and until <= at:
            yield "urgent_until", _("Giờ này đã qua. Để trống nếu không khẩn.")
        ends = new.get("event_ends_at") or new.get("event_starts_at")
        if ends and ends < at and not given.get("event_repeats"):
            yield "event_starts_at", _("Sự kiện này đã qua. Hãy xem lại ngày giờ.")
        if (expires := given.get("expire_at")) and given.get("kind") in Kind.values:
            yield from self._expiry_faults(given, expires, at)
        if not self.is_deferred_validation and (begins := new.get("downtime_from")):
            yield from self._short_notice(given, begins, at)

    def _expiry_faults(self, given: dict, expires: datetime, at: datetime) -> Iterator[tuple[str, str]]:
        from ..publicity import rules  # noqa: PLC0415 - it knows the pages, whose forms these are

        page = copy(self.instance)
        page.kind, page.go_live_at = given["kind"], given.get("go_live_at")
        earliest = rules.earliest_expiry(page, at=at)
        if earliest is None:
            yield (
                "expire_at",
                _(
                    "Nội dung này phải được công khai thường xuyên: hãy để trống. "
                    "Muốn gỡ, lãnh đạo phường ghi lý do ở Sổ công khai."
                ),
            )
        elif expires < earliest and earliest > at:
            yield (
                "expire_at",
                _(
                    "Nội dung này phải được công khai ít nhất %(days)d ngày liên tục: sớm nhất là %(day)s. "
                    "Muốn gỡ sớm hơn, lãnh đạo phường ghi lý do ở Sổ công khai."
                )
                % {"days": KEPT_UP, "day": f"{timezone.localtime(earliest):%d/%m/%Y}"},
            )

    def _short_notice(self, given: dict, begins: datetime, at: datetime) -> Iterator[tuple[str, str]]:
        published = max(given.get("go_live_at") or at, at)
        latest = load_calendar(self.ward).working_day_before(timezone.localdate(begins), DOWNTIME_NOTICE)
        if timezone.localdate(published) > latest and not given.get("downtime_unforeseen", "").strip():
            yield (
                "downtime_from",
                _(
                    "Tạm ngừng theo kế hoạch phải báo trước ít nhất %(days)d ngày làm việc. "
                    "Hãy chọn ngày xa hơn, hoặc ghi lý do không báo trước được."
                )
                % {"days": DOWNTIME_NOTICE},
            )

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
