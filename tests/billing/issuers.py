"""A process that issues invoices, a fifth of them rolled back and some drafts thrown away.

Run as `python -m tests.billing.issuers COUNT SEED`: the database is the environment's.
"""

import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

import django

django.setup()

from django.db import OperationalError, transaction  # noqa: E402 -- Django comes first

from billing.models import Invoice  # noqa: E402
from billing.operations.drafts import NewLine, create_draft, discard_draft  # noqa: E402
from billing.operations.issuing import issue_invoice  # noqa: E402
from clientdesk.workspaces.models import Workspace  # noqa: E402
from clientdesk.workspaces.scoping import acting_in  # noqa: E402
from clients.models import Client  # noqa: E402

NOW = datetime(2025, 5, 14, 7, 0, tzinfo=UTC)


T = TypeVar("T")


def persistently(work: Callable[[], T]) -> T:
    """SQLite has one writer and no queue: who waits too long is told so, and tries again."""
    while True:
        try:
            return work()
        except OperationalError as error:
            if "locked" not in str(error):
                raise


def issue(count: int, seed: int) -> list[str]:
    """The numbers of those that were kept."""
    rng = random.Random(seed)
    back = set(rng.sample(range(count), count // 5))
    client = persistently(Client.objects.get)
    kept = []
    for position in range(count):
        draft = persistently(partial(_draft, client))
        number = persistently(partial(_issue, draft, taken_back=position in back))
        if position in back:
            persistently(partial(discard_draft, invoice=draft))
        else:
            kept.append(number)
    return kept


def _draft(client: Client) -> Invoice:
    line = NewLine("Care", Decimal(1), 100)
    return create_draft(client=client, currency="EUR", lines=[line], now=NOW, by=None)


def _issue(draft: Invoice, *, taken_back: bool) -> str:
    with transaction.atomic():
        issued = issue_invoice(invoice=draft, issued_on=date(2025, 5, 14), now=NOW, actor="system")
        if taken_back:
            transaction.set_rollback(True)
    return str(issued.number)


if __name__ == "__main__":
    with acting_in(Workspace.objects.get().pk):
        sys.stdout.write(json.dumps(issue(int(sys.argv[1]), int(sys.argv[2]))))
