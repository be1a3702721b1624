"""The clock and the forecast of one project with 1,000 requests over three years.

python -m benchmarks.clock fill REQUESTS
python -m benchmarks.clock ours
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from benchmarks import ground
from benchmarks.ground import CHUNK, NOW, QUICK, RUNS, TODAY, figure, middle

REQUESTS = 50 if QUICK else 1_000
REPEATS = 3 if QUICK else 20
DAYS = 3 * 365
SLUG = "bench-clock"


def run() -> Iterator[dict[str, object]]:
    """Milliseconds from the database to the drawn figures, beside the bare query of these rows."""
    with ground.grounds() as grounds:
        for here in grounds:
            here.child("benchmarks.clock", "fill", REQUESTS)
            took = [here.child("benchmarks.clock", "ours") for _ in range(RUNS)]
            name = f"clock/{here.engine}"
            rows = middle(took, "rows")
            yield figure(f"{name}/clock_and_forecast", middle(took, "both"), "ms", baseline=rows)
            yield figure(f"{name}/page", middle(took, "page"), "ms", baseline=rows)


def _fill(count: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()
    from django.db import connection  # noqa: PLC0415

    from clientdesk.workspaces.models import User  # noqa: PLC0415
    from clientdesk.workspaces.operations import create_workspace  # noqa: PLC0415
    from clients.models import Client, Project  # noqa: PLC0415
    from feedback.models import Request, Round  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("owner@example.com", "word", name="Jana Novak")
    workspace = create_workspace(name=SLUG, slug=SLUG, owner=owner, now=NOW)
    client = Client.unscoped.create(
        workspace=workspace, slug="kavana", reference="C1", name="Kavana Sunce", country="HR",
        created_at=NOW,
    )  # fmt: skip
    begun_on = TODAY - timedelta(days=DAYS)
    project = Project.unscoped.create(
        workspace=workspace, client=client, name="Care", started_on=begun_on,
        delivery_on=TODAY + timedelta(days=60), created_at=NOW,
    )  # fmt: skip
    chance = random.Random(count)
    days: list[tuple[date, date, date | None]] = []
    for number in range(count):
        asked_on = begun_on + timedelta(days=number * DAYS // count)
        answer_by = asked_on + timedelta(days=4)
        closed_on = asked_on + timedelta(days=chance.randrange(12))
        days.append((asked_on, answer_by, closed_on if closed_on <= TODAY else None))
    requests = Request.unscoped.bulk_create(
        (
            Request(
                workspace=workspace,
                client=client,
                project=project,
                title=f"Post {number}",
                asked_on=asked_on,
                answer_by=answer_by,
                state="answered" if closed_on else "open",
                answered_on=closed_on,
                created_at=NOW,
            )
            for number, (asked_on, answer_by, closed_on) in enumerate(days)
        ),
        batch_size=CHUNK,
    )
    Round.unscoped.bulk_create(
        (
            Round(
                workspace=workspace,
                request=request,
                number=1,
                asked_on=asked_on,
                answer_by=answer_by,
                closed_on=closed_on,
                closed="answered" if closed_on else "",
                created_at=NOW,
            )
            for request, (asked_on, answer_by, closed_on) in zip(requests, days, strict=True)
        ),
        batch_size=CHUNK,
    )
    with connection.cursor() as cursor:
        # As autovacuum would have, soon after.
        cursor.execute("ANALYZE")


def _ours() -> dict[str, float]:
    from clientdesk.workspaces.models import Workspace  # noqa: PLC0415 -- after django.setup()
    from clientdesk.workspaces.scoping import acting_in  # noqa: PLC0415
    from clients.models import Project  # noqa: PLC0415
    from feedback.models import Round  # noqa: PLC0415
    from feedback.queries.clock import clock_of, forecast_of  # noqa: PLC0415
    from feedback.queries.project_page import page_of  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=SLUG)
    took: dict[str, list[float]] = {"rows": [], "both": [], "page": []}
    with acting_in(workspace.pk):
        project = Project.objects.select_related("client").get()

        def rows() -> None:
            bare = Round.objects.filter(request__project=project).order_by()
            list(bare.values_list("request_id", "asked_on", "answer_by", "closed_on"))

        def both() -> None:
            clock_of(project, today=TODAY)
            forecast_of(project, today=TODAY)

        def page() -> None:
            page_of(project, workspace, today=TODAY)

        # In turns: a machine that is busy for a while is busy for all of them.
        for _ in range(REPEATS):
            for name, work in (("rows", rows), ("both", both), ("page", page)):
                started = time.perf_counter()
                work()
                took[name].append(1000 * (time.perf_counter() - started))
    return {name: median(times) for name, times in took.items()}


if __name__ == "__main__":
    ground.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]))
        print("{}")
    elif sys.argv[1] == "ours":
        print(json.dumps(_ours()))
