"""Where benchmarks run: both databases, filled in no time, in processes that can be weighed.

Settings are read once a process, so each database is worked on by children of its own:

    python -m benchmarks.ground fill INVOICES OPEN CLIENTS
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

from tools import services

ROOT = Path(__file__).resolve().parent.parent
QUICK = os.environ.get("BENCH_QUICK", "") not in ("", "0")
RUNS = 2 if QUICK else 5
NOW = datetime(2026, 5, 14, 7, 0, tzinfo=UTC)
TODAY = NOW.date()
SLUG = "bench"
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many invoices there are in all, how many of them are open, and whose they are."""

    invoices: int
    open: int
    clients: int


SMALL = Size(300, 100, 60)
LARGE = Size(1_200, 400, 240) if QUICK else Size(300_000, 100_000, 60_000)


@dataclass(frozen=True, slots=True)
class Ground:
    """An empty database and the environment in which a child works on it."""

    engine: str
    environment: Mapping[str, str]

    def child(self, module: str, *arguments: object, **more: str) -> dict[str, float]:
        """Run `python -m module arguments` here; the JSON object of its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer

    def fill(self, size: Size) -> None:
        self.child("benchmarks.ground", "fill", size.invoices, size.open, size.clients)


@contextmanager
def grounds() -> Iterator[list[Ground]]:
    """SQLite, and PostgreSQL where it can be had; gone with the block."""
    keep = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
    keep["PYTHONPATH"] = str(ROOT)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clientdesk-bench-"))
        base = {
            **keep,
            "CLIENTDESK_DATA": folder,
            "CLIENTDESK_BASE_URL": "https://desk.example.com",
        }
        found = [Ground("sqlite", base)]
        if url := _postgres(stack):
            found.append(Ground("postgresql", {**base, "DATABASE_URL": url}))
        yield found


_SETTINGS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DEBUG", "CLIENTDESK_DATA"}


def _postgres(stack: ExitStack) -> str:
    """A database of one's own on the server that DATABASE_URL names, or on one started here."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        try:
            server = stack.enter_context(services.postgres(durable=True))
        except services.NotToBeHad as error:
            print(f"PostgreSQL is left out: {error}", file=sys.stderr)
            return ""
    name = f"clientdesk_bench_{os.getpid()}"
    _sql(server, f'CREATE DATABASE "{name}"')
    stack.callback(_sql, server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _sql(url: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415 -- only where there is PostgreSQL

    whole = urlsplit(url)
    if not whole.path.strip("/"):
        whole = whole._replace(path="/postgres")
    address = urlunsplit(whole._replace(scheme="postgresql"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def figure(
    name: str, value: float, unit: str, *, baseline: float, ratio: float | None = None
) -> dict[str, object]:
    """One line of the result; `ratio` is value to baseline unless given."""
    quotient = value / baseline if ratio is None else ratio
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": round(baseline, 3),
        "ratio": round(quotient, 3),
    }


def middle(answers: Sequence[Mapping[str, float]], name: str) -> float:
    """The median of one measure over several runs."""
    return median(answer[name] for answer in answers)


def setup() -> None:
    """Make Django ready; only in a child."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")
    import django  # noqa: PLC0415 -- settings are read here

    django.setup()


def due_day(number: int, size: Size) -> date:
    """Every client has one open invoice that is a reminder late; the others are not due yet."""
    if number < size.clients:
        return TODAY - timedelta(days=8 + number % 40)
    return TODAY + timedelta(days=number % 30)


def _fill(size: Size) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()
    from django.db import connection  # noqa: PLC0415

    from billing.models import Invoice  # noqa: PLC0415
    from clientdesk.workspaces.models import User, Workspace  # noqa: PLC0415
    from clientdesk.workspaces.operations import create_workspace  # noqa: PLC0415
    from clients.models import Client, Contact  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner = User.objects.filter(email="owner@example.com").first()
    owner = owner or User.objects.create_user("owner@example.com", "word", name="Jana Novak")
    slug = f"{SLUG}-{size.invoices}"
    create_workspace(name=slug, slug=slug, owner=owner, now=NOW)
    Workspace.objects.filter(slug=slug).update(
        legal_name="Jana Novak, obrt za dizajn",
        address="Ilica 1\n10000 Zagreb",
        email="jana@example.com",
    )
    workspace = Workspace.objects.get(slug=slug)
    clients: list[Client] = []
    for chunk in _chunks(size.clients):
        clients += Client.unscoped.bulk_create(
            Client(
                workspace=workspace,
                slug=f"client-{number}",
                reference=f"C{number}",
                name=f"Kavana Sunce {number}",
                country="HR",
                language="en",
                created_at=NOW,
            )
            for number in chunk
        )
    for chunk in _chunks(size.clients):
        Contact.unscoped.bulk_create(
            Contact(
                workspace=workspace,
                client=clients[number],
                name=f"Ana Horvat {number}",
                email=f"ana{number}@client{number}.example.com",
                is_primary=True,
            )
            for number in chunk
        )
    ids = [client.pk for client in clients]
    for chunk in _chunks(size.invoices):
        Invoice.unscoped.bulk_create(
            Invoice(**_invoice(number, size), workspace=workspace, client_id=ids[number % len(ids)])
            for number in chunk
        )
    with connection.cursor() as cursor:
        # As autovacuum would have, soon after.
        cursor.execute("ANALYZE")


def _chunks(whole: int) -> Iterator[list[int]]:
    numbers = iter(range(whole))
    while chunk := list(islice(numbers, CHUNK)):
        yield chunk


def _invoice(number: int, size: Size) -> dict[str, object]:
    total = 10_000 + number % 90_000
    is_open = number < size.open
    due_on = due_day(number, size) if is_open else TODAY - timedelta(days=30 + number % 900)
    return {
        "state": "issued",
        "number": f"2026-{number:06}",
        "issued_on": due_on - timedelta(days=14),
        "due_on": due_on,
        "currency": "EUR" if number % 10 else "USD",
        "description": "Design of the month",
        "net_minor": total,
        "total_minor": total,
        "paid_minor": 0 if is_open else total,
        "settled_on": None if is_open else due_on + timedelta(days=number % 20),
        # All of them on the ladder, none due: a run makes its own due.
        "next_step_on": TODAY + timedelta(days=1 + number % 30) if is_open else None,
        "next_step_automatic": True,
        "created_at": NOW,
    }


if __name__ == "__main__":
    setup()
    if sys.argv[1] == "fill":
        _fill(Size(*map(int, sys.argv[2:5])))
        print("{}")
