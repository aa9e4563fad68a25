"""`/livez` and `/readyz`, for whatever starts the processes and spreads the requests."""

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import outbox
from .models import Job

log = logging.getLogger(__name__)

OUTBOX_LATE = timedelta(minutes=5)  # what is due longer than this is not being worked on
LEAST_FREE = 500 * 1024**2  # bytes on the disk of DATA_DIR, below which somebody should come


class NotReady(Exception):
    """Says what is wrong in words that give nothing away."""


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


_migrated = False  # once true it stays true for this process


def _migrations() -> str:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            raise NotReady(f"{len(missing)} migrations to apply")
        _migrated = True
    return "ok"


def _cache() -> str:
    now = str(timezone.now().timestamp())
    cache.set("readyz", now, 30)
    if cache.get("readyz") is None:
        raise NotReady("the cache forgets")
    return "ok"


def _outbox() -> str:
    """Late and given up work is shown, but a web process that serves is not taken away because a worker stands still."""
    now, said = timezone.now(), []
    oldest = outbox.due(at=now).values_list("run_at", flat=True).first()
    if oldest and now - oldest > OUTBOX_LATE:
        said.append(f"late: oldest job due for {int((now - oldest).total_seconds())} s")
    if parked := Job.objects.filter(state=Job.State.PARKED).count():
        said.append(f"{parked} parked")
    return "; ".join(said) or "ok"


def _files() -> str:
    """Shown, and the web process stays: most pages need no file, and who wants one is told to try again later."""
    try:
        storages["private"].exists("readyz")
    except OSError:
        log.exception("readyz: files")
        return "away"
    free = shutil.disk_usage(settings.DATA_DIR).free
    return "ok" if free >= LEAST_FREE else f"nearly full: {free // 1024**2} MB left"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "outbox": _outbox,
    "files": _files,
}


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of others: a restart would not mend them."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served, else 503; each check by name."""
    results, ready = {}, True
    for name, check in CHECKS.items():
        try:
            results[name] = check()
        except NotReady as error:
            results[name], ready = str(error), False
        except Exception:
            log.exception("readyz: %s", name)
            results[name], ready = "failed", False
    return JsonResponse({"ready": ready, "checks": results}, status=200 if ready else 503)
