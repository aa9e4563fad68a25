"""The queue of record. A promise is a row written with what it follows from; the broker is a hint.

`enqueue` inside a transaction, a handler registered for the kind, `run` from the task, `sweep` from
beat for whatever the broker lost. A handler is idempotent: it may be run again after a kill at any
line, or by two workers at once.

Slow work has a queue of its own: nobody's notice waits behind two hundred papers to be printed.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from .models import Job

log = logging.getLogger(__name__)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_slow: set[str] = set()  # kinds

HINTED_AT_ONCE = 200  # of promises made together; more wait for the sweep, so that other work gets in between
DONE_KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 2000  # rows a statement deletes, so that nobody waits for it
MAX_ATTEMPTS = 12  # about a day and a half of growing waits, then a person looks


class NeverEnded(Exception):
    """It was begun as often as it may be, and each time its worker was gone before it had ended."""


def handles(kind: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that keeps promises of this kind. Lives in `<app>/jobs.py`.

    `slow`: it takes longer than somebody who waits for a message should wait, or comes in floods (papers, files,
    pictures, letters to all of a ward).
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        if slow:
            _slow.add(kind)
        return function

    return register


def discover() -> None:
    """Import every app's `jobs.py`, once, when the apps are ready."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "jobs"):
            import_module(f"{config.name}.jobs")


def enqueue(kind: str, key: str, *, at: datetime, payload: dict[str, Any] | None = None) -> Job:
    """Promise a piece of work, not before `at`. The same key twice is one promise."""
    if kind not in _handlers:
        raise LookupError(f"no handler for {kind}")
    job, made = Job.objects.get_or_create(
        key=f"{kind}:{key}", defaults={"kind": kind, "payload": payload or {}, "run_at": at}
    )
    if made and at <= timezone.now():
        transaction.on_commit(lambda: hint(job), robust=True)
    return job


def enqueue_many(kind: str, payloads: Mapping[str, dict[str, Any]], *, at: datetime) -> None:
    """Promise many pieces of work of one kind, key → payload, with the queries of one. As `enqueue` otherwise."""
    if kind not in _handlers:
        raise LookupError(f"no handler for {kind}")
    jobs = [Job(kind=kind, key=f"{kind}:{key}", payload=payload, run_at=at) for key, payload in payloads.items()]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)
    if at <= timezone.now() and len(jobs) <= HINTED_AT_ONCE:
        transaction.on_commit(lambda: _hint_unheard([job.key for job in jobs]), robust=True)


def _hint_unheard(keys: list[str]) -> None:
    for job in list(Job.objects.filter(key__in=keys, hinted_at=None).only("kind")):
        if not hint(job):
            return


def hint(job: Job) -> bool:
    """Tell the broker. If it is away, the sweep finds the row; the caller notices nothing."""
    from .tasks import run_job  # noqa: PLC0415 - tasks import this module

    try:
        prepare_broker()
        queue = settings.SLOW_QUEUE if job.kind in _slow else settings.CELERY_TASK_DEFAULT_QUEUE
        run_job.apply_async((job.pk,), queue=queue, retry=False)
    except Exception:  # noqa: BLE001 - whatever the broker's transport raises
        log.warning("broker unreachable; job %s waits for the sweep", job.pk)
        return False
    Job.objects.filter(pk=job.pk).update(hinted_at=timezone.now())
    return True


def run(job_id: int, *, at: datetime) -> bool:
    """Keep one promise. True when it is kept now; False when it was not ours to do, or failed."""
    mine = (
        Job.objects.filter(pk=job_id, state=Job.State.WAITING, run_at__lte=at)
        .filter(models.Q(leased_until=None) | models.Q(leased_until__lt=at))
        .update(leased_until=at + settings.OUTBOX_LEASE, attempts=models.F("attempts") + 1)
    )
    if not mine:
        return False
    job = Job.objects.get(pk=job_id)
    try:
        if job.attempts > MAX_ATTEMPTS:
            raise NeverEnded
        _handlers[job.kind](**job.payload)
    except Exception as error:  # noqa: BLE001 - a failing handler must not take the worker with it
        log.exception("job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        job.leased_until = None
        job.run_at = at + timedelta(seconds=min(15 * 2 ** (job.attempts - 1), 6 * 3600))
        if job.attempts >= MAX_ATTEMPTS:
            _park(job, at=at)
        job.save(update_fields=["last_error", "leased_until", "run_at", "state"])
        return False
    Job.objects.filter(pk=job_id).update(state=Job.State.DONE, leased_until=None, done_at=timezone.now(), last_error="")
    return True


def _park(job: Job, *, at: datetime) -> None:
    from .parked import tell_operators  # noqa: PLC0415 - notices are promises of this module

    job.state = Job.State.PARKED
    log.error("job %s (%s) is given up until an operator begins it anew", job.pk, job.kind)
    try:
        tell_operators(job, at=at)
    except Exception:
        log.exception("nobody could be told of it")


def begin_anew(parked: models.QuerySet[Job], *, at: datetime) -> int:
    """What stopped them is mended: they are tried from the first time on, as soon as the sweep has said so."""
    return parked.filter(state=Job.State.PARKED).update(state=Job.State.WAITING, attempts=0, run_at=at, hinted_at=None)


def hold(kind: str, key: str, *, at: datetime) -> None:
    """Said by a long handler as it gets on: it is still alive, nobody else is to take the promise over."""
    Job.objects.filter(key=f"{kind}:{key}", state=Job.State.WAITING).update(leased_until=at + settings.OUTBOX_LEASE)


def tries(kind: str, key: str) -> int:
    """How often the promise has been begun, the present time included."""
    return Job.objects.filter(key=f"{kind}:{key}").values_list("attempts", flat=True).first() or 0


def due(*, at: datetime) -> models.QuerySet[Job]:
    """Promises whose time has come and that nobody is keeping right now."""
    return (
        Job.objects.filter(state=Job.State.WAITING, run_at__lte=at)
        .filter(models.Q(leased_until=None) | models.Q(leased_until__lt=at))
        .order_by("run_at", "pk")
    )


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Hint again at everything due, of each queue by itself. Called by beat; finds what a dead broker or worker lost.

    What was said a moment ago and is not done still lies in its queue and counts, so that a flood does not make
    the queue longer than `limit` however long it lasts.
    """
    slow = models.Q(kind__in=_slow)
    said_again = at - settings.OUTBOX_HINT_AGAIN
    unheard = models.Q(hinted_at=None) | models.Q(hinted_at__lt=said_again)
    hinted = 0
    for waiting in (due(at=at).exclude(slow), due(at=at).filter(slow)):
        room = max(limit - waiting.filter(hinted_at__gte=said_again).count(), 0)
        for job in list(waiting.filter(unheard).only("kind")[:room]):
            if not hint(job):
                return hinted  # the broker is away: the next sweep tries again
            hinted += 1
    return hinted


def run_all(*, at: datetime, rounds: int = 20) -> int:
    """Keep every due promise here and now, and what follows from it: for commands and tests."""
    kept = 0
    for _round in range(rounds):
        job_ids = list(due(at=at).values_list("pk", flat=True))
        if not job_ids:
            break
        kept += sum(run(job_id, at=at) for job_id in job_ids)
    return kept


def forget(*, at: datetime) -> int:
    """Delete what was kept long enough ago; how many. What is parked stays until somebody has looked at it.

    Promised again later it is done again, which a handler bears anyhow.
    """
    old = Job.objects.filter(state=Job.State.DONE, done_at__lt=at - DONE_KEPT).order_by("pk")
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forgotten += Job.objects.filter(pk__in=keys).delete()[0]
    return forgotten


def prepare_broker() -> None:
    """Make the folders of the embedded default's filesystem broker."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        for name in ("data_folder_in", "control_folder"):
            Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS[name])).mkdir(parents=True, exist_ok=True)
