"""What the page shell shows of the signed-in person."""

from django.utils.functional import SimpleLazyObject

from portal.core.models import Notification
from portal.workplaces import workplaces_of


def workplaces(request):
    """`workplaces`: (label, address) of each place of work; `unread_notices`: how many. Asked for only when shown."""
    return {
        "workplaces": SimpleLazyObject(lambda: [(place.label, place.url) for place in workplaces_of(request.user)]),
        "unread_notices": SimpleLazyObject(lambda: Notification.objects.visible_to(request.user).unread().count()),
    }
