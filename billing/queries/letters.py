"""The facts the letters of the ladder state, as they are at this moment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings

from billing.models import Invoice, Step
from billing.queries.interest import Law, law_of
from billing.queries.links import invoice_links
from billing.rules.interest import interest_minor
from clientdesk.calendars import add_working_days, roll_forward
from clientdesk.dates import counted_days, long_day
from clientdesk.money import format_money
from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.letters import letter_text
from clients.models import Project, Stop
from clients.queries import recipients_of

KNOWN = frozenset({"reminder", "stop_work", "final"})
ANSWER_WITHIN = 3  # working days
FINAL_WITHIN = 14  # calendar days, then on to a working day
INSTALMENT = {
    "en": "{number} (instalment {position} of {of})",
    "hr": "{number} ({position}. od {of} rata)",
}
RESUME_PROMISE = {"en": "within one working day", "hr": "u roku od jednog radnog dana"}


def stops_project(invoice: Invoice) -> bool:
    return invoice.stops == Invoice.Stops.PROJECT and invoice.project_id is not None


def text_name(step: Step, *, last_letter: date | None, stopped_on: date | None) -> str:
    """Which text a rung uses; a letter never speaks of a note or a stop that was not."""
    name = (
        step.rung if step.rung in KNOWN else ("stop_work" if step.effect == "stop" else "reminder")
    )
    if name == "stop_work" and stops_project(step.invoice):
        return "stop_work_project"
    if name == "stop_work" and last_letter is None:
        return "stop_work_alone"
    if name == "final" and stopped_on is None:
        return "final_working"
    return name


def facts_of_many(steps: Sequence[Step], *, now: datetime) -> dict[int, dict[str, str]]:
    """By step id: every placeholder the texts know, in the client's language.

    `now` gives the workspace's local day, which "days late" and interest count to.
    """
    if not steps:
        return {}
    client_ids = {step.invoice.client_id for step in steps}
    recipients = recipients_of(client_ids)
    stops = {
        (stop.client_id, stop.project_id): stop.begun_on
        for stop in Stop.objects.running().filter(client_id__in=client_ids)
    }
    letters: dict[tuple[int, int | None], date] = {}
    for invoice_id, instalment_id, day in Step.objects.filter(
        invoice_id__in={s.invoice_id for s in steps}, state=Step.State.SENT
    ).values_list("invoice_id", "instalment_id", "climbed_on"):
        if day is not None:
            key = invoice_id, instalment_id
            letters[key] = max(day, letters.get(key, day))
    links = invoice_links([step.invoice for step in steps], now=now)
    law = law_of(steps[0].invoice.workspace_id)
    facts: dict[int, dict[str, str]] = {}
    for step in steps:
        recipient = recipients.get(step.invoice.client_id)
        facts[step.pk] = facts_for(
            step,
            today=step.invoice.workspace.local_today(now),
            contact_name=recipient.name if recipient else "",
            link=links[step.invoice_id],
            last_letter=letters.get((step.invoice_id, step.instalment_id)),
            stopped_on=_stopped_on(step.invoice, stops),
            law=law,
        )
    return facts


def _stopped_on(invoice: Invoice, stops: Mapping[tuple[int, int | None], date]) -> date | None:
    """Since when the work rests that this invoice pays for."""
    of_client = stops.get((invoice.client_id, None))
    return of_client or (
        stops.get((invoice.client_id, invoice.project_id)) if invoice.project_id else None
    )


def _named(step: Step, language: str) -> str:
    """The invoice's number, with the instalment where one is spoken of."""
    number = step.invoice.number or ""
    if step.instalment is None:
        return number
    return INSTALMENT[language].format(
        number=number, position=step.instalment.position, of=step.instalment.plan.count
    )


def facts_for(
    step: Step,
    *,
    today: date,
    contact_name: str,
    link: str,
    last_letter: date | None,
    stopped_on: date | None,
    law: Law,
    language: str = "",
) -> dict[str, str]:
    """The facts of one letter, in `language`, or the client's."""
    invoice, client = step.invoice, step.invoice.client
    language, country = language or client.language, client.country
    part = step.instalment
    due_on = part.due_on if part else invoice.due_on or today
    covered = invoice.paid_minor + invoice.credited_minor
    open_minor = (
        min(part.amount_minor, part.reach_minor - covered) if part else invoice.balance_minor
    )
    interest = interest_minor(
        open_minor=open_minor,
        due_on=due_on,
        on=today,
        rates=law.rates,
        margin_bp=law.margin_bp,
    )
    days_late = max(0, (today - due_on).days)
    final_on = roll_forward(today + timedelta(days=FINAL_WITHIN), country)
    return {
        "text": text_name(step, last_letter=last_letter, stopped_on=stopped_on),
        "contact_name": contact_name or client.name,
        "client_name": client.name,
        "sender_name": invoice.workspace.sender_name or invoice.workspace.name,
        "project_name": invoice.project.name if invoice.project else "",
        "invoice_number": _named(step, language),
        "invoice_link": link,
        "amount_due": format_money(open_minor, invoice.currency, language),
        "due_date": long_day(due_on, language),
        "days_late": str(days_late),
        "days_late_words": counted_days(days_late, language),
        "last_message_date": long_day(last_letter, language) if last_letter else "",
        "stopped_on": long_day(stopped_on, language) if stopped_on else "",
        "resume_promise": RESUME_PROMISE[language],
        "answer_by": long_day(add_working_days(today, ANSWER_WITHIN, country), language),
        "final_date": long_day(final_on, language),
        "interest_to_date": format_money(interest, invoice.currency, language),
    }


def letter_preview(step: Step, *, now: datetime) -> list[tuple[str, Letter]]:
    """The letter of a step, first in the client's language, then in the workspace's if another.

    Reading it makes no link: the link is made when the letter is put together.
    """
    client_language = step.invoice.client.language
    languages = dict.fromkeys((client_language, step.invoice.workspace.language))
    running = Stop.objects.running().filter(client_id=step.invoice.client_id)
    stops = {(stop.client_id, stop.project_id): stop.begun_on for stop in running}
    last_letter = (
        Step.objects.filter(
            invoice_id=step.invoice_id, instalment=step.instalment, state=Step.State.SENT
        )
        .order_by("-climbed_on")
        .values_list("climbed_on", flat=True)
        .first()
    )
    recipient = recipients_of({step.invoice.client_id}).get(step.invoice.client_id)
    letters = []
    for language in languages:
        facts = facts_for(
            step,
            today=step.invoice.workspace.local_today(now),
            contact_name=recipient.name if recipient else "",
            link=urljoin(settings.BASE_URL, "/i/…"),
            last_letter=last_letter,
            stopped_on=_stopped_on(step.invoice, stops),
            law=law_of(step.invoice.workspace_id),
            language=language,
        )
        text = letter_text("billing", facts["text"], language, step.invoice.workspace)
        letters.append((language, text.filled(facts)))
    return letters


def note_facts(invoice: Invoice, *, what: str, stop: Stop | None, now: datetime) -> dict[str, str]:
    """The facts of a letter that asks for nothing late: `what` is invoice, thanks or resumed."""
    client = invoice.client
    language, today = client.language, invoice.workspace.local_today(now)
    recipient = recipients_of({client.pk}).get(client.pk)
    payment = invoice.payments.order_by("-paid_on", "-pk").first()
    delivery_on = _delivery_on(stop, client_id=client.pk) if stop else None
    text = what
    if what == "resumed":
        text = _resumed(invoice, payment is not None, delivery_on is not None)
    link = invoice_links([invoice], now=now)[invoice.pk]
    return {
        "text": text,
        "contact_name": (recipient.name if recipient else "") or client.name,
        "client_name": client.name,
        "sender_name": invoice.workspace.sender_name or invoice.workspace.name,
        "invoice_number": invoice.number or "",
        "invoice_link": link,
        "amount_due": format_money(invoice.balance_minor, invoice.currency, language),
        "amount_paid": format_money(
            payment.amount_minor if payment else 0, invoice.currency, language
        ),
        "due_date": long_day(invoice.due_on or today, language),
        "resume_promise": RESUME_PROMISE[language],
        "delivery_date": long_day(delivery_on, language) if delivery_on else "",
    }


def _delivery_on(stop: Stop, *, client_id: int) -> date | None:
    """The new delivery day, where the stop was about one piece of work that has one."""
    projects = list(
        Project.objects.filter(client_id=client_id, delivered_on=None)
        .exclude(delivery_on=None)
        .filter(**({"pk": stop.project_id} if stop.project_id else {}))[:2]
    )
    if len(projects) != 1:
        return None
    return projects[0].forecast_on or projects[0].delivery_on


def _resumed(invoice: Invoice, has_payment: bool, has_date: bool) -> str:
    """Which words tell that work goes on: for all of it, for a part, or without any payment."""
    if not has_payment:
        return "resumed_settled"
    if invoice.settled_on is None:
        return "resumed_part"
    return "resumed" if has_date else "resumed_plain"
