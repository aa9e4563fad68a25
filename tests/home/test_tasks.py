from datetime import timedelta

import pytest
from time_machine import travel

from home.tasks import publish_scheduled
from tests.home.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.postgres
def test_what_is_scheduled_is_published_when_due_and_taken_down_when_it_expires(client, viet_hung, announce):
    announcement = announce(viet_hung, "Tin hẹn giờ", live=False)
    announcement.go_live_at = AT + timedelta(hours=1)
    announcement.expire_at = AT + timedelta(hours=3)
    with travel(AT, tick=False):
        announcement.save_revision().publish()

    def status_at(hours):
        with travel(AT + timedelta(hours=hours), tick=False):
            publish_scheduled()
            return client.get(announcement.address).status_code

    assert [status_at(hours) for hours in (0.5, 1.5, 2.5, 3.5)] == [404, 200, 200, 404]
