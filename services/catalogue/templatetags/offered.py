"""Whether a ward offers a procedure, for the screens of other rooms that lead there."""

from django import template

from buildings.models import Ward

from ..models import Procedure

register = template.Library()


@register.simple_tag
def offered(code: str, ward: Ward) -> Procedure | None:
    """The procedure of this code where the ward offers it today; no link should lead to another."""
    return Procedure.objects.offered_in(ward).filter(code=code).first()
