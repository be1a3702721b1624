"""Finding clients, people, invoices, questions and entries of the log by a few letters."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from billing.models import Invoice
from clientdesk.workspaces.folding import Folded, fold
from clients.models import Client, Contact, Interaction
from feedback.models import Request

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Found:
    clients: list[Client] = field(default_factory=list)
    people: list[Contact] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    entries: list[Interaction] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.clients or self.people or self.invoices or self.requests or self.entries)


def find(text: str, *, work: bool, money: bool, each: int) -> Found:
    """What holds every word of `text`, whatever the marks on its letters; at most `each` of a kind.

    Without `work` only money is looked through, and without `money` no invoice. Five queries.
    """
    words = fold(text).split()
    if not words:
        return Found()
    invoices: list[Invoice] = []
    if money:
        hits = _holding(
            Invoice.objects.all(), words, number="number", what="description", who="client__name"
        )
        invoices = list(hits.select_related("client").order_by("-issued_on", "-pk")[:each])
    if not work:
        return Found(invoices=invoices)
    clients = _holding(Client.objects.all(), words, name="name", ref="reference")
    people = _holding(Contact.objects.all(), words, name="name", mail="email", phone="phone")
    requests = _holding(
        Request.objects.all(), words, title="title", detail="detail", who="client__name"
    )
    entries = _holding(Interaction.objects.all(), words, head="summary", body="body", tags="tags")
    return Found(
        clients=list(clients.order_by("archived_at", "name")[:each]),
        people=list(people.select_related("client").order_by("name")[:each]),
        invoices=invoices,
        requests=list(requests.select_related("client").order_by("-asked_on", "-pk")[:each]),
        entries=list(entries.select_related("client").order_by("-happened_at", "-pk")[:each]),
    )


def _holding(rows: QuerySet[Row], words: list[str], **columns: str) -> QuerySet[Row]:
    """Rows in which each word stands in one of the columns."""
    folded: dict[str, Any] = {f"folded_{name}": Folded(path) for name, path in columns.items()}
    rows = rows.alias(**folded)
    for word in words:
        somewhere = Q()
        for name in folded:
            somewhere |= Q(**{f"{name}__contains": word})
        rows = rows.filter(somewhere)
    return rows
