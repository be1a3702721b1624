"""Three files of receivables, lived day by day and compared with the back-test."""

import csv
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from billing.models import Invoice, Payment
from billing.operations.ladder import start_ladder
from billing.operations.ladders import set_money_ladder
from billing.queries.forecast import backtest, counts_of
from clientdesk.desk.operations.imports import import_file
from clientdesk.ladder import Calendar
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from tests.outbox import mailserver
from tests.replay import days
from tests.replay.days import Arrived, Paid

KINDS = ("clients", "invoices", "payments")
UNPAID_SHOWN = timedelta(days=60)


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if row[name]]


def span(folder: Path) -> tuple[date, date]:
    """From the first invoice's issue to 60 days after the last due date or payment."""
    issued = column(folder / "invoices.csv", "issued_on")
    ends = column(folder / "invoices.csv", "due_on") + column(folder / "payments.csv", "paid_on")
    last = date.fromisoformat(max(ends)) + UNPAID_SHOWN
    return date.fromisoformat(min(issued)), last


def imported(
    slug: str, folder: Path, kinds: tuple[str, ...], rungs: str, calendar: str, now: datetime
) -> Workspace:
    """A fresh workspace that has brought in these files and set its ladder."""
    owner = User.objects.create_user(f"{slug}@desk.example", name="Replay")
    workspace = create_workspace(name=slug, slug=slug, owner=owner, now=now)
    for kind in kinds:
        report = import_file(
            kind=kind,
            path=folder / f"{kind}.csv",
            workspace=workspace,
            now=now,
            actor="command",
            dry_run=False,
        )
        if not report.ok:
            sys.exit(f"{kind}.csv: {report.problems[0]}")
    with acting_in(workspace.pk):
        set_money_ladder(
            workspace=workspace,
            rungs=rungs,
            calendar=Calendar(calendar),
            now=now,
            actor="command",
        )
    return workspace


def run(folder: Path, *, rungs: str, calendar: str) -> dict[str, Any]:
    began = time.monotonic()
    first, last = span(folder)
    now = datetime.combine(first, datetime.min.time(), UTC)
    mark = f"{time.time_ns():x}"
    looked_at = imported(f"backtest-{mark}", folder, KINDS, rungs, calendar, now)
    lived = imported(f"replay-{mark}", folder, KINDS[:2], rungs, calendar, now)
    with acting_in(looked_at.pk):
        planned = backtest(workspace_id=looked_at.pk, first=first, last=last)
        rows = Payment.objects.values_list("paid_on", "invoice__number", "amount_minor")
        payments = [Paid(on, str(number), amount) for on, number, amount in rows]
    with acting_in(lived.pk):
        start_ladder(invoices=Invoice.objects.all(), on=first, now=now, actor="command")
        invoices = Invoice.objects.count()
    with (
        tempfile.TemporaryDirectory() as scratch,
        mailserver.running(Path(scratch) / "mail.log") as server,
    ):
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        days.live(lived, payments, first=first, last=last)
        messages = server.received()
    steps = days.arrived(messages, lived.time_zone)
    wanted = sorted(Arrived(step.on, step.number, step.rung) for step in planned)
    missing, surplus = Counter(wanted) - Counter(steps), Counter(steps) - Counter(wanted)
    for word, some in (("missing", missing), ("surplus", surplus)):
        for step in sorted(some.elements())[:10]:
            print(f"{word}: {step.on} {step.number} {step.rung}", file=sys.stderr)
    return {
        "invoices": invoices,
        "days": (last - first).days + 1,
        "steps": counts_of(planned),
        "arrived": len(steps),
        "messages": len(messages),
        "most_a_day": days.most_in_a_day(messages, lived.time_zone),
        "equal": steps == wanted,
        "seconds": round(time.monotonic() - began, 1),
    }
