"""What the directive lets one claim for an invoice, with the table in force."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.models import Invoice, ReferenceRate
from billing.queries.settings import money_settings
from billing.rules.interest import Claim, Lowered, Rate, claim_of, merged


def rate_table() -> tuple[Rate, ...]:
    """The bundled rates with the owner's own before those of the same day."""
    return merged(
        Rate(row.since, Decimal(row.rate_bp) / 100, row.source)
        for row in ReferenceRate.objects.all()
    )


@dataclass(frozen=True, slots=True)
class Law:
    """What interest is computed with: the table of rates, the points over it in hundredths."""

    rates: tuple[Rate, ...]
    margin_bp: int


def law_of(workspace_id: int) -> Law:
    """As the owner has set it; two queries."""
    return Law(rate_table(), money_settings(workspace_id).interest_margin_bp)


def claim_for(invoice: Invoice, *, today: date) -> Claim:
    """Up to and including `today`, or the day it was closed; four queries."""
    lowered = [
        *(Lowered(one.paid_on, one.amount_minor) for one in invoice.payments.all()),
        *(Lowered(one.issued_on, one.total_minor) for one in invoice.credit_notes.all()),
    ]
    on = min(today, invoice.closed_on or today)
    return claim_of(
        total_minor=invoice.total_minor,
        due_on=invoice.due_on or on,
        on=on,
        lowered=lowered,
        rates=rate_table(),
        margin_bp=money_settings(invoice.workspace_id).interest_margin_bp,
        currency=invoice.currency,
    )
