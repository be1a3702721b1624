"""What happened with a client, day by day, as the index of a dossier lists it."""

from collections.abc import Iterator

from billing.models import Invoice
from clients.models import Client, Stop
from feedback.models import Round
from offboarding.queries.spans import Span
from offboarding.rules.chronology import Moment, What


def moments_of(client: Client, span: Span) -> list[Moment]:
    """Questions, answers, invoices, payments and stops within the span, oldest first."""
    found = [
        *_questions(client),
        *_money(client),
        *_stops(client),
    ]
    return sorted((one for one in found if one.on in span), key=lambda one: (one.on, one.what))


def _questions(client: Client) -> Iterator[Moment]:
    rounds = (
        Round.objects.filter(request__client=client)
        .exclude(request__state="draft")
        .select_related("request")
    )
    for one in rounds:
        title = one.request.title
        yield Moment(one.asked_on, What.ASKED, title, by=one.answer_by, number=one.number)
        if one.closed_on is None:
            continue
        what = What.ANSWERED if one.closed == Round.Closed.ANSWERED else What.WITHDRAWN
        late = (one.closed_on - one.answer_by).days if what == What.ANSWERED else 0
        yield Moment(one.closed_on, what, title, late=max(late, 0), number=one.number)


def _money(client: Client) -> Iterator[Moment]:
    rows = (
        Invoice.objects.filter(client=client)
        .exclude(state=Invoice.State.DRAFT)
        .prefetch_related("payments", "credit_notes")
    )
    for row in rows:
        number = row.number or ""
        if row.issued_on:
            yield Moment(
                row.issued_on, What.ISSUED, number, row.total_minor, row.currency, by=row.due_on
            )
        for payment in row.payments.all():
            late = (payment.paid_on - row.due_on).days if row.due_on else 0
            yield Moment(
                payment.paid_on,
                What.PAID,
                number,
                payment.amount_minor,
                row.currency,
                late=max(late, 0),
            )
        for note in row.credit_notes.all():
            yield Moment(note.issued_on, What.CREDITED, number, note.total_minor, row.currency)
        if row.closed_on and row.state == Invoice.State.VOID:
            yield Moment(row.closed_on, What.VOIDED, number)
        elif row.closed_on and row.state == Invoice.State.WRITTEN_OFF:
            yield Moment(row.closed_on, What.WRITTEN_OFF, number)


def _stops(client: Client) -> Iterator[Moment]:
    for stop in Stop.objects.filter(client=client):
        yield Moment(stop.begun_on, What.STOPPED, stop.cause)
        if stop.ended_on:
            yield Moment(stop.ended_on, What.RESUMED, stop.cause)
