"""What a building's notices put on other pages and how a notice's facts are told."""

from django import template
from django.utils import timezone

from portal.core import page_cache
from portal.core.templatetags import components

from ...models import Building
from .. import calendar_file
from ..kinds import NOT_IN_THE_FEE
from ..models import Notice, NoticeState
from ..queries import on_public_page

register = template.Library()

TONES = {
    NoticeState.DRAFT: "draft",
    NoticeState.PUBLISHED: "progress",
    NoticeState.OVER: "neutral",
    NoticeState.WITHDRAWN: "refused",
}


@register.inclusion_tag("notices/on_building_page.html", takes_context=True)
def building_notices(context: template.Context, building: Building) -> dict:
    """What everybody may read, for the building's public page; nothing when there is nothing.

    The page is kept no longer than until the first of them is over.
    """
    notices = on_public_page(building, at=timezone.now())
    if notices:
        page_cache.until(context["request"], min(notice.until for notice in notices))
    return {"building": building, "notices": notices}


@register.inclusion_tag("notices/facts.html")
def notice_facts(notice: Notice) -> dict:
    """When, where, how much, for whom."""
    return {
        "notice": notice,
        "when": calendar_file.when_in_words(notice),
        "not_in_the_fee": NOT_IN_THE_FEE if notice.amount else (),
    }


@register.inclusion_tag("components/tag.html")
def notice_state(notice: Notice) -> dict:
    state = NoticeState.OVER if notice.is_over else NoticeState(notice.state)
    return components.tag(state.label, TONES[state])


@register.filter
def when(notice: Notice) -> str:
    """Also of planned work, which begins and ends as a notice does."""
    return calendar_file.when_in_words(notice)
