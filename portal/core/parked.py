"""Promises that were given up: the operators are told, look with `manage.py parked`, and have them begun anew."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .calendar import VIETNAM
from .models import Job, User
from .notifications import notify


def tell_operators(job: Job, *, at: datetime) -> None:
    """Once a day for each kind, however many fail. Without the error's own words: they may name a person."""
    facts = {"kind": job.kind, "attempts": job.attempts}
    for operator in User.objects.filter(is_superuser=True, is_active=True):
        with translation.override(operator.preferred_language):
            notify(
                operator,
                kind="core.parked",
                key=f"parked:{job.kind}:{at.astimezone(VIETNAM):%Y%m%d}",
                title=_("Một việc của cổng đã dừng lại"),
                body=_(
                    "Việc “%(kind)s” đã thử %(attempts)s lần mà không xong, nên dừng lại chờ bạn xem. Trên máy chủ, lệnh "
                    "“manage.py parked” cho biết lỗi; “manage.py parked --again” làm lại từ đầu. Các việc khác vẫn chạy."
                )
                % facts,
                url=reverse("core:inbox"),
                at=at,
            )
