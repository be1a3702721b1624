"""What goes into a dossier: the record, messages as they were sent, papers, files, what is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.models import Invoice
from billing.operations import papers
from billing.queries.interest import claim_for
from clientdesk.documents.models import Document
from clientdesk.outbox.models import Message
from clientdesk.record.models import Entry, Head
from clientdesk.record.operations import KEPT
from clients.models import Client
from offboarding.queries.spans import Span
from offboarding.rules.dossier import Owed, Part
from offboarding.rules.facts import DONE_REPORT, FINAL_REPORT, INTERIM_REPORT

CHUNK = 1_000
BILLS = frozenset({papers.INVOICE, papers.CREDIT_NOTE, papers.STATEMENT})
REPORTS = frozenset({FINAL_REPORT, INTERIM_REPORT, DONE_REPORT})


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the chain; salt and content only where it speaks of this client."""

    seq: int
    hash: str
    envelope: str
    salt: str | None
    content: str | None


def head_of(client: Client) -> Head:
    return Head.objects.get()


def chain_of(client: Client) -> Iterator[Link]:
    """Every entry of the workspace in its order; read in pieces."""
    rows = (
        Entry.objects.order_by("seq")
        .values_list(
            "seq", "hash", "envelope", "kind", "client_ref", "content__salt", "content__content"
        )
        .iterator(chunk_size=CHUNK)
    )
    for seq, hash_, envelope, kind, client_ref, salt, content in rows:
        # An erasure names an entry by its number alone, a move whole ranges of rows; neither says
        # anything of whom they are about, and without them the rest could not be checked.
        is_told = client_ref == client.pk or kind in KEPT
        yield Link(seq, hash_, envelope, salt if is_told else None, content if is_told else None)


def entries_of(client: Client) -> list[int]:
    """The numbers of the entries about this client."""
    return list(
        Entry.objects.filter(client_ref=client.pk).order_by("seq").values_list("seq", flat=True)
    )


def messages_of(client: Client, span: Span) -> list[Message]:
    """What left within the span, oldest first; its bytes are read when they are asked for."""
    local = client.workspace.local_today
    rows = Message.objects.filter(client_ref=client.pk, state=Message.State.SENT)
    return [
        row
        for row in rows.defer("raw").order_by("sent_at", "pk")
        if local(row.sent_at or row.created_at) in span
    ]


def documents_of(client: Client, parts: frozenset[Part], span: Span) -> list[Document]:
    """The stored papers and files of the chosen parts, oldest first; no earlier dossier."""
    local = client.workspace.local_today
    rows = Document.objects.for_client(client.pk).exclude(kind="dossier")
    return [
        row
        for row in rows.order_by("created_at", "pk")
        if part_of(row) in parts and local(row.created_at) in span
    ]


def part_of(document: Document) -> Part:
    if document.kind in BILLS:
        return Part.INVOICES
    return Part.REPORTS if document.kind in REPORTS else Part.FILES


def owed_by(client: Client, *, today: date) -> list[Owed]:
    """Every issued invoice that is open, with the interest of the law so far."""
    rows = (
        Invoice.objects.issued()
        .filter(client=client, settled_on=None)
        .prefetch_related("payments", "credit_notes")
        .order_by("due_on", "pk")
    )
    return [
        Owed(
            number=row.number or "",
            due_on=row.due_on,
            currency=row.currency,
            total_minor=row.total_minor,
            open_minor=row.balance_minor,
            interest_minor=claim_for(row, today=today).interest_minor,
        )
        for row in rows
    ]
