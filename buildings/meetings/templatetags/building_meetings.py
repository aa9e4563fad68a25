"""How the meeting of a building's owners is told on a page."""

from django import template

from portal.core.templatetags import components

from ...notices.templatetags.building_notices import notice_state
from ..models import Meeting, MeetingState

register = template.Library()

TONES = {
    MeetingState.TO_COME: "soon",
    MeetingState.OPEN: "progress",
    MeetingState.ADJOURNED: "waiting",
    MeetingState.CLOSED: "done",
}


@register.inclusion_tag("components/tag.html")
def meeting_state(meeting: Meeting) -> dict:
    """A draft and what was called off are told by the invitation, the rest by the meeting."""
    if meeting.notice.is_draft or meeting.notice.is_withdrawn:
        return notice_state(meeting.notice)
    state = MeetingState(meeting.state)
    return components.tag(state.label, TONES[state])
