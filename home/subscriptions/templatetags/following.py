"""`{% follow_link ward %}`: the way from a ward's pages to its announcements by mail."""

from django import template

from buildings.models import Ward

register = template.Library()


@register.inclusion_tag("subscriptions/link.html")
def follow_link(ward: Ward) -> dict:
    return {"ward": ward}
