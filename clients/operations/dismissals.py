"""Setting a finding aside with a reason, and taking that back."""

from datetime import datetime

from django.db import transaction

from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clients.models import Client, Dismissal


class DismissedAlready(Exception):
    """This finding, with these facts, was set aside before."""


@transaction.atomic
def dismiss(
    *,
    client: Client,
    finding: str,
    facts: str,
    reason: str,
    author: User | None,
    now: datetime,
    actor: str,
) -> Dismissal:
    """Set `finding` aside as it stands on `facts`; with other facts it is a new finding.

    Raises ValidationError by field, DismissedAlready.
    """
    # The client's row is the lock: of two clicks at once the second sees the first one's.
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    active = Dismissal.objects.filter(client=client, finding=finding, withdrawn_at=None)
    if active.filter(facts=facts).exists():
        raise DismissedAlready(finding)
    # It was about other facts: what stands in its place now says so itself.
    active.update(withdrawn_at=now)
    dismissal = Dismissal(
        workspace_id=client.workspace_id,
        client=client,
        finding=finding,
        facts=facts,
        reason=reason,
        dismissed_on=client.workspace.local_today(now),
        author=author,
        created_at=now,
    )
    dismissal.full_clean()
    dismissal.save()
    _record(dismissal, "finding.dismissed", now=now, actor=actor)
    return dismissal


@transaction.atomic
def restore(*, client: Client, finding: str, now: datetime, actor: str) -> bool:
    """Let the finding stand again; whether it was set aside at all."""
    rows = Dismissal.objects.select_for_update(no_key=True)
    dismissal = rows.filter(client=client, finding=finding, withdrawn_at=None).first()
    if dismissal is None:
        return False
    dismissal.withdrawn_at = now
    dismissal.save(update_fields=["withdrawn_at"])
    _record(dismissal, "finding.restored", now=now, actor=actor)
    return True


def _record(dismissal: Dismissal, kind: str, *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=dismissal.workspace_id,
        kind=kind,
        content={
            "finding": dismissal.finding,
            "facts": dismissal.facts,
            "reason": dismissal.reason,
        },
        now=now,
        actor=actor,
        client_ref=dismissal.client_id,
        subject=f"finding:{dismissal.finding}",
    )
