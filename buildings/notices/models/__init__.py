"""What a building is told, and the meetings of its owners."""

from .meetings import Attendance, Meeting, MeetingAnswer, Resolution
from .notices import Notice, NoticeFile, NoticeState, NoticeVersion, Seen, Telling

__all__ = [
    "Attendance",
    "Meeting",
    "MeetingAnswer",
    "Notice",
    "NoticeFile",
    "NoticeState",
    "NoticeVersion",
    "Resolution",
    "Seen",
    "Telling",
]
