"""Many clients that owe, made fast, and workers that are killed at a seeded point of their work."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections

from billing.models import Invoice
from billing.operations.ladder import reschedule
from billing.operations.sweeping import sweep_all
from clientdesk.outbox import delivery
from clientdesk.outbox.delivery import deliver
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact
from tests.billing.desk import MINUTE, NOW

KILLED = -signal.SIGKILL
PATIENCE = 600


def owing(at: Workspace, count: int, *, due_on: date, total: int = 80_000) -> list[Invoice]:
    """`count` clients with one issued invoice each, on the workspace's ladder."""
    with acting_in(at.pk):
        clients = Client.objects.bulk_create(
            [
                Client(
                    workspace=at,
                    slug=f"client-{n}",
                    reference=f"C-{n}",
                    name=f"Client {n}",
                    country="HR",
                    language="hr" if n % 3 == 0 else "en",
                    created_at=NOW,
                )
                for n in range(count)
            ],
            batch_size=500,
        )
        Contact.objects.bulk_create(
            [
                Contact(
                    workspace=at,
                    client=client,
                    name="Ana Kralj",
                    email=f"client{n}@example.com",
                    is_primary=True,
                )
                for n, client in enumerate(clients)
            ],
            batch_size=500,
        )
        invoices = Invoice.objects.bulk_create(
            [
                Invoice(
                    workspace=at,
                    client=client,
                    state=Invoice.State.ISSUED,
                    number=f"M-{n:05}",
                    issued_on=due_on - timedelta(days=14),
                    due_on=due_on,
                    currency="EUR",
                    net_minor=total,
                    total_minor=total,
                    created_at=NOW,
                )
                for n, client in enumerate(clients)
            ],
            batch_size=500,
        )
        ids = [invoice.pk for invoice in invoices]
        for start in range(0, count, 500):
            reschedule(invoice_ids=ids[start : start + 500])
    return invoices


@contextmanager
def killed_at(event: int, *, before: bool) -> Iterator[None]:
    """Within the block this process dies at its `event`-th step: a statement to the database, done
    or not yet, or a point of the protocol with the mail server."""
    seen = 0

    def step() -> None:
        nonlocal seen
        seen += 1
        if seen == event:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Callable[..., Any], *arguments: Any) -> Any:
        if before:
            step()
            return execute(*arguments)
        answer = execute(*arguments)
        step()
        return answer

    delivery.checkpoint = lambda name: step()
    with connection.execute_wrapper(statement):
        yield


def work(now: datetime, *, kill_at: int | None = None, before: bool = True) -> Callable[[], None]:
    """What a worker does: a sweep and, the minute to take back being over, a delivery."""

    def both() -> None:
        with ExitStack() as stack:
            if kill_at is not None:
                stack.enter_context(killed_at(kill_at, before=before))
            sweep_all(now=now)
            deliver(now=now + 2 * MINUTE)

    return both


def in_workers(works: Sequence[Callable[[], object]]) -> list[int | None]:
    """Each in a forked process, at the same time; how they ended, in order."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_alone, args=(one,)) for one in works]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    return [worker.exitcode for worker in workers]


def _alone(one: Callable[[], object]) -> None:
    one()
    connections.close_all()
    os._exit(0)


def kill_points(seed: int, count: int, *, most: int) -> list[tuple[int, bool]]:
    """Seeded events to die at: as many among the first ten as among the last thousands."""
    chance = random.Random(seed)
    return [(int(most ** chance.random()), chance.random() < 0.5) for _ in range(count)]
