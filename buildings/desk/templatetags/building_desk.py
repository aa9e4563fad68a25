from django import template

from ...models import Building, positions_at
from ..rooms import ROOMS

register = template.Library()


@register.inclusion_tag("building_desk/nav.html", takes_context=True)
def building_nav(context, building: Building):
    """The rooms of the managers' desk that this person's positions in the building open."""
    request = context["request"]
    held = positions_at(request.user, building.pk)
    here = request.resolver_match.view_name
    rooms = [room for room in ROOMS if held.intersection(room.positions)]
    return {
        "building": building,
        "rooms": [
            (room.label, room.url_for(building), here == room.route or here.startswith(f"{room.route}_"))
            for room in rooms
        ],
        "several": len(getattr(request, "buildings", ())) > 1,
    }
