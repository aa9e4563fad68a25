"""What becomes of an export: made by the worker, deleted by the clock. Nobody's hand moves it."""

from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition

from .models import Export

State = Export.State


def _by_itself(user, export: Export) -> bool:
    return user is None


BEGIN = Transition("begin", {State.QUEUED}, State.RUNNING, _by_itself, _("Bắt đầu ghi"), public=False)
FINISH = Transition("finish", {State.RUNNING}, State.READY, _by_itself, _("Ghi xong"), public=False)
FAIL = Transition("fail", {State.QUEUED, State.RUNNING}, State.FAILED, _by_itself, _("Không lập được"), public=False)
EXPIRE = Transition("expire", {State.READY}, State.EXPIRED, _by_itself, _("Xóa tệp"), public=False)
