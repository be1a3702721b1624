"""A sweep and the delivery of its reminders, against Django sending the same messages bare.

python -m benchmarks.dunning ours SLUG DUE      one run of ours
python -m benchmarks.dunning bare COUNT         one run of Django's
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks import ground, sink
from benchmarks.ground import LARGE, NOW, QUICK, RUNS, Ground, figure, middle

DUE = (20, 60) if QUICK else (1_000, 10_000)
BARE = 60 if QUICK else 2_000
AFTER_UNDO = timedelta(minutes=2)


def run() -> Iterator[dict[str, object]]:
    """Messages a second of one process, beside bare Django's; memory of many beside few."""
    with ground.grounds() as grounds, sink.running() as port:
        for here in grounds:
            here.fill(LARGE)
            yield from _on(here, port)


def _on(here: Ground, port: int) -> Iterator[dict[str, object]]:
    memory: list[float] = []
    for due in DUE:
        ours, bare = [], []
        for _ in range(RUNS):
            slug = f"{ground.SLUG}-{LARGE.invoices}"
            mail = f"smtp://127.0.0.1:{port}"
            ours.append(here.child("benchmarks.dunning", "ours", slug, due, EMAIL_URL=mail))
            bare.append(here.child("benchmarks.dunning", "bare", BARE, EMAIL_URL=mail))
        name = f"dunning/{here.engine}/{due}"
        yield figure(name, middle(ours, "rate"), "messages/s", baseline=middle(bare, "rate"))
        yield figure(
            f"{name}/cpu", middle(ours, "cpu_ms"), "ms/message", baseline=middle(bare, "cpu_ms")
        )
        memory.append(middle(ours, "memory_mb"))
    yield figure(f"dunning/{here.engine}/memory", memory[1], "MB", baseline=memory[0])


def _measured(count: int, seconds: float, cpu: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rate": count / seconds,
        "cpu_ms": 1000 * cpu / count,
        "memory_mb": peak,
    }


WARM = 10


def _ours(slug: str, due: int) -> dict[str, float]:
    from billing.models import Invoice  # noqa: PLC0415 -- after django.setup()
    from billing.operations.sweeping import sweep_all  # noqa: PLC0415
    from clientdesk.outbox.delivery import deliver  # noqa: PLC0415
    from clientdesk.workspaces.models import Workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    ids = Invoice.unscoped.filter(workspace=workspace, next_step_on__isnull=False, steps=None)
    chosen = list(ids.order_by("pk").values_list("pk", flat=True)[:due])
    for start in range(0, due, 500):
        Invoice.unscoped.filter(pk__in=chosen[start : start + 500]).update(
            next_step_on=ground.TODAY
        )
    started, cpu = time.perf_counter(), time.process_time()
    swept = sweep_all(now=NOW)
    result = deliver(now=NOW + AFTER_UNDO)
    took, spent = time.perf_counter() - started, time.process_time() - cpu
    queued = swept[slug].queued
    if not queued == result.sent == due:
        raise SystemExit(f"{due} due, {queued} queued, {result.as_dict()}")
    return _measured(due, took, spent)


def _bare(count: int) -> dict[str, float]:
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415, TID251 -- what we measure ourselves against
    from django.template import Context, Engine  # noqa: PLC0415

    from benchmarks import bare  # noqa: PLC0415

    subject, text, html = (Engine().from_string(one) for one in bare.templates())
    with get_connection() as connection:
        for number in range(WARM + count):
            if number == WARM:
                started, cpu = time.perf_counter(), time.process_time()
            facts = Context(bare.facts(number))
            plain = Context(bare.facts(number), autoescape=False)
            message = EmailMultiAlternatives(
                subject.render(plain),
                text.render(plain),
                "Jana Novak <desk@example.com>",
                [f"Ana Horvat {number} <ana{number}@client{number}.example.com>"],
                reply_to=["Jana Novak <jana@example.com>"],
                headers={"Auto-Submitted": "auto-generated"},
                connection=connection,
            )
            message.attach_alternative(html.render(facts), "text/html")
            message.send()
    return _measured(count, time.perf_counter() - started, time.process_time() - cpu)


if __name__ == "__main__":
    ground.setup()
    what, *rest = sys.argv[1:]
    if what == "ours":
        print(json.dumps(_ours(rest[0], int(rest[1]))))
    else:
        print(json.dumps(_bare(int(rest[0]))))
