"""Setting the rungs: of a workspace, of one client, of one invoice."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import Invoice, LadderSetting
from billing.operations.ladder import reschedule_where
from clientdesk.ladder import Calendar, Ladder, LadderInvalid, format_ladder, parse_ladder
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client

LONGEST = 400  # characters: what a ladder's row holds


class OneThingOnly(ValueError):
    """A ladder is set for a client or for an invoice, not for both."""


@transaction.atomic
def set_money_ladder(
    *,
    workspace: Workspace,
    rungs: str,
    calendar: Calendar,
    now: datetime,
    actor: str,
    client: Client | None = None,
    invoice: Invoice | None = None,
) -> Ladder:
    """Replace the ladder; every unpaid invoice it is for goes on by the new one.

    The ladder that holds already, set once more, leaves everything as it is.

    Raises LadderInvalid naming the rung, what it says and what was expected; OneThingOnly,
    ForeignRow.
    """
    ladder = parse_ladder(rungs, calendar=calendar)
    text = format_ladder(ladder)
    if len(text) > LONGEST:
        raise LadderInvalid(f"{len(text)} characters written out: expected at most {LONGEST}")
    same = LadderSetting.objects.filter(**_of(workspace, client, invoice))
    if same.filter(rungs=text, calendar=calendar).exists():
        return ladder
    LadderSetting.objects.update_or_create(
        **_of(workspace, client, invoice),
        defaults={"rungs": text, "calendar": calendar},
    )
    _changed(
        workspace,
        client,
        invoice,
        {"rungs": text, "calendar": str(calendar)},
        now=now,
        actor=actor,
    )
    return ladder


@transaction.atomic
def drop_ladder(
    *,
    workspace: Workspace,
    now: datetime,
    actor: str,
    client: Client | None = None,
    invoice: Invoice | None = None,
) -> None:
    """Back to the next wider ladder: the client's, the workspace's, the default.

    Where there is none of its own nothing changes. Raises OneThingOnly, ForeignRow.
    """
    removed, _ = LadderSetting.objects.filter(**_of(workspace, client, invoice)).delete()
    if removed:
        _changed(workspace, client, invoice, {"rungs": ""}, now=now, actor=actor)


def _of(workspace: Workspace, client: Client | None, invoice: Invoice | None) -> dict[str, Any]:
    if client is not None and invoice is not None:
        raise OneThingOnly(f"client {client.pk} and invoice {invoice.pk}")
    check_same_workspace(workspace.pk, client, invoice)
    return {
        "workspace": workspace,
        "purpose": LadderSetting.Purpose.MONEY,
        "client": client,
        "invoice": invoice,
    }


def _changed(
    workspace: Workspace,
    client: Client | None,
    invoice: Invoice | None,
    content: dict[str, str],
    *,
    now: datetime,
    actor: str,
) -> None:
    where = {"client": client} if client else {"pk": invoice.pk} if invoice else {}
    reschedule_where(**where)
    of = client.pk if client else invoice.client_id if invoice else None
    if invoice is not None:
        content = {**content, "number": invoice.number or ""}
    record.append(
        workspace_id=workspace.pk,
        kind="ladder.changed",
        content=content,
        now=now,
        actor=actor,
        client_ref=of,
        subject=f"invoice:{invoice.pk}" if invoice else "",
    )
