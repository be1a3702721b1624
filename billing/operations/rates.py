"""The owner's own reference rates, and the points over them."""

from datetime import date, datetime

from django.db import transaction

from billing.models import ReferenceRate
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace


@transaction.atomic
def save_rate(
    *, workspace: Workspace, since: date, rate_bp: int, source: str, now: datetime, actor: str
) -> ReferenceRate:
    """Set the rate from the day `since`, in hundredths of a per cent; another of that day goes."""
    rate, _created = ReferenceRate.objects.update_or_create(
        workspace=workspace,
        since=since,
        defaults={"rate_bp": rate_bp, "source": source},
        create_defaults={"rate_bp": rate_bp, "source": source, "created_at": now},
    )
    _record(rate, "rate.set", now=now, actor=actor)
    return rate


@transaction.atomic
def remove_rate(*, rate: ReferenceRate, now: datetime, actor: str) -> None:
    """Take an own rate out; where the bundled table has one for that day, it holds again."""
    _record(rate, "rate.removed", now=now, actor=actor)
    rate.delete()


def _record(rate: ReferenceRate, kind: str, *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=rate.workspace_id,
        kind=kind,
        content={
            "since": rate.since.isoformat(),
            "hundredths": rate.rate_bp,
            "source": rate.source,
        },
        now=now,
        actor=actor,
    )
