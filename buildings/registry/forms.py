"""What the managers of a building write into its book."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import proven
from portal.core.forms import DateField, SelectName, choices_with_prompt
from portal.core.models import User

from ..models import Apartment, Block, BoardMember, Building, Contact, OperatorTerm, SharedPlace
from ..models.bodies import BOARD_YEARS
from .boards import Member
from .operators import ITEMS, Item
from .places import DEEPEST

LEAST_MEMBERS, MOST_MEMBERS = 3, 15
MOST_STAFF = 30


class OfBuildingForm(forms.ModelForm):
    """A row of a building: its own unique names are checked here, where they can be said in words."""

    twice = _("Tên này đã có trong tòa nhà.")

    def __init__(self, building: Building, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.building = self.instance.building = building
        if "kind" in self.fields and not self.fields["kind"].initial:
            self.fields["kind"].choices = choices_with_prompt(self.fields["kind"].choices[1:])

    def _once(self, **named: Any) -> None:
        others = type(self.instance).objects.filter(building=self.building, **named).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(self.twice)


class BlockForm(OfBuildingForm):
    class Meta:
        model = Block
        fields = ("name", "floors")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        self._once(name__iexact=name)
        return name


class SharedPlaceForm(OfBuildingForm):
    class Meta:
        model = SharedPlace
        fields = ("kind", "name", "floor")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        self._once(name__iexact=name, closed_at=None)
        return name

    def clean_floor(self) -> int | None:
        floor = self.cleaned_data["floor"]
        if floor is not None and not DEEPEST <= floor <= self.building.floors:
            words = gettext("Tòa nhà có %(floors)d tầng; tầng hầm ghi số âm, ví dụ -1.")
            raise ValidationError(words % {"floors": self.building.floors})
        return floor


class FloorsForm(forms.Form):
    """From which floor to which, and in which block, there is to be a place with a poster."""

    tu = forms.IntegerField(label=_("Từ tầng"), help_text=_("Tầng hầm ghi số âm, ví dụ -1"))
    den = forms.IntegerField(label=_("Đến tầng"))
    khoi = forms.ModelChoiceField(
        label=_("Khối"), queryset=Block.objects.none(), empty_label=_("Mọi khối"), required=False, widget=SelectName
    )

    def __init__(self, building: Building, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.building, self.blocks = building, list(building.blocks.all())
        self.fields["khoi"].queryset = building.blocks.all()
        if not self.blocks:
            del self.fields["khoi"]
        highest = max((block.top_floor for block in self.blocks), default=building.floors)
        for name in ("tu", "den"):
            field, words = self.fields[name], gettext("Tầng từ %(bottom)d đến %(top)d.")
            said = words % {"bottom": DEEPEST, "top": highest}
            field.min_value, field.max_value = DEEPEST, highest
            field.validators += [MinValueValidator(DEEPEST, said), MaxValueValidator(highest, said)]
            field.error_messages |= {"required": gettext("Nhập số tầng."), "invalid": gettext("Nhập số tầng.")}
            field.widget.attrs |= {"class": "input-4", "inputmode": "text" if name == "tu" else "numeric"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and given["tu"] > given["den"]:
            self.add_error("den", gettext("Tầng cuối không thể dưới tầng đầu."))
        return given

    @property
    def floors(self) -> range:
        return range(self.cleaned_data["tu"], self.cleaned_data["den"] + 1)

    @property
    def chosen_blocks(self) -> list[Block]:
        """The one chosen, or all there are."""
        chosen = self.cleaned_data.get("khoi")
        return [chosen] if chosen else self.blocks


class ContactForm(OfBuildingForm):
    class Meta:
        model = Contact
        fields = ("kind", "name", "phone", "hours", "position")


class ApartmentForm(OfBuildingForm):
    twice = _("Căn hộ này đã có trong sổ.")

    class Meta:
        model = Apartment
        fields = ("number", "block", "floor", "area", "kind", "owner_name", "owner_phone")

    def __init__(self, building: Building, *args, **kwargs) -> None:
        super().__init__(building, *args, **kwargs)
        self.fields["block"].queryset = building.blocks.all()
        if not self.fields["block"].queryset:
            del self.fields["block"]
        self.fields["owner_name"].help_text = _("Đồng sở hữu: các tên cách nhau bằng dấu chấm phẩy")

    def clean_number(self) -> str:
        number = " ".join(self.cleaned_data["number"].split())
        self._once(number__iexact=number)
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        block, floor = given.get("block"), given.get("floor")
        top = block.top_floor if block else self.building.floors
        if floor is not None and not 1 <= floor <= top:
            self.add_error("floor", gettext("Tầng từ 1 đến %(top)d.") % {"top": top})
        return given


class FactsForm(forms.ModelForm):
    class Meta:
        model = Building
        fields = ("floors", "several_owners", "service_fee")

    def clean_floors(self) -> int:
        floors = self.cleaned_data["floors"]
        highest = self.instance.apartments.order_by("-floor").values_list("floor", flat=True).first() or 1
        if floors < highest:
            raise ValidationError(gettext("Trong sổ có căn hộ ở tầng %(floor)d.") % {"floor": highest})
        return floors


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        widget=forms.FileInput({"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
        error_messages={"required": _("Chọn tệp cần nhập."), "empty": _("Tệp rỗng. Hãy chọn lại tệp.")},
    )
    make_blocks = forms.BooleanField(
        label=_("Tạo các khối có trong tệp mà tòa nhà chưa có"),
        required=False,
        help_text=_("Bỏ trống nếu các khối đã đủ: khối lạ sẽ được báo là lỗi"),
    )


class FlatSearch(forms.Form):
    """Narrows the book. What makes no sense in an address narrows nothing."""

    q = forms.CharField(
        label=_("Số căn hộ hoặc chủ sở hữu"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    khoi = forms.ModelChoiceField(
        label=_("Khối"), queryset=Block.objects.none(), to_field_name="name", empty_label=_("Mọi khối"), required=False
    )
    tang = forms.IntegerField(label=_("Tầng"), min_value=1, max_value=200, required=False)

    def __init__(self, building: Building, data: Any) -> None:
        super().__init__(data)
        self.fields["khoi"].queryset = building.blocks.all()
        if not self.fields["khoi"].queryset:
            del self.fields["khoi"]

    @property
    def wanted(self) -> dict[str, Any]:
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


# --- Board ---------------------------------------------------------------------------------------
class ElectionForm(forms.Form):
    """Whom the owners' meeting elected. Empty rows are passed over."""

    elected_on = DateField(label=_("Ngày Hội nghị nhà chung cư bầu"))

    def __init__(self, building: Building, today: date, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.building, self.today = building, today
        self.shown = LEAST_MEMBERS
        while self.shown < MOST_MEMBERS and (
            self.data.get(f"name-{self.shown}") or self.initial.get(f"name-{self.shown}")
        ):
            self.shown += 1
        self.shown = min(MOST_MEMBERS, self.shown + 2)
        for row in range(self.shown):
            self.fields[f"name-{row}"] = forms.CharField(label=_("Họ và tên"), max_length=120, required=False)
            self.fields[f"role-{row}"] = forms.ChoiceField(
                label=_("Chức danh"),
                choices=BoardMember.Role.choices,
                required=False,
                initial=BoardMember.Role.CHAIR if row == 0 else BoardMember.Role.MEMBER,
            )
            self.fields[f"flat-{row}"] = forms.CharField(label=_("Căn hộ"), max_length=20, required=False)

    @property
    def rows(self) -> Iterator[tuple[int, list]]:
        for row in range(self.shown):
            yield row + 1, [self[f"{part}-{row}"] for part in ("name", "role", "flat")]

    def clean_elected_on(self) -> date:
        day = self.cleaned_data["elected_on"]
        if day > self.today:
            raise ValidationError(gettext("Ngày họp không thể ở tương lai."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        flats = {flat.number.upper(): flat for flat in self.building.apartments.filter(number__in=self._flats(given))}
        self.members: list[Member] = []
        for row in range(self.shown):
            name = " ".join(given.get(f"name-{row}", "").split())
            number = given.get(f"flat-{row}", "").strip().upper()
            if not name:
                if number:
                    self.add_error(f"name-{row}", gettext("Còn thiếu họ tên."))
                continue
            if number and number not in flats:
                self.add_error(f"flat-{row}", gettext("Sổ không có căn hộ “%(number)s”.") % {"number": number})
                continue
            role = given.get(f"role-{row}") or BoardMember.Role.MEMBER
            self.members.append(Member(name, role, flats.get(number)))
        if not self.errors:
            self._check_together()
        return given

    def _flats(self, given: dict[str, Any]) -> set[str]:
        typed = {given.get(f"flat-{row}", "").strip() for row in range(self.shown)} - {""}
        return typed | {number.upper() for number in typed}

    def _check_together(self) -> None:
        chairs = sum(member.role == BoardMember.Role.CHAIR for member in self.members)
        if len(self.members) < LEAST_MEMBERS:
            self.add_error(
                "name-0", gettext("Ban quản trị có ít nhất %(least)d thành viên.") % {"least": LEAST_MEMBERS}
            )
        elif chairs != 1:
            self.add_error("role-0", gettext("Ban quản trị có một Trưởng ban."))


class RecognitionForm(forms.Form):
    decision = forms.CharField(
        label=_("Số quyết định của Ủy ban nhân dân phường"),
        max_length=60,
        help_text=_("Ví dụ: 45/QĐ-UBND"),
    )
    decided_on = DateField(
        label=_("Ngày quyết định"), help_text=format_lazy(_("Nhiệm kỳ {years} năm kể từ ngày này"), years=BOARD_YEARS)
    )

    def __init__(self, elected_on: date, today: date, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.elected_on, self.today = elected_on, today

    def clean_decided_on(self) -> date:
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise ValidationError(gettext("Ngày quyết định không thể ở tương lai."))
        if day < self.elected_on:
            words = gettext("Quyết định không thể có trước ngày bầu %(day)s.")
            raise ValidationError(words % {"day": f"{self.elected_on:%d/%m/%Y}"})
        return day


# --- Operator ------------------------------------------------------------------------------------
class OperatorForm(forms.ModelForm):
    began_on = DateField(label=_("Hợp đồng từ ngày"))
    until = DateField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu không định ngày"))

    class Meta:
        model = OperatorTerm
        fields = ("company", "phone", "email", "began_on", "until")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        began, until = given.get("began_on"), given.get("until")
        if began and until and until < began:
            self.add_error("until", gettext("Ngày hết hợp đồng không thể trước ngày bắt đầu."))
        return given


class HandoverForm(OperatorForm):
    """The next operator, its people, and what is handed over."""

    head = forms.EmailField(
        label=_("Trưởng ban quản lý mới: thư điện tử của tài khoản"),
        help_text=_("Người này cần có tài khoản trên cổng trước khi bàn giao"),
    )
    staff = forms.CharField(
        label=_("Nhân viên mới: thư điện tử của tài khoản, mỗi người một dòng"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, today: date, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for place, what in enumerate(ITEMS):
            self.fields[f"item-{place}"] = forms.BooleanField(label=what, required=False)
            self.fields[f"item-note-{place}"] = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)

    @property
    def addresses(self) -> list[str]:
        """What was typed, as far as accounts are looked for: the form says whether there is one."""
        return [self.data.get("head", "").strip(), *_lines(self.data.get("staff", ""))[:MOST_STAFF]]

    @property
    def people_and_contract(self) -> list:
        return [self[name] for name in ("company", "phone", "email", "began_on", "until", "head", "staff")]

    @property
    def checklist(self) -> list:
        return [(self[f"item-{place}"], self[f"item-note-{place}"]) for place in range(len(ITEMS))]

    @property
    def items(self) -> list[Item]:
        given = self.cleaned_data
        return [
            Item(what, bool(given[f"item-{place}"]), given[f"item-note-{place}"]) for place, what in enumerate(ITEMS)
        ]

    @property
    def contract(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OperatorForm.Meta.fields}

    def clean_began_on(self) -> date:
        day = self.cleaned_data["began_on"]
        if day > self.today:
            raise ValidationError(gettext("Ghi bàn giao vào ngày đơn vị mới bắt đầu, không trước."))
        return day

    def clean_head(self) -> User:
        return self._account(self.cleaned_data["head"])

    def clean_staff(self) -> list[User]:
        addresses = _lines(self.cleaned_data["staff"])
        if len(addresses) > MOST_STAFF:
            raise ValidationError(gettext("Nhiều nhất %(most)d người một lần.") % {"most": MOST_STAFF})
        return [self._account(address) for address in addresses]

    def _account(self, address: str) -> User:
        found = proven.by_email(address).first()
        if not found:
            words = gettext("Chưa có tài khoản nào dùng thư điện tử %(address)s. Mời người đó mở tài khoản trước.")
            raise ValidationError(words % {"address": address})
        return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
