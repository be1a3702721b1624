"""Today, the list of invoices and one invoice, at 300,000 invoices and at 300.

python -m benchmarks.pages ours SLUG
"""

import json
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks import ground
from benchmarks.ground import LARGE, NOW, RUNS, SLUG, SMALL, figure, middle

REPEATS = 3 if ground.QUICK else 20
PAGES = {
    "today": "",
    "list": "invoices/",
    "list_late": "invoices/?show=late",
    "list_paid": "invoices/?show=paid",
    "detail": "invoices/2026-000007/",
}


def run() -> Iterator[dict[str, object]]:
    """Milliseconds a page, and its queries, beside the same page of a small desk."""
    with ground.grounds() as grounds:
        for here in grounds:
            here.fill(SMALL)
            here.fill(LARGE)
            few, many = [], []
            # In turns: a machine that is busy for a while is busy for both.
            for _ in range(RUNS):
                few.append(here.child("benchmarks.pages", "ours", f"{SLUG}-{SMALL.invoices}"))
                many.append(here.child("benchmarks.pages", "ours", f"{SLUG}-{LARGE.invoices}"))
            for page in PAGES:
                name = f"pages/{here.engine}/{page}"
                yield figure(name, middle(many, page), "ms", baseline=middle(few, page))
                queries = f"{page}/queries"
                yield figure(
                    f"pages/{here.engine}/{queries}",
                    middle(many, queries),
                    "queries",
                    baseline=middle(few, queries),
                )


def _ours(slug: str) -> dict[str, float]:
    from django.conf import settings  # noqa: PLC0415 -- after django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from clientdesk import clock  # noqa: PLC0415
    from clientdesk.workspaces.models import User  # noqa: PLC0415

    # Without collected and renamed static files, as in the tests.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}
    # The data was made for this day; pages ask the clock.
    clock.now = lambda: NOW
    browser = Client(headers={"host": "desk.example.com"})
    owner = User.objects.get(email="owner@example.com")
    browser.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer: dict[str, float] = {}
    for page, path in PAGES.items():
        took = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            _get(browser, f"/w/{slug}/{path}")
            took.append(1000 * (time.perf_counter() - started))
        answer[page] = median(took)
        with CaptureQueriesContext(connection) as queries:
            _get(browser, f"/w/{slug}/{path}")
        answer[f"{page}/queries"] = len(queries)
    return answer


def _get(browser: object, path: str) -> None:
    got = browser.get(path, secure=True)  # type: ignore[attr-defined]  # Django's test client
    if got.status_code != 200:
        raise SystemExit(f"{path} answered {got.status_code}")


if __name__ == "__main__":
    ground.setup()
    if sys.argv[1] == "ours":
        print(json.dumps(_ours(sys.argv[2])))
