"""What every request meets before its view."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from portal.core.middleware import without_nul
from tests.factories.people import UserFactory


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/%00", "/xac-thuc/%00/", "/viet-hung/%00/", "/media/a%00.jpg"])
def test_an_address_with_a_nul_leads_nowhere(client, address):
    assert client.get(address).status_code == 404


def test_a_nul_in_a_query_counts_as_not_typed():
    answer = without_nul(lambda request: HttpResponse(request.GET["q"]))
    assert answer(RequestFactory().get("/tim-kiem/?q=khai%00%20sinh")).content == b"khai sinh"


@pytest.mark.django_db
def test_an_address_that_only_takes_forms_says_so_to_whoever_opens_it(client):
    """After signing in again one is led back to the button's own address: a browser shows nothing of an empty 405."""
    client.force_login(UserFactory())
    opened = client.get(reverse("desk:keys"))

    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "Việc này chưa được thực hiện" in opened.text
    assert reverse("dossiers:list") in opened.text
