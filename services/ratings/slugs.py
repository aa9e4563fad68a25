"""How an event stands in an address."""

from .models import Event

SLUGS: dict[Event, str] = {
    Event.RECEIPT: "tiep-nhan",
    Event.SUPPLEMENT: "bo-sung",
    Event.REFUSAL: "tu-choi",
    Event.DELIVERY: "tra-ket-qua",
}
EVENT_OF: dict[str, Event] = {slug: event for event, slug in SLUGS.items()}
