"""What a meeting of the owners follows, as data with its source. How long ahead it is convened: `notices.kinds`.

[M]: from memory of the law of 2017 and of today (Thông tư 02/2016/TT-BXD; Thông tư 05/2024/TT-BXD, amended by
Thông tư 09/2025/TT-BXD); to be confirmed with the ward before a real meeting.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Share(models.TextChoices):
    """What counts as a vote."""

    FLAT = "flat", _("mỗi căn hộ một phiếu")
    AREA = "area", _("theo diện tích sở hữu (m²)")


@dataclass(frozen=True)
class MeetingRules:
    quorum_percent: int  # of all votes of the building have to be present [M]
    majority_percent: int  # of the votes present; a resolution needs more [M]
    opens_hours_before: int  # the door opens: attendance may be taken


RULES = MeetingRules(quorum_percent=50, majority_percent=50, opens_hours_before=2)
