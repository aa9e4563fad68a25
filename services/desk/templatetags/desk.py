"""What every page of the desk asks about the officer in front of it."""

from django import template

from buildings.models import Ward, positions_in
from buildings.roles import Position

register = template.Library()


@register.simple_tag(takes_context=True)
def leads_ward(context: template.Context, ward: Ward) -> bool:
    """Whether the officer leads this ward: the leader's rooms are shown to nobody else."""
    return Position.LEADER in positions_in(context["request"].user, ward.pk)


@register.simple_tag(takes_context=True)
def receives_in(context: template.Context, ward: Ward) -> bool:
    """Whether the officer sits at the ward's counter."""
    return Position.CLERK in positions_in(context["request"].user, ward.pk)
