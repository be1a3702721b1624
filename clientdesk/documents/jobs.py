"""Making documents outside of requests: once each, whatever dies on the way.

A claim is a conditional UPDATE, so one worker wins on any database. A worker that is killed stops
renewing its lease; when that runs out the job is taken up again, three times at most. The document
and the job's end are committed together, and only by the worker whose claim still stands.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from clientdesk.documents.models import Document, Job
from clientdesk.workspaces.scoping import acting_in

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=150)
MAX_ATTEMPTS = 3


class ClaimLost(Exception):
    """Another worker has the job by now; what this one made is thrown away."""


class JobRefused(Exception):
    """The job can never succeed; its text is shown to the one who asked."""


@dataclass(frozen=True, slots=True)
class Report:
    """Tells how far the job is, and renews its lease while doing so."""

    job_id: int
    attempt: int
    clock: Callable[[], datetime]

    def __call__(self, progress: int, message: str = "") -> None:
        """`progress` in per cent. Raises ClaimLost."""
        renewed = _mine(self.job_id, self.attempt).update(
            progress=max(0, min(progress, 99)),
            message=message[:200],
            lease_until=self.clock() + LEASE,
        )
        if not renewed:
            raise ClaimLost(self.job_id)


# Handlers do their slow work outside of a transaction; what they return is not stored yet.
@dataclass(frozen=True, slots=True)
class Made:
    """A finished file, to be stored by `store` in the transaction that ends the job."""

    store: Callable[[datetime], Document]


Handler = Callable[[Job, Report], Made | Document]
_handlers: dict[str, Handler] = {}


def register_job(kind: str, handler: Handler) -> None:
    """Called once per kind, when the owning app is ready."""
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    """Raises UnknownJob."""
    from clientdesk.documents.operations import UnknownJob  # noqa: PLC0415 -- no circle at import

    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownJob(kind) from None


def params_of(job: Job) -> Mapping[str, Any]:
    params: dict[str, Any] = json.loads(job.params)
    return params


def run_job(job_id: int, clock: Callable[[], datetime]) -> Job | None:
    """Claim the job and make its document; None where there is nothing to claim.

    Call it with the job's workspace active, or none: it enters the workspace itself.
    """
    job = _claim(job_id, clock())
    if job is None:
        return None
    report = Report(job.pk, job.attempts, clock)
    with acting_in(job.workspace_id):
        try:
            made = handler_of(job.kind)(job, report)
            _finish(job, made, clock())
        except ClaimLost:
            log.warning("job %s was taken up by another worker", job.pk)
        except JobRefused as error:
            _give_up(job, str(error))
        except Exception:
            log.exception("job %s, attempt %s", job.pk, job.attempts)
            _put_back_or_give_up(job)
    return Job.unscoped.get(pk=job.pk)


def waiting(*, now: datetime) -> list[int]:
    """Ids of jobs that a worker may take: waiting ones and those whose lease has run out."""
    return list(
        Job.unscoped.filter(_takeable(now)).order_by("pk").values_list("pk", flat=True)[:100]
    )


def give_up_exhausted(*, now: datetime) -> int:
    """Jobs whose worker died at the last attempt fail in the open."""
    return Job.unscoped.filter(
        state=Job.State.RUNNING, lease_until__lte=now, attempts__gte=MAX_ATTEMPTS
    ).update(state=Job.State.FAILED, lease_until=None)


def _takeable(now: datetime) -> Q:
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lte=now)
    return free & Q(attempts__lt=MAX_ATTEMPTS)


def _claim(job_id: int, now: datetime) -> Job | None:
    claimed = Job.unscoped.filter(_takeable(now), pk=job_id).update(
        state=Job.State.RUNNING,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        progress=0,
        message="",
        error="",
    )
    return Job.unscoped.get(pk=job_id) if claimed else None


def _mine(job_id: int, attempt: int) -> models.QuerySet[Job]:
    """The job as long as this attempt is the one that runs: each claim counts one up."""
    return Job.unscoped.filter(pk=job_id, attempts=attempt, state=Job.State.RUNNING)


def _finish(job: Job, made: Made | Document, now: datetime) -> None:
    with transaction.atomic():
        # First, so that of two workers one is told here, before it stores anything.
        if not _mine(job.pk, job.attempts).update(lease_until=now + LEASE):
            raise ClaimLost(job.pk)
        document = made.store(now) if isinstance(made, Made) else made
        _mine(job.pk, job.attempts).update(
            state=Job.State.DONE, progress=100, document=document, lease_until=None, message=""
        )


def _give_up(job: Job, error: str) -> None:
    _mine(job.pk, job.attempts).update(state=Job.State.FAILED, lease_until=None, error=error[:300])


def _put_back_or_give_up(job: Job) -> None:
    """The error itself is in the log; the page has a plain sentence for a job without one."""
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, "")
        return
    _mine(job.pk, job.attempts).update(state=Job.State.QUEUED, lease_until=None)
