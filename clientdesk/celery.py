"""The Celery application: the broker only nudges, what is due stands in the database.

Two ways to run, chosen by REDIS_URL: Redis, or files in the data directory (`filesystem://`).
A lost, doubled or late message therefore changes nothing but the moment a sweep runs.
"""

import contextvars
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import celery
from celery.signals import worker_init
from django.conf import settings
from django.db import connection
from kombu.transport import TRANSPORT_ALIASES

from clientdesk import guards
from clientdesk.guards import TriggersMissing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")

EVERY_MINUTE = 60.0
EVERY_HOUR = 3600.0
PROCESSED_KEPT_SECONDS = 24 * 3600


class Task(celery.Task[Any, Any]):
    """Runs each task in an empty context.

    A worker thread lives on between tasks. Whatever a task leaves in a ContextVar (a workspace, a
    language) would be seen by the next one on that thread, and by it alone: worst to find.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        run: Callable[..., Any] = self.run
        return contextvars.Context().run(run, *args, **kwargs)


def file_broker(directory: Path) -> dict[str, Any]:
    """Settings for a broker of files under `directory`, which is made where it is missing."""
    folders = {name: directory / name for name in ("queue", "processed", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    TRANSPORT_ALIASES["filesystem"] = "clientdesk.filebroker:Transport"
    return {
        "broker_url": "filesystem://localhost",
        "broker_transport_options": {
            "data_folder_in": str(folders["queue"]),
            "data_folder_out": str(folders["queue"]),
            "store_processed": True,
            "processed_folder": str(folders["processed"]),
            "control_folder": str(folders["control"]),
            "polling_interval": 0.2,
        },
        # Broadcasts would leave a queue of files behind for every worker that ever ran.
        "worker_enable_remote_control": False,
    }


app = celery.Celery("clientdesk", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    {"broker_url": settings.REDIS_URL}
    if settings.REDIS_URL
    else file_broker(settings.DATA_DIR / "broker")
)
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
    # Kept in memory: a minute's interval needs no file, and a file can be broken by a power cut.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        name: {
            "task": name,
            "schedule": seconds,
            # What was not picked up before the next nudge is stale: no backlog after downtime.
            "options": {"expires": seconds - 5},
        }
        for name, seconds in {
            "billing.sweep": EVERY_MINUTE,
            "desk.daily": EVERY_MINUTE,
            "feedback.sweep": EVERY_MINUTE,
            "outbox.deliver": EVERY_MINUTE,
            "documents.rescue": EVERY_MINUTE,
            "documents.tidy": EVERY_HOUR,
            "broker.tidy": EVERY_MINUTE,
        }.items()
    },
)
app.autodiscover_tasks()


@worker_init.connect
def _refuse_without_triggers(**_: Any) -> None:
    """A worker that could rewrite the record does not start."""
    try:
        for one in guards.every():
            one.require(connection)
    except TriggersMissing as error:
        # SystemExit: Celery only logs other exceptions that come out of here.
        sys.exit(f"The worker cannot start: {error}")
    connection.close()


@app.task(name="broker.tidy")
def tidy() -> int:
    """Delete messages that were taken more than a day ago; answers how many."""
    if settings.REDIS_URL:
        return 0
    oldest = time.time() - PROCESSED_KEPT_SECONDS  # noqa: TID251 -- age of files, no business time
    removed = 0
    for message in (settings.DATA_DIR / "broker" / "processed").iterdir():
        if message.stat().st_mtime < oldest:
            message.unlink(missing_ok=True)
            removed += 1
    return removed
