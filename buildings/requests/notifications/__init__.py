"""What people are told, and when: one function an event, called inside the action's transaction.

No personal data: these texts travel by e-mail and SMS. What was reported, where and by whom is read in the portal.
"""

from .resident import (
    accepted,
    apology_arrives,
    came_back,
    closed,
    done,
    joined,
    lateness_owned_up,
    planned,
    reclassified,
    referred,
    refused,
    sent,
    silence_warned,
    waiting,
)
from .staff import (
    assigned,
    brought_back,
    commented,
    contractor_said,
    due_soon,
    late,
    referral_arrived,
    released,
    reopened,
    withdrawn,
)
from .telling import when

__all__ = [
    "accepted",
    "apology_arrives",
    "assigned",
    "brought_back",
    "came_back",
    "closed",
    "commented",
    "contractor_said",
    "done",
    "due_soon",
    "joined",
    "late",
    "lateness_owned_up",
    "planned",
    "reclassified",
    "referral_arrived",
    "referred",
    "refused",
    "released",
    "reopened",
    "sent",
    "silence_warned",
    "waiting",
    "when",
    "withdrawn",
]
