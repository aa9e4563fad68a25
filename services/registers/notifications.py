"""What the officer who asked is told, inside the transaction of what happened. No personal data."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.notifications import notify

from .models import Export


def export_ready(export: Export, *, at: datetime) -> None:
    with translation.override(export.asked_by.preferred_language):
        _tell(
            export,
            "ready",
            _("Tệp đã sẵn sàng: %(what)s") % {"what": export},
            _("Tải về trong 7 ngày; sau đó tệp được xóa."),
            at,
        )


def export_failed(export: Export, *, at: datetime) -> None:
    with translation.override(export.asked_by.preferred_language):
        _tell(
            export,
            "failed",
            _("Không lập được tệp: %(what)s") % {"what": export},
            _("Mở để xem lý do."),
            at,
        )


def _tell(export: Export, what: str, title: str, body: str, at: datetime) -> None:
    notify(
        export.asked_by,
        kind=f"registers.{what}",
        key=f"export:{export.pk}:{what}",
        title=title,
        body=body,
        url=export.get_absolute_url(),
        at=at,
    )
