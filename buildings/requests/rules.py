"""What residents report and how soon it is answered, read from `data/categories.toml`, where each time has its source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.core.languages import Said

from ..roles import OPERATOR_POSITIONS
from .models import Urgency

DATA = Path(__file__).parent / "data" / "categories.toml"


@dataclass(frozen=True)
class Limit:
    """How soon a request is answered and done. `any_hour`: in minutes of the clock on the wall, day and night;
    else in working minutes, and in working days where `done_days` is given."""

    answer_minutes: int
    done_minutes: int = 0
    done_days: int = 0
    any_hour: bool = False


@dataclass(frozen=True)
class Category:
    """A kind of thing residents report. `answers` is the position that answers for it; `private` ones are not shown
    to neighbours; `places` are the kinds of shared place it is first thought of in; `advice` what to do in danger."""

    key: str
    name: Said
    example: Said
    answers: str
    limits: Mapping[str, Limit]
    places: tuple[str, ...] = ()
    advice: Said = Said("", "")
    private: bool = False


@dataclass(frozen=True)
class Limits:
    photos: int  # of one form
    reports_a_day: int  # of one person in one building
    silence_days: int  # working days after "done" without a word; then it counts as agreed
    silence_warning_days: tuple[int, ...]
    reopen_days: int  # days after its end
    longest_wait_days: int
    due_soon_minutes: int  # working minutes
    photo_days: int  # in which photos of a report that was never sent are kept
    comments_a_request: int
    kept_days: int  # after its end


@cache
def categories() -> dict[str, Category]:
    """Every category by its key, in the order of the form."""
    return {key: _category(key, dict(data), _data()["urgencies"]) for key, data in _data()["categories"].items()}


def category(key: str) -> Category:
    """Raises KeyError."""
    return categories()[key]


@cache
def limits() -> Limits:
    data = dict(_data()["limits"])
    return Limits(**data | {"silence_warning_days": tuple(data["silence_warning_days"])})


def limit(category_key: str, urgency: str) -> Limit:
    """The promise of a category at an urgency. Raises KeyError."""
    return category(category_key).limits[urgency]


def first_for(place_kind: str) -> list[Category]:
    """All categories, those first that are usually reported of this kind of place."""
    return sorted(categories().values(), key=lambda each: place_kind not in each.places)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def _category(key: str, data: dict[str, Any], usual: Mapping[str, Any]) -> Category:
    limits = {
        urgency.value: Limit(**data.pop(urgency.value, usual[urgency.value]), any_hour=urgency == Urgency.EMERGENCY)
        for urgency in Urgency
    }
    if data["answers"] not in OPERATOR_POSITIONS:
        raise ValueError(f"{key}: {data['answers']} does not work for a building")
    return Category(
        key=key,
        name=Said.read(data, "name"),
        example=Said.read(data, "example"),
        answers=data["answers"],
        limits=limits,
        places=tuple(data.get("places", ())),
        advice=Said.read(data, "advice"),
        private=data.get("private", False),
    )
