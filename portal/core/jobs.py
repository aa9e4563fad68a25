from django.utils import timezone

from .models import Delivery
from .notifications import deliver
from .outbox import handles


@handles("core.deliver")
def deliver_notice(delivery_id: int) -> None:
    deliver(Delivery.objects.select_related("notification__recipient").get(pk=delivery_id), at=timezone.now())
