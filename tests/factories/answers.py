"""Believable answers to any form: what every shipped procedure is filled in and printed with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.catalogue.blocks import kind_of
from services.catalogue.definition import Definition, FieldSpec

PEOPLE = ("Trần Văn Đức", "Nguyễn Thị Hường", "Lê Minh Châu")

ADDRESS = {"chi_tiet": "Căn hộ 1205, tòa nhà Sông Hồng", "phuong": "Việt Hưng", "tinh": "Hà Nội"}


def person(spec: FieldSpec, which: int = 0) -> dict[str, str]:
    whole = {
        "ho_ten": PEOPLE[which % len(PEOPLE)],
        "ngay_sinh": date(1950 + which, 2, 5).isoformat(),
        "gioi_tinh": "nam",
        "dan_toc": "Kinh",
        "quoc_tich": "Việt Nam",
        "so_dinh_danh": f"00005000{1234 + which}",
        "noi_cu_tru": "Căn hộ 1205, tòa nhà Sông Hồng, phường Việt Hưng, Hà Nội",
    }
    return {part: whole[part] for part in kind_of(spec).parts(spec) if part in whole}


def answer(spec: FieldSpec, *, last: bool = False, which: int = 0) -> Any:
    """One answer as it is stored; of several choices the first, or the last."""
    values = kind_of(spec).values(spec)
    if values:
        return values[-1] if last else values[0]
    if spec.kind == "group":
        inner = [FieldSpec.from_json(each) for each in spec.options["fields"]]
        rows = max(2, spec.options.get("minimum", 1))
        return [{each.key: answer(each, last=last, which=row) for each in inner} for row in range(rows)]
    if spec.kind == "person":
        return person(spec, which)
    if spec.kind == "date":
        return {"past": "2026-11-20", "future": "2026-12-03"}.get(spec.options.get("range", ""), "2026-12-01")
    if spec.kind == "number":
        return max(2, spec.options.get("minimum") or 0)
    return {
        "address": {part: text for part, text in ADDRESS.items() if part in kind_of(spec).parts(spec)},
        "phone": "+84912345678",
        "personal_number": f"00008500{1234 + which}",
        "money": 350_000,
        "long_text": "Bị tai nạn năm 2019, đã điều trị ở Bệnh viện Việt Đức.",
    }.get(spec.kind, "ai-do@portal.example" if spec.options.get("profile") == "email" else _words(spec, which))


def _words(spec: FieldSpec, which: int) -> str:
    text = PEOPLE[which % len(PEOPLE)] if spec.key == "ho_ten" else f"{spec.label.rstrip('?')} số {which + 1}"
    return text[: spec.options.get("max_length") or None].strip()


def answers(definition: Definition, *, last: bool = False) -> dict[str, Any]:
    """The whole form as someone fills it who always takes the first choice, or the last."""
    found: Mapping[str, Any] = {}
    for section in definition.sections:
        for number, spec in enumerate(section.fields):
            if spec.asked(found):
                found = {**found, spec.key: answer(spec, last=last, which=number)}
    return dict(found)


def findings(definition: Definition, said: Mapping[str, Any], *, last: bool = False) -> dict[str, Any]:
    """What an officer finds who always takes the first choice, or the last."""
    known, found = dict(said), {}
    for number, spec in enumerate(definition.findings):
        if spec.asked(known):
            known[spec.key] = found[spec.key] = answer(spec, last=last, which=number)
    return found
