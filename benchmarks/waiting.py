"""The page Waiting with 5,000 open requests of 250 clients, and with 50 of 5.

python -m benchmarks.waiting fill REQUESTS CLIENTS
python -m benchmarks.waiting ours REQUESTS
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from benchmarks import ground
from benchmarks.ground import CHUNK, NOW, QUICK, RUNS, TODAY, figure, middle

FEW = (50, 5)
MANY = (200, 10) if QUICK else (5_000, 250)
REPEATS = 3 if QUICK else 20


def run() -> Iterator[dict[str, object]]:
    """Milliseconds from the database to what the page shows, and its queries."""
    with ground.grounds() as grounds:
        for here in grounds:
            few, many = [], []
            for requests, clients in (FEW, MANY):
                here.child("benchmarks.waiting", "fill", requests, clients)
            # In turns: a machine that is busy for a while is busy for both.
            for _ in range(RUNS):
                few.append(here.child("benchmarks.waiting", "ours", FEW[0]))
                many.append(here.child("benchmarks.waiting", "ours", MANY[0]))
            for name, unit in (("page", "ms"), ("queries", "queries")):
                yield figure(
                    f"waiting/{here.engine}/{name}",
                    middle(many, name),
                    unit,
                    baseline=middle(few, name),
                )


def _slug(requests: int) -> str:
    return f"bench-waiting-{requests}"


def _fill(count: int, clients: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()
    from django.db import connection  # noqa: PLC0415

    from clientdesk.workspaces.models import User  # noqa: PLC0415
    from clientdesk.workspaces.operations import create_workspace  # noqa: PLC0415
    from clients.models import Client, Project  # noqa: PLC0415
    from feedback.models import Request, Round  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner, _ = User.objects.get_or_create(email="owner@example.com")
    at = create_workspace(name="W", slug=_slug(count), owner=owner, now=NOW)
    made = Client.unscoped.bulk_create(
        Client(
            workspace=at, slug=f"c{n}", reference=f"C{n}", name=f"Client {n}", country="HR",
            currency="EUR", created_at=NOW,
        )
        for n in range(clients)
    )  # fmt: skip
    projects = Project.unscoped.bulk_create(
        Project(
            workspace=at, client=client, name="Care", started_on=TODAY - timedelta(days=90),
            delivery_on=TODAY + timedelta(days=30), created_at=NOW,
        )
        for client in made
    )  # fmt: skip
    days = [(TODAY - timedelta(days=10 + n % 40), n % 30) for n in range(count)]
    requests = Request.unscoped.bulk_create(
        (
            Request(
                workspace=at, client=made[n % clients], project=projects[n % clients],
                title=f"Question {n}", kind="question", asked_on=asked_on,
                answer_by=asked_on + timedelta(days=within), next_step_on=TODAY, created_at=NOW,
            )
            for n, (asked_on, within) in enumerate(days)
        ),
        batch_size=CHUNK,
    )  # fmt: skip
    Round.unscoped.bulk_create(
        (
            Round(
                workspace=at, request=one, number=1, asked_on=one.asked_on,
                answer_by=one.answer_by, created_at=NOW,
            )
            for one in requests
        ),
        batch_size=CHUNK,
    )  # fmt: skip
    with connection.cursor() as cursor:
        # As autovacuum would have, soon after.
        cursor.execute("ANALYZE")


def _ours(count: int) -> dict[str, float]:
    from django.db import connection  # noqa: PLC0415 -- after django.setup()
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from clientdesk.workspaces.models import Workspace  # noqa: PLC0415
    from clientdesk.workspaces.scoping import acting_in  # noqa: PLC0415
    from feedback.queries.waiting import board  # noqa: PLC0415

    took = []
    with acting_in(Workspace.objects.get(slug=_slug(count)).pk):
        for _ in range(REPEATS):
            started = time.perf_counter()
            board(today=TODAY)
            took.append(1000 * (time.perf_counter() - started))
        with CaptureQueriesContext(connection) as queries:
            board(today=TODAY)
    return {"page": median(took), "queries": len(queries)}


if __name__ == "__main__":
    ground.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]), int(sys.argv[3]))
        print("{}")
    elif sys.argv[1] == "ours":
        print(json.dumps(_ours(int(sys.argv[2]))))
