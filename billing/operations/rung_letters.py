"""The letters of the ladder: what they say, whether still due, what follows when they went.

The outbox asks at the moment a letter is put together and again before it leaves, each time under
the lock of the invoice: a payment booked before that stops it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from billing.models import Invoice, Plan, Step, unasked_by_ladders
from billing.operations.climbed import letters_went
from billing.operations.ladder import reschedule
from billing.operations.letters import KIND
from billing.queries.climbing import holds_of
from billing.queries.letters import facts_of_many
from clientdesk.ladder import Hold
from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part

TONES = {"mail": 1, "stop": 2}
FINAL_TONE = 3
# STUCK: its message failed or is uncertain, and the owner may send that again from the outbox.
ON_ITS_WAY = frozenset({Step.State.QUEUED, Step.State.STUCK})


class RungLetter:
    """The outbox's kind for every rung that writes to a client."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        steps = _steps_to_send(parts)
        invoices = {step.invoice_id: step.invoice for step in steps.values()}
        holds = holds_of(list(invoices.values()))
        planned = set(
            Plan.objects.filter(invoice_id__in=invoices, ended_on=None).values_list(
                "invoice_id", flat=True
            )
        )
        verdicts: dict[int, Ready | Withdrawn] = {}
        due: dict[int, Step] = {}
        for part in parts:
            step = steps.get(part.facts["step"])
            if step is None or step.state not in ON_ITS_WAY:
                verdicts[part.pk] = Withdrawn(n_("this step is not waiting any more"))
            elif step.invoice.state != Invoice.State.ISSUED:
                verdicts[part.pk] = Withdrawn(n_("the invoice does not stand any more"))
            elif step.invoice.settled_on:
                verdicts[part.pk] = Withdrawn(_settled(step.invoice))
            elif step.instalment and step.instalment.settled_on:
                paid_on = step.instalment.settled_on
                verdicts[part.pk] = Withdrawn(f"this instalment was paid on {paid_on}")
            elif (step.instalment is None) == (step.invoice_id in planned):
                verdicts[part.pk] = Withdrawn(n_("what was agreed about paying has changed"))
            elif (since := _held_since(step, holds, now)) is not None:
                verdicts[part.pk] = Withdrawn(f"held since {since}")
            else:
                due[part.pk] = step
        facts = facts_of_many(list(due.values()), now=now)
        for part_id, step in due.items():
            verdicts[part_id] = Ready(
                facts=facts[step.pk],
                tone=FINAL_TONE if step.rung == "final" else TONES.get(step.effect, 1),
                step=f"{step.invoice.number}/{step.rung}",
            )
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("billing", ready.facts["text"], language, part.workspace).filled(
            ready.facts
        )

    def line(self, part: Part, ready: Ready, language: str) -> str:
        name = ready.facts["text"].removesuffix("_alone").removesuffix("_working")
        return (
            letter_text("billing", f"{name}_line", language, part.workspace)
            .filled(ready.facts)
            .body
        )

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """The rungs count as climbed from the day they went; a stop-work notice begins a stop."""
        if parts:
            letters_went(
                workspace=parts[0].workspace,
                steps=list(Step.objects.filter(pk__in={part.facts["step"] for part in parts})),
                now=now,
            )

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """A letter that did not go holds the ladder until its owner decides."""
        steps = list(Step.objects.filter(pk__in={part.facts["step"] for part in parts}))
        for step in steps:
            if outcome == "suppressed":
                step.state = Step.State.SUPPRESSED
            elif outcome == "cancelled":
                step.state = Step.State.REVIEW
                step.attempt += 1
            else:
                step.state = Step.State.STUCK
            step.reason = reason[:300]
        Step.objects.bulk_update(steps, ["state", "reason", "attempt"])
        if outcome == "suppressed":
            # After a hold the climb goes on where it was.
            reschedule(invoice_ids={step.invoice_id for step in steps})


def _settled(invoice: Invoice) -> str:
    how = "paid" if invoice.paid_minor else "credited"
    return f"{how} in full on {invoice.settled_on}"


def _held_since(step: Step, holds: Mapping[int, tuple[Hold, ...]], now: datetime) -> date | None:
    today = step.invoice.workspace.local_today(now)
    held = (
        hold.first
        for hold in holds.get(step.invoice_id, ())
        if hold.first <= today and (hold.until is None or today <= hold.until)
    )
    return min(held, default=None)


def _steps_to_send(parts: Sequence[Part]) -> dict[int, Step]:
    """By id, with all that their letters speak of, their invoices locked."""
    if transaction.get_connection().in_atomic_block:
        invoice_ids = {part.facts["invoice"] for part in parts}
        # The invoices are what a payment locks, so they are what the guard locks, in one order.
        list(
            Invoice.objects.select_for_update(no_key=True)
            .filter(pk__in=invoice_ids)
            .order_by("pk")
            .values_list("pk")
        )
    steps = Step.objects.select_related(
        "invoice__client", "invoice__project", "instalment__plan"
    ).defer(*unasked_by_ladders("invoice__"))
    found = {step.pk: step for step in steps.filter(pk__in={p.facts["step"] for p in parts})}
    for step in found.values():
        # One workspace for all of them, instead of a copy with each.
        step.invoice.workspace = parts[0].workspace
    return found
