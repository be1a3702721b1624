"""PostgreSQL and Redis taken away in the middle of the work: the rows are the truth."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from tests.billing.desk import TODAY, days, morning
from tests.faults import servers
from tests.faults.servers import Postgres
from tests.outbox.mailserver import MailServer
from tests.processes import Desk, _clean_environment, wait_for

pytestmark = pytest.mark.postgres

DAY = TODAY + days(3)
ROUND = timedelta(minutes=11)
FILL = """
from tests.billing import desk
from tests.billing.desk import TODAY
from tests.faults.crowd import owing
from clientdesk.workspaces.scoping import acting_in
at = desk.workspace()
with acting_in(at.pk):
    desk.ladder(at)
owing(at, {count}, due_on=TODAY)
"""
TOLD = """
import json
from collections import Counter
from billing.models import Step
from clientdesk.outbox.models import Message
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
print(json.dumps({
    "messages": Counter(Message.unscoped.values_list("state", flat=True)),
    "steps": Counter(Step.unscoped.values_list("state", flat=True)),
    "sent": list(Message.unscoped.filter(state="sent").values_list("message_id", flat=True)),
    "record": verify_record(Workspace.objects.get().pk).ok,
}))
"""


@pytest.fixture
def cluster() -> Iterator[Postgres]:
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture
def own_redis() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture
def desk_on(cluster: Postgres, server: MailServer, tmp_path: Path) -> Iterator[Desk]:
    """A desk on the cluster that will be broken, with mail that arrives."""
    data = tmp_path / "data"
    data.mkdir()
    environment = _clean_environment(data) | {
        "DATABASE_URL": cluster.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "EMAIL_TIMEOUT": "5",
    }
    desk = Desk(data, environment)
    try:
        desk.manage("migrate", "--verbosity", "0")
        yield desk
    finally:
        desk.end()


def told(desk: Desk) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        desk.manage("shell", "--verbosity", "0", "-c", TOLD).stdout.splitlines()[-1]
    )
    return answer


def lines(server: MailServer) -> int:
    return server.log.read_bytes().count(b"\n") if server.log.exists() else 0


def _restart_while_it_delivers(
    desk: Desk, cluster: Postgres, server: MailServer, *, count: int, restarts: int, seed: int
) -> None:
    desk.manage("shell", "--verbosity", "0", "-c", FILL.format(count=count))
    now = morning(DAY)
    desk.manage("sweep", "--now", now.isoformat())
    chance = random.Random(seed)
    interrupted = 0
    marks = sorted(chance.sample(range(count // 20, count // 2), restarts))
    for mark in marks:
        now += ROUND
        delivery = desk.start("manage.py", "deliver", "--now", now.isoformat())
        wait_for(
            lambda mark=mark, delivery=delivery: (  # type: ignore[misc] # bound at once
                lines(server) >= mark or delivery.poll() is not None
            ),
            seconds=120,
            what=f"letter {mark}",
        )
        cluster.restart_immediately()
        delivery.wait(timeout=120)
        interrupted += "OperationalError" in desk.output(delivery)
    # A pass may have been done before the restart came; one at least was cut off.
    assert interrupted
    desk.manage("deliver", "--now", (now + ROUND).isoformat())
    desk.manage("deliver", "--now", (now + 2 * ROUND).isoformat())

    received = server.received()
    ids = Counter(message.headers["Message-ID"] for message in received)
    steps = Counter(step for message in received for step in message.steps)
    assert max(ids.values()) == max(steps.values()) == 1
    end = told(desk)
    assert set(end["messages"]) <= {"sent", "uncertain"}
    assert sum(end["messages"].values()) == count
    assert end["steps"].get("sent") == end["messages"]["sent"]
    assert end["steps"].get("stuck", 0) == end["messages"].get("uncertain", 0)
    assert set(end["sent"]) <= set(ids)
    assert count - restarts * 50 <= end["messages"]["sent"]
    assert end["record"] is True


def test_postgres_restarted_while_letters_leave(
    desk_on: Desk, cluster: Postgres, server: MailServer
) -> None:
    _restart_while_it_delivers(desk_on, cluster, server, count=150, restarts=2, seed=5)


@pytest.mark.soak
def test_postgres_restarted_ten_times_while_letters_leave(
    desk_on: Desk, cluster: Postgres, server: MailServer
) -> None:
    _restart_while_it_delivers(desk_on, cluster, server, count=3_000, restarts=10, seed=6)


WAITING = """
from datetime import date
from django.utils import timezone
from clientdesk import clock
from clientdesk.celery import app
from clientdesk.documents.operations import request_job
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import days
from billing.operations.sweeping import sweep_all
desk.NOW = clock.now()
at = desk.workspace(time_zone="UTC")
Workspace.objects.filter(pk=at.pk).update(send_from=0, send_until=24)
# The mail of the day would be one more message, on working days only.
at.memberships.update(daily_mail=False)
today = at.local_today(clock.now())
with acting_in(at.pk):
    desk.ladder(at)
    swept = desk.invoice(desk.client(at, "Lune"), due_on=today - days(5))
    sweep_all(now=clock.now() - 2 * desk.MINUTE)
    due = desk.invoice(desk.client(at, "Kafka", email="k@example.com"), due_on=today - days(5))
    params = {"client": due.client_id, "first": "2025-03-01", "last": "2025-06-01",
              "language": "en"}
    request_job(workspace_id=at.pk, kind="final_report", params=params, now=clock.now(),
                created_by=None)
for name in ("billing.sweep", "outbox.deliver", "documents.rescue"):
    app.send_task(name)
"""
BEAT = """
from clientdesk.celery import app
for name in app.conf.beat_schedule:
    app.send_task(name)
"""
DONE = """
import json
from billing.models import Step
from clientdesk.documents.models import Job
from clientdesk.outbox.models import Message
print(json.dumps({
    "messages": sorted(Message.unscoped.values_list("state", flat=True)),
    "steps": Step.unscoped.count(),
    "jobs": list(Job.unscoped.values_list("state", flat=True)),
}))
"""


def _state(desk: Desk) -> dict[str, Any]:
    done = desk.manage("shell", "--verbosity", "0", "-c", DONE)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _nudges(url: str) -> int:
    with redis_client.Redis.from_url(url) as connection:
        return int(connection.llen("celery"))


def _flush(url: str) -> None:
    with redis_client.Redis.from_url(url) as connection:
        connection.flushall()


def test_redis_flushed_while_jobs_and_beats_wait(
    desk_on: Desk, own_redis: str, server: MailServer
) -> None:
    """What was told is forgotten; the next beat finds it all in the rows."""
    desk_on.environment["REDIS_URL"] = own_redis
    desk_on.manage("shell", "--verbosity", "0", "-c", WAITING)
    assert _nudges(own_redis) >= 3
    _flush(own_redis)
    worker = desk_on.worker()
    before = _state(desk_on)
    assert before == {"messages": ["queued"], "steps": 1, "jobs": ["queued"]}
    _flush(own_redis)

    desk_on.manage("shell", "--verbosity", "0", "-c", BEAT)
    expected = {"messages": ["queued", "sent"], "steps": 2, "jobs": ["done"]}
    wait_for(lambda: _state(desk_on) == expected, seconds=60, what="all that waited")
    assert worker.poll() is None

    # Once more under the worker's hands, with the beat's own tasks on their way.
    _flush(own_redis)
    desk_on.manage("shell", "--verbosity", "0", "-c", BEAT)
    wait_for(lambda: _nudges(own_redis) == 0, what="taking the nudges after the flush")
    assert server.addresses() == ["ana@example.com"]
    assert _state(desk_on)["steps"] == 2
