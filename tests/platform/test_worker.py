"""Real workers on either ground: the file broker, or Redis beside PostgreSQL."""

import signal

import pytest

from tests.processes import Desk, wait_for

NUDGE = "from clientdesk.celery import tidy; [tidy.delay() for _ in range(3)]"
WAITING = """
from clientdesk.celery import app
with app.connection_for_read() as connection:
    print(connection.default_channel.queue_declare("celery").message_count)
"""


def waiting(desk: Desk) -> int:
    return int(desk.manage("shell", "--verbosity", "0", "-c", WAITING).stdout)


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_a_worker_takes_what_was_sent_before_it_started(own_desk: Desk, pool: str) -> None:
    own_desk.manage("shell", "--verbosity", "0", "-c", NUDGE)
    assert waiting(own_desk) == 3
    worker = own_desk.worker(pool=pool)
    wait_for(lambda: waiting(own_desk) == 0, what="taking the messages")
    assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    assert "Traceback" not in own_desk.output(worker)


UNGUARD = """
from django.db import connection
from clientdesk.record.triggers import GUARDS
GUARDS.remove(connection)
"""


@pytest.mark.parametrize(
    "command",
    [
        ("celery", "-A", "clientdesk", "worker", "--pool", "threads"),
        ("gunicorn", "clientdesk.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"),
    ],
)
def test_nothing_starts_while_the_record_is_unguarded(
    own_desk: Desk, command: tuple[str, ...]
) -> None:
    own_desk.manage("shell", "--verbosity", "0", "-c", UNGUARD)
    process = own_desk.start("-m", *command)
    assert process.wait(timeout=30) != 0
    assert "the record is not guarded" in own_desk.output(process)
