"""Every address × every kind of person. A new address fails here until it says who may open it.

A row goes into `tests/access/rows`, into the module of its area. Wagtail's admin is not in this table:
`tests/home/test_wall.py` crawls all of it.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.translation import override

from portal.core.addresses import in_language
from services.appointments.models import Appointment
from services.documents.models import IssuedDocument
from services.dossiers.models import Attachment, Dossier, Lateness
from tests.access.rows import AREAS, MATRIX
from tests.access.world import DESK, PEOPLE, client_of

pytestmark = pytest.mark.django_db

# Named elsewhere: allauth's own pages, Wagtail's, files by digest, and what needs a notice.
NOT_HERE = {
    "stylesheet": "public by its digest: tests/core/test_components.py",
    "core:open_notice": "POST only, own notices: tests/core/test_inbox.py",
}
ONE_ADDRESS = ("icon", "livez", "readyz")  # whatever the language
FRAMEWORKS = ("account_", "mfa_", "usersessions_", "wagtail", "holidays:", "socialaccount")


def names_of(resolver: URLResolver, prefix: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names_of(entry, namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name


def test_every_address_has_its_line():
    named = {name for name in names_of(get_resolver()) if not name.startswith(FRAMEWORKS)}

    assert named - {"gallery"} - set(NOT_HERE) == set(MATRIX) - set(NOT_HERE)


def test_no_area_takes_anothers_line():
    assert sum(len(area.ROWS) for area in AREAS) == len(MATRIX)


def test_every_address_for_every_kind_of_person(world):
    clients = {name: client_of(person) for name, person in world.people.items()}
    wrong = {}
    for name, (kwargs, expected) in MATRIX.items():
        address = reverse(name, kwargs=kwargs(world))
        seen = {person: clients[person].get(address).status_code for person in PEOPLE}
        if seen != expected:
            wrong[name] = {
                person: (seen[person], expected[person]) for person in PEOPLE if seen[person] != expected[person]
            }

    assert wrong == {}


def test_every_address_in_english_is_walled_as_in_vietnamese(world):
    """The same view for every row, and two of the kinds of people at its door: all of them in turn."""
    clients = {name: client_of(person) for name, person in world.people.items()}
    wrong = {}
    for number, (name, (kwargs, expected)) in enumerate(MATRIX.items()):
        named = kwargs(world)
        address = reverse(name, kwargs=named)
        with override("en"):
            in_english = reverse(name, kwargs=named)
            found = resolve(in_english)
        assert (found.view_name, found.func) == (name, resolve(address).func)
        one_address = name in ONE_ADDRESS or address.startswith("/bien-tap/")  # the admin speaks its user's language
        assert in_english == (address if one_address else in_language(address, "en"))
        for person in (PEOPLE[number % len(PEOPLE)], PEOPLE[(number + 6) % len(PEOPLE)]):
            seen = clients[person].get(in_english).status_code
            if seen != expected[person]:
                wrong[name, person] = (seen, expected[person])

    assert wrong == {}


def test_nobody_changes_a_dossier_that_is_not_theirs(world):
    """POST to every address about a dossier, by everyone who may not even see it."""
    strangers = [person for person in PEOPLE if person not in ("owner", *DESK)]
    given = {name: kwargs(world) for name, (kwargs, _expected) in MATRIX.items()}
    dossiers = {dossier.pk for dossier in world.dossiers.values()}
    addresses = [reverse(name, kwargs=keys) for name, keys in given.items() if keys.get("id") in dossiers]
    before = snapshot()
    seen = set()
    for person in strangers:
        client = client_of(world.people[person])
        for address in addresses:
            seen.add(
                (person == "visitor", client.post(address, {"reason": "x", "agreed": "on", "step": "1"}).status_code)
            )

    # 405 where an address only ever reads.
    assert seen == {(True, 302), (False, 404), (False, 405)}
    assert snapshot() == before


def snapshot() -> list[tuple]:
    return [
        *Dossier.objects.order_by("pk").values_list("pk", "state", "answers", "current_step", "changed_at"),
        *Attachment.objects.order_by("pk").values_list("pk", "removed_at"),
        *Lateness.objects.order_by("pk").values_list("pk", "state"),
        *Appointment.objects.order_by("pk").values_list("pk", "state", "starts_at"),
        *IssuedDocument.objects.order_by("pk").values_list("pk", "state"),
    ]
