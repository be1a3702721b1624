"""A process that issues invoices, a fifth of them rolled back and some drafts thrown away.

Run as `python -m tests.billing.issuers COUNT SEED`: the database is the environment's.
"""

import json
import random
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import django

django.setup()

from django.db import transaction  # noqa: E402 -- Django comes first

from billing.operations.drafts import NewLine, create_draft, discard_draft  # noqa: E402
from billing.operations.issuing import issue_invoice  # noqa: E402
from clientdesk.workspaces.models import Workspace  # noqa: E402
from clientdesk.workspaces.scoping import acting_in  # noqa: E402
from clients.models import Client  # noqa: E402

NOW = datetime(2025, 5, 14, 7, 0, tzinfo=UTC)


def issue(count: int, seed: int) -> list[str]:
    """The numbers of those that were kept."""
    rng = random.Random(seed)
    back = set(rng.sample(range(count), count // 5))
    client, kept = Client.objects.get(), []
    for position in range(count):
        draft = create_draft(
            client=client, currency="EUR", lines=[NewLine("Care", Decimal(1), 100)], now=NOW,
            by=None,
        )  # fmt: skip
        with transaction.atomic():
            issued = issue_invoice(
                invoice=draft, issued_on=date(2025, 5, 14), now=NOW, actor="system"
            )
            if position in back:
                transaction.set_rollback(True)
        if position in back:
            discard_draft(invoice=draft)
        else:
            kept.append(str(issued.number))
    return kept


if __name__ == "__main__":
    with acting_in(Workspace.objects.get().pk):
        sys.stdout.write(json.dumps(issue(int(sys.argv[1]), int(sys.argv[2]))))
