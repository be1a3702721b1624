"""A sweep that finds nothing due, where 100,000 invoices are open.

python -m benchmarks.idle_sweep ours
"""

import json
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks import ground
from benchmarks.ground import LARGE, NOW, RUNS, SMALL, figure, middle

REPEATS = 20


def run() -> Iterator[dict[str, object]]:
    """Milliseconds of such a sweep, beside one over a desk of 300 invoices."""
    with ground.grounds() as grounds:
        for here in grounds:
            here.fill(SMALL)
            few = [here.child("benchmarks.idle_sweep", "ours") for _ in range(RUNS)]
            here.fill(LARGE)
            many = [here.child("benchmarks.idle_sweep", "ours") for _ in range(RUNS)]
            name = f"idle_sweep/{here.engine}"
            yield figure(name, middle(many, "ms"), "ms", baseline=middle(few, "ms"))


def _ours() -> dict[str, float]:
    from billing.operations.sweeping import sweep_all  # noqa: PLC0415 -- after django.setup()

    took = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        result = sweep_all(now=NOW)
        took.append(1000 * (time.perf_counter() - started))
        if any(one.queued or one.review or one.failed for one in result.values()):
            raise SystemExit("something was due")
    return {"ms": median(took)}


if __name__ == "__main__":
    ground.setup()
    if sys.argv[1] == "ours":
        print(json.dumps(_ours()))
