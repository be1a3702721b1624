"""Where an ending stands: facts for its gates, what supports each reason, what is handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from billing.models import Invoice
from billing.queries.lateness import bills_of
from clientdesk.documents.models import Document
from clients.models import Client, ManagedAccount
from feedback.queries.patterns import answering_of, control_of
from feedback.rules.control_sentences import access_sentence, sentences
from offboarding.models import Ending, HandoverTick, Override
from offboarding.rules.facts import FINAL_REPORT
from offboarding.rules.gates import EndingFacts, Gate, Task, gates
from offboarding.rules.reasons import Reason, Support, answers_fact, pay_fact

LATE_SHOWN = 4
THINGS = len(HandoverTick.Thing)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A managed account with the ticks of this ending, by thing."""

    account: ManagedAccount
    ticks: dict[str, HandoverTick]

    @property
    def left(self) -> int:
        return THINGS - len(self.ticks)

    @property
    def things(self) -> list[tuple[str, str, HandoverTick | None]]:
        """Name, words, and the tick where there is one."""
        return [
            (value, str(label), self.ticks.get(value))
            for value, label in HandoverTick.Thing.choices
        ]


@dataclass(frozen=True, slots=True)
class EndingPage:
    ending: Ending
    gates: Sequence[Gate]
    open_invoices: Sequence[Invoice]
    report: Document | None
    accounts: Sequence[AccountRow]
    overrides: dict[str, Override]

    @property
    def met(self) -> int:
        return sum(gate.is_met for gate in self.gates)

    @property
    def by_task(self) -> dict[str, Gate]:
        return {str(gate.task): gate for gate in self.gates}

    @property
    def left_to_tick(self) -> int:
        return sum(row.left for row in self.accounts)


def open_ending(client: Client) -> Ending | None:
    return (
        Ending.objects.filter(client=client, state=Ending.State.OPEN)
        .select_related("client__workspace", "workspace")
        .first()
    )


def open_invoices(client: Client) -> QuerySet[Invoice]:
    """Issued, and not settled to the last cent: what must be current before accounts go back."""
    return Invoice.objects.issued().filter(client=client, settled_on=None).order_by("due_on", "pk")


def report_of(ending: Ending) -> Document | None:
    """The newest final report made since the ending began."""
    return (
        Document.objects.for_client(ending.client_id)
        .filter(kind=FINAL_REPORT, created_at__gte=ending.created_at)
        .order_by("-created_at", "-pk")
        .first()
    )


def accounts_of(ending: Ending) -> list[AccountRow]:
    """Every account of the client, with what was given; two queries."""
    ticks: dict[int, dict[str, HandoverTick]] = {}
    for tick in HandoverTick.objects.filter(ending=ending).select_related("author"):
        ticks.setdefault(tick.account_id, {})[tick.thing] = tick
    accounts = ManagedAccount.objects.filter(client=ending.client_id)
    return [AccountRow(account, ticks.get(account.pk, {})) for account in accounts]


def ending_page(ending: Ending) -> EndingPage:
    """Five queries; its client must be loaded."""
    invoices = list(open_invoices(ending.client))
    report = report_of(ending)
    accounts = accounts_of(ending)
    overrides = {one.task: one for one in ending.overrides.select_related("author")}
    facts = EndingFacts(
        has_reason=ending.kind != Ending.Kind.FAILURE or bool(ending.reason),
        open_invoices=len(invoices),
        has_report=report is not None,
        evidence_checked=ending.evidence_on is not None,
        left_to_tick=sum(row.left for row in accounts),
        letter_sent=ending.letter_sent_on is not None,
        archived=ending.state == Ending.State.CLOSED,
        overridden=frozenset(Task(task) for task in overrides),
    )
    return EndingPage(ending, gates(facts), invoices, report, accounts, overrides)


def supports_of(client: Client, *, language: str, today: date) -> list[Support]:
    """Each reason with the recorded facts that speak for it, as sentences of the letter."""
    language = "hr" if language == "hr" else "en"
    answering = answering_of(client, today=today)
    control = control_of(client, today=today)
    answers = []
    if answering.late:
        answers.append(
            answers_fact(
                late=answering.late,
                of=answering.finding.seen,
                lost=answering.lost,
                language=language,
            )
        )
    access = [access_sentence(one, language) for one in control.withheld]
    rounds = [said for said in sentences(control, language) if said not in access]
    return [
        Support(Reason.ANSWERS, answers),
        Support(Reason.ROUNDS, rounds if control.beyond or control.changed else []),
        Support(Reason.ACCESS, access),
        Support(Reason.PAY, _late_payments(client, language, today)),
        Support(Reason.OWN, []),
    ]


def _late_payments(client: Client, language: str, today: date) -> list[str]:
    """The last four that were late, in the order of their days."""
    late = [
        (bill, ((bill.settled_on or today) - bill.due_on).days)
        for bill in bills_of(client.pk)
        if (bill.settled_on or today) > bill.due_on
    ]
    return [
        pay_fact(bill.number, days, is_open=bill.settled_on is None, language=language)
        for bill, days in reversed(late[:LATE_SHOWN])
    ]


def overrides_of(client: Client) -> list[Override]:
    """Every task of this client's endings that was passed by, oldest first; for the dossier."""
    return list(Override.objects.filter(ending__client=client).select_related("author", "ending"))


def called_off_before(client: Client) -> list[Ending]:
    return list(
        Ending.objects.filter(client=client).exclude(state=Ending.State.OPEN).order_by("-pk")
    )
