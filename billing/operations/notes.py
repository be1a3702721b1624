"""The outbox's kind for letters about an invoice that ask for nothing late."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from billing.models import Invoice
from billing.operations.gratitude import KIND
from billing.queries.letters import note_facts
from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clients.models import Stop


class Note:
    """Here is the invoice, thank you, work goes on."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        invoices = {
            invoice.pk: invoice
            for invoice in Invoice.objects.select_for_update(of=("self",), no_key=True)
            .select_related("client", "workspace")
            .filter(pk__in={part.facts["invoice"] for part in parts})
            .order_by("pk")
        }
        stops = {
            stop.pk: stop
            for stop in Stop.objects.select_related("project").filter(
                pk__in={part.facts["stop"] for part in parts if "stop" in part.facts}
            )
        }
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            what = part.facts["what"]
            invoice = invoices.get(part.facts["invoice"])
            stop = stops.get(part.facts.get("stop", 0))
            if invoice is None:
                verdicts[part.pk] = Withdrawn(n_("the invoice is not there any more"))
            elif reason := _no_longer(what, invoice, stop):
                verdicts[part.pk] = Withdrawn(reason)
            else:
                facts = note_facts(invoice, what=what, stop=stop, now=now)
                verdicts[part.pk] = Ready(facts=facts, tone=0)
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("billing", ready.facts["text"], language, part.workspace).filled(
            ready.facts
        )

    def line(self, part: Part, ready: Ready, language: str) -> str:
        name = f"{ready.facts['text']}_line"
        return letter_text("billing", name, language, part.workspace).filled(ready.facts).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """An invoice keeps the day on which it first went to its client."""
        ids = [part.facts["invoice"] for part in parts if part.facts["what"] == "invoice"]
        for invoice in Invoice.objects.filter(pk__in=ids, sent_on=None).select_related("workspace"):
            Invoice.objects.filter(pk=invoice.pk).update(sent_on=invoice.workspace.local_today(now))

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on these letters; the outbox shows what became of them."""


def _no_longer(what: str, invoice: Invoice, stop: Stop | None) -> str:
    """Why the letter would not be true any more, or nothing."""
    if what == "invoice":
        if invoice.state != Invoice.State.ISSUED:
            return n_("the invoice does not stand any more")
        return f"paid in full on {invoice.settled_on}" if invoice.settled_on else ""
    if what != "resumed":
        return "" if invoice.settled_on else "the payment was taken back"
    if invoice.settled_on is None and not invoice.paid_minor:
        return n_("the payment was taken back")
    if stop is None or stop.ended_on is None:
        return n_("work does not go on")
    again = Stop.objects.running().filter(client_id=stop.client_id)
    # A stop of the client, or of the very project, makes "work continues" untrue.
    if any(one.project_id in (None, stop.project_id) for one in again):
        return n_("work was stopped again")
    return ""
