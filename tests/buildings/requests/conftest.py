"""A building with its managers, and what somebody there was told."""

import pytest

from portal.core.models import Notification
from tests.factories.requests import staffed_building


@pytest.fixture
def building():
    return staffed_building()


def told(person) -> list[str]:
    return [notice.kind for notice in Notification.objects.filter(recipient=person).order_by("created_at", "kind")]
