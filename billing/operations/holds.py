"""Holding the ladder: a dispute, a promise to pay, a pause; and lifting it again."""

from datetime import date, datetime, timedelta

from django.db import transaction

from billing.models import Hold, Invoice
from billing.operations.ladder import reschedule_where
from clientdesk.record import operations as record
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client


class HoldRefused(ValueError):
    """The hold cannot be as it was asked for; the text names the field and what was expected."""


class HoldOver(Exception):
    """This hold was lifted, or has ended by itself."""


@transaction.atomic
def hold_ladder(
    *,
    client: Client,
    kind: str,
    first: date,
    reason: str,
    now: datetime,
    actor: str,
    invoice: Invoice | None = None,
    until: date | None = None,
) -> Hold:
    """Keep the letters of one invoice, or of all the client's, back from `first` to `until`.

    Both days are included; without `until` it holds until it is lifted. Afterwards the climb goes
    on where it was. Letters in the outbox are stopped by their guard. The same hold asked for twice
    is one. Raises HoldRefused, ForeignRow.
    """
    check_same_workspace(client.workspace_id, invoice)
    if kind not in Hold.Kind.values:
        raise HoldRefused(f"why: {kind!r}; expected {', '.join(Hold.Kind.values)}")
    if kind == Hold.Kind.PROMISE and until is None:
        raise HoldRefused("until: nothing; expected the day by which it will be paid")
    if until is not None and until < first:
        raise HoldRefused(f"until: {until}; expected {first} or later")
    if not reason.strip():
        raise HoldRefused("reason: nothing; expected what the client said, or why you wait")
    # Invoices before their client, as a delivery and a payment lock them; then two clicks see one
    # hold.
    held = Invoice.objects.unpaid().filter(client=client)
    if invoice is not None:
        held = held.filter(pk=invoice.pk)
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    same = Hold.objects.filter(
        client=client, invoice=invoice, kind=kind, first=first, until=until, lifted_at=None
    ).first()
    if same is not None:
        return same
    hold = Hold.objects.create(
        workspace_id=client.workspace_id,
        client=client,
        invoice=invoice,
        kind=kind,
        first=first,
        until=until,
        reason=reason,
        created_at=now,
    )
    _rests_on_it(hold)
    _record(hold, "hold.begun", {"because": reason}, now=now, actor=actor)
    return hold


@transaction.atomic
def lift_hold(*, hold: Hold, reason: str, now: datetime, actor: str) -> Hold:
    """End a hold today: the ladder goes on where it was. Raises HoldOver."""
    hold = (
        Hold.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=hold.pk)
    )
    today = hold.workspace.local_today(now)
    if hold.lifted_at is not None or (hold.until is not None and hold.until < today):
        raise HoldOver(hold.pk)
    hold.until, hold.lifted_at, hold.lift_reason = today - timedelta(days=1), now, reason
    hold.save(update_fields=["until", "lifted_at", "lift_reason"])
    _rests_on_it(hold)
    _record(hold, "hold.lifted", {"because": reason}, now=now, actor=actor)
    return hold


def _rests_on_it(hold: Hold) -> None:
    if hold.invoice_id:
        reschedule_where(pk=hold.invoice_id)
    else:
        reschedule_where(client=hold.client_id)


def _record(hold: Hold, kind: str, more: dict[str, str], *, now: datetime, actor: str) -> None:
    invoice = hold.invoice
    record.append(
        workspace_id=hold.workspace_id,
        kind=kind,
        content={
            "why": hold.kind,
            "first": hold.first.isoformat(),
            "until": hold.until.isoformat() if hold.until else "",
            "number": (invoice.number or "") if invoice else "",
            **more,
        },
        now=now,
        actor=actor,
        client_ref=hold.client_id,
        subject=f"invoice:{hold.invoice_id}" if hold.invoice_id else "",
    )
