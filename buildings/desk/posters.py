"""Posters that open "report here" for a lift, a floor, a pump room: a QR code, few words, and whom to call in danger."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from portal.core.addresses import lasting
from portal.core.languages import marked
from portal.core.pdf import render_pdf_now

from ..models import Building, SharedPlace

AT_ONCE = 60  # posters of one file: printing takes a tenth of a second each


class Size(TextChoices):
    A5 = "a5", gettext_lazy("A5, dán trong thang máy hoặc cạnh cửa")
    A4 = "a4", gettext_lazy("A4, dán ở sảnh hoặc hành lang rộng")


@dataclass(frozen=True)
class Poster:
    place: str  # with its floor
    address: str  # what the code opens
    typed: str  # the form without its place, for a phone that cannot read the code
    code: str  # of the place, to be told on the telephone


def address_of(place: SharedPlace) -> str:
    building = place.building
    return lasting(f"{reverse('requests:new', args=[building.ward.slug, building.slug])}?noi={place.code}")


def print_posters(building: Building, places: Iterable[SharedPlace], size: str) -> bytes:
    """One page a place, in Vietnamese whoever prints them."""
    with override("vi"):
        form = lasting(reverse("requests:new", args=[building.ward.slug, building.slug])).partition("://")[2]
        posters = [Poster(_named(place), address_of(place), form, place.code) for place in places]
    operator = building.operated_by
    phone = operator.phone.as_national if operator and operator.phone else ""
    context = {"building": building, "posters": posters, "size": size, "operator_phone": phone, "title": "Biển QR"}
    return render_pdf_now("pdf/buildings/posters.html", context)


class PosterForm(forms.Form):
    """Which places, or all of some floors, and how large."""

    noi = forms.MultipleChoiceField(
        label=gettext_lazy("Nơi dán biển"), widget=forms.CheckboxSelectMultiple, required=False
    )
    tang = forms.MultipleChoiceField(
        label=gettext_lazy("Hoặc mọi nơi của các tầng"), widget=forms.CheckboxSelectMultiple, required=False
    )
    kho = forms.ChoiceField(
        label=gettext_lazy("Khổ giấy"), choices=Size, widget=forms.RadioSelect, initial=Size.A5, required=False
    )

    def __init__(self, building: Building, data: Any = None, chosen: Iterable[str] = ()) -> None:
        self.places = list(building.shared_places.in_use().order_by("kind", "floor", "name"))
        for place in self.places:
            place.building = building
        super().__init__(data, initial={"noi": list(chosen)})
        by_place, by_floor = (cast(forms.MultipleChoiceField, self.fields[name]) for name in ("noi", "tang"))
        by_place.choices = [
            (str(kind), [(place.code, marked(_named(place))) for place in places])
            for kind, places in groupby(self.places, key=lambda place: place.get_kind_display())
        ]
        floors = sorted({place.floor for place in self.places if place.floor is not None})
        counted = {floor: sum(place.floor == floor for place in self.places) for floor in floors}
        by_floor.choices = [
            (
                str(floor),
                ngettext("Tầng %(floor)s (%(n)s biển)", "Tầng %(floor)s (%(n)s biển)", counted[floor])
                % {"floor": floor if floor >= 0 else _("hầm %(n)s") % {"n": -floor}, "n": counted[floor]},
            )
            for floor in floors
        ]
        for name in ("noi", "tang", "kho"):
            self.fields[name].needed_sometimes = True  # type: ignore[attr-defined]
        if not floors:
            del self.fields["tang"]

    @property
    def chosen(self) -> list[SharedPlace]:
        codes, floors = set(self.cleaned_data.get("noi", [])), set(self.cleaned_data.get("tang", []))
        return [place for place in self.places if place.code in codes or str(place.floor) in floors]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen:
            self.add_error("noi", _("Chọn ít nhất một nơi."))
        elif not self.errors and len(self.chosen) > AT_ONCE:
            self.add_error("noi", _("Mỗi lần in được nhiều nhất %(n)s biển.") % {"n": AT_ONCE})
        return given


def floor_in_words(place: SharedPlace) -> str:
    """ "tầng 5", "tầng hầm 1"; "" where the place has none, or its name says so already."""
    if place.floor is None or "tầng" in place.name.lower():
        return ""
    if place.floor < 0:
        return _("tầng hầm %(floor)s") % {"floor": -place.floor}
    return _("tầng %(floor)s") % {"floor": place.floor}


def _named(place: SharedPlace) -> str:
    return ", ".join(filter(None, (place.name, floor_in_words(place))))
