"""When an invoice falls due, by what was agreed."""

from datetime import date

from billing.rules.due import DayOfMonth, DaysAfter, Terms, due_date
from clients.models import Agreement, Client

WITHOUT_AGREEMENT = DaysAfter(14)


def terms_for(*, client: Client, on: date) -> Terms:
    """The payment terms in force on the day `on`; 14 days where nothing was agreed."""
    agreement = (
        Agreement.objects.filter(client=client, valid_from__lte=on).order_by("-valid_from").first()
    )
    if agreement is None:
        return WITHOUT_AGREEMENT
    if agreement.payment == Agreement.Payment.DAY_OF_MONTH and agreement.payment_day:
        return DayOfMonth(agreement.payment_day)
    return DaysAfter(agreement.payment_days)


def due_date_for(*, client: Client, issued_on: date) -> date:
    return due_date(issued_on, terms_for(client=client, on=issued_on))
