"""The Celery application: nothing leaks between tasks, file messages appear whole."""

import os
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from queue import Empty
from typing import Any

import celery
import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.utils import translation
from kombu import Connection

from clientdesk import celery as desk_celery
from tests.processes import wait_for

left_behind: ContextVar[str] = ContextVar("left_behind", default="nothing")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[celery.Celery[Any]]:
    """An application like the project's, on a file broker of its own."""
    own = celery.Celery("test", task_cls=desk_celery.Task, set_as_current=False)
    own.conf.update(desk_celery.file_broker(tmp_path / "broker"), task_ignore_result=True)
    yield own
    own.close()
    desk_celery.app.set_current()


def test_a_task_leaves_nothing_to_the_next_on_its_thread(app: celery.Celery[Any]) -> None:
    seen: list[tuple[str, str, int]] = []

    @app.task(name="test.leave")
    def leave(what: str) -> None:
        seen.append((left_behind.get(), translation.get_language() or "", threading.get_ident()))
        left_behind.set(what)
        translation.activate("hr")

    with start_worker(app, pool="threads", concurrency=1, perform_ping_check=False):
        for what in ("first", "second", "third"):
            leave.delay(what)
        wait_for(lambda: len(seen) == 3, what="the third task")

    assert [what for what, _, _ in seen] == ["nothing"] * 3
    assert {language for _, language, _ in seen} == {settings.LANGUAGE_CODE}
    assert len({thread for _, _, thread in seen}) == 1


def test_a_task_does_not_see_what_its_caller_has_set(app: celery.Celery[Any]) -> None:
    seen: list[str] = []

    @app.task(name="test.look")
    def look() -> None:
        seen.append(left_behind.get())

    token = left_behind.set("the caller's")
    try:
        look()
        look.apply()
    finally:
        left_behind.reset(token)
    assert seen == ["nothing", "nothing"]


def test_messages_of_the_file_broker_are_never_seen_half_written(app: celery.Celery[Any]) -> None:
    count = 200
    taken: list[Any] = []
    body = {"text": "č" * 50_000}

    def send(channel: Any) -> None:
        for _ in range(count):
            channel._put("nudges", body)

    options = app.conf.broker_transport_options
    with (
        Connection("filesystem://localhost", transport_options=options) as sending,
        Connection("filesystem://localhost", transport_options=options) as taking,
    ):
        sender = threading.Thread(target=send, args=[sending.channel()])
        reader: Any = taking.channel()
        sender.start()
        deadline = time.monotonic() + 60
        while len(taken) < count and time.monotonic() < deadline:
            try:
                taken.append(reader._get("nudges"))
            except Empty:
                continue
        sender.join()
    assert taken == [body] * count


def test_beat_nudges_what_is_due() -> None:
    schedule = desk_celery.app.conf.beat_schedule
    assert {name: entry["schedule"] for name, entry in schedule.items()} == {
        "billing.sweep": 60.0,
        "desk.daily": 60.0,
        "feedback.sweep": 60.0,
        "outbox.deliver": 60.0,
        "documents.rescue": 60.0,
        "documents.tidy": 3600.0,
        "broker.tidy": 60.0,
    }


@pytest.mark.sqlite
def test_messages_taken_more_than_a_day_ago_are_deleted() -> None:
    processed = settings.DATA_DIR / "broker" / "processed"
    old, new = processed / "old.celery.msg", processed / "new.celery.msg"
    for message, age in ((old, 25 * 3600), (new, 23 * 3600)):
        message.touch()
        then = time.time() - age
        os.utime(message, (then, then))
    desk_celery.tidy()
    assert [path.name for path in (old, new) if path.exists()] == ["new.celery.msg"]
