"""What every request meets before its view."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.core.middleware import without_nul


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/%00", "/xac-thuc/%00/", "/viet-hung/%00/", "/media/a%00.jpg"])
def test_an_address_with_a_nul_leads_nowhere(client, address):
    assert client.get(address).status_code == 404


def test_a_nul_in_a_query_counts_as_not_typed():
    answer = without_nul(lambda request: HttpResponse(request.GET["q"]))
    assert answer(RequestFactory().get("/tim-kiem/?q=khai%00%20sinh")).content == b"khai sinh"
