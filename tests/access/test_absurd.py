"""Whatever is sent to an address by somebody who may open it, it is answered: no words, number or day make it fail."""

from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.rows import MATRIX
from tests.access.world import PEOPLE, World, client_of

pytestmark = pytest.mark.django_db

ABSURD = (
    "9" * 40,  # no database has such a number
    "a\x00b",  # PostgreSQL keeps it nowhere
    "9999-12-31",  # the day after is none
    "0001-01-01",
    "²",  # a digit, and no number
    "x" * 20_000,
    "00000000-0000-0000-0000-000000000000",
    "9999-12",
    "[]",
)
# What addresses are asked with, beside the fields of their forms.
ASKED = ("trang", "q", "ngay", "thang", "gio", "phuong", "loai", "xem", "truoc", "sau", "tang", "noi", "phieu", "quy")
PREFERRED = ("owner", "flat_owner", "building_head", "leader", "clerk", "operator")  # who has most to send
NOT_THE_PAGES = ("/tai-khoan/", "/giao-dien/")  # forms of the frame


class Forms(HTMLParser):
    """The forms of a page: where each is sent, by which method, and the names of its fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, set[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action") or "", (given.get("method") or "get").lower(), set()))
        elif self.found and given.get("name") and tag in {"input", "textarea", "select", "button"}:
            self.found[-1][2].add(str(given["name"]))


def asked(client: Client, method: str, address: str, data: dict | None = None):
    """The answer; what it changed is taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data)
        transaction.set_rollback(True)
    return answer


def filled(names, number: int) -> dict[str, str]:
    """Each field with another of the values, other ones at another address."""
    return {
        name: ABSURD[(number + place) % len(ABSURD)]
        for place, name in enumerate(sorted(names))
        if name != "csrfmiddlewaretoken"
    }


def sent(world: World, client: Client, name: str, address: str, number: int):
    """What is asked of an address and posted to it and by its forms: (what, status)."""
    page = asked(client, "get", address)
    html = page.status_code == 200 and "html" in page["Content-Type"] and not page.streaming
    forms = Forms(page.content.decode()).found if html else []
    queried = set(ASKED).union(*(fields for _action, method, fields in forms if method == "get"))
    yield "GET", asked(client, "get", address, filled(queried, number)).status_code
    posts = {
        (action if action.startswith("/") else address): fields
        for action, method, fields in forms
        if method == "post" and not action.startswith(NOT_THE_PAGES)
    }
    for action, fields in list({address: set(ASKED), **posts}.items())[:4]:
        yield f"POST {action}", asked(client, "post", action, filled(fields, number)).status_code
        yield f"POST nothing {action}", asked(client, "post", action).status_code


def test_no_address_fails_whatever_it_is_sent(world):
    clients = {}
    failed = {}
    for number, (name, (kwargs, expected)) in enumerate(MATRIX.items()):
        able = [person for person in (*PREFERRED, *PEOPLE) if expected[person] in (200, 405)]
        person = able[0] if able else "visitor"
        if person not in clients:
            clients[person] = client_of(world.people[person])
            clients[person].raise_request_exception = False
        for what, status in sent(world, clients[person], name, reverse(name, kwargs=kwargs(world)), number):
            if status >= 500:
                failed[name, person, what] = status

    assert failed == {}
