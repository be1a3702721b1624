"""What a client owed on a day and how it came to that, each currency for itself."""

from datetime import date

from django.db.models import Q

from billing.models import Hold, Invoice
from billing.queries.paper import parties_today
from billing.queries.settings import money_settings
from billing.rules.paper import Account, Mark, Move, OpenItem
from clientdesk.record.operations import head_of
from clients.models import Client

ORDER = {"invoice": 0, "credit": 1, "payment": 2, "lost": 3}


def account_of(client: Client, *, since: date, until: date) -> Account:
    """Movements of `since` to `until`, both included, and what was open at the end of `until`.

    Void invoices are not in it. PEER-FAILURES 16: the balance is that of the same rows as the
    invoices', and no two currencies are added.
    """
    invoices = list(
        Invoice.objects.filter(
            client=client,
            state__in=(Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF),
            issued_on__lte=until,
        )
        .prefetch_related("payments", "credit_notes")
        .order_by("due_on", "issued_on", "pk")
    )
    moves = sorted(
        (move for invoice in invoices for move in _moves(invoice) if move.on <= until),
        key=lambda move: (move.on, ORDER[move.kind]),
    )
    opening: dict[str, int] = {}
    for move in moves:
        if move.on < since:
            balance = opening.get(move.currency, 0) + move.debit_minor - move.credit_minor
            opening[move.currency] = balance
    seller, buyer = parties_today(client.workspace, client)
    number, head = head_of(client.workspace_id)
    disputes = _disputes(client, on=until)
    return Account(
        seller=seller,
        buyer=buyer,
        since=since,
        until=until,
        opening=opening,
        moves=tuple(move for move in moves if move.on >= since),
        open_items=tuple(_open_items(invoices, disputes, until)),
        legal_note=money_settings(client.workspace_id).legal_note,
        mark=Mark(number, head),
    )


def _moves(invoice: Invoice) -> list[Move]:
    number, currency = invoice.number or "", invoice.currency
    issued_on = invoice.issued_on or invoice.created_at.date()
    moves = [
        Move(
            issued_on,
            "invoice",
            number,
            currency,
            debit_minor=invoice.total_minor,
            about=invoice.description,
        )
    ]
    moves += [
        Move(one.paid_on, "payment", "", currency, credit_minor=one.amount_minor, about=number)
        for one in invoice.payments.all()
    ]
    moves += [
        Move(
            one.issued_on, "credit", one.number, currency,
            credit_minor=one.total_minor, about=number,
        )
        for one in invoice.credit_notes.all()
    ]  # fmt: skip
    if invoice.state == Invoice.State.WRITTEN_OFF and invoice.balance_minor:
        lost_on = invoice.closed_on or issued_on
        left = invoice.balance_minor
        moves.append(Move(lost_on, "lost", "", currency, credit_minor=left, about=number))
    return moves


def _open_items(
    invoices: list[Invoice], disputes: dict[int | None, date], until: date
) -> list[OpenItem]:
    items = []
    for invoice in invoices:
        left = sum(
            move.debit_minor - move.credit_minor for move in _moves(invoice) if move.on <= until
        )
        if left:
            items.append(
                OpenItem(
                    number=invoice.number or "",
                    currency=invoice.currency,
                    due_on=invoice.due_on,
                    open_minor=left,
                    about=invoice.description,
                    disputed_on=disputes.get(invoice.pk) or disputes.get(None),
                )
            )
    return items


def _disputes(client: Client, *, on: date) -> dict[int | None, date]:
    """Since when, by invoice; None is all of the client's."""
    holds = Hold.objects.filter(
        Q(until=None) | Q(until__gte=on), client=client, kind=Hold.Kind.DISPUTE, first__lte=on
    )
    return {hold.invoice_id: hold.first for hold in holds.order_by("-first")}
