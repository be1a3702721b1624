"""Erasing a client on request: rows, files and what the record says of them.

What stays, because tax law asks for it: issued invoices and credit notes with their lines, papers,
payments and what the record says of these. Entries of the record stay as sealed envelopes without
content, so that the chain holds; an entry names each erasure.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import CreditNote, Invoice, Payment, Step
from billing.operations import papers
from clientdesk.desk.operations.moving_tables import EXPORT, FACTS, FACTS_OF_KIND, NOUNS, tables
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import remove_unclaimed
from clientdesk.outbox.models import Message, Part
from clientdesk.record import operations as record
from clientdesk.record.models import Entry
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, Project
from offboarding.models import Ending

CHUNK = 500
# Issued ones stay with all that belongs to them; their drafts go.
OF_INVOICES = frozenset(
    f"billing.{name}"
    for name in (
        "Invoice", "Line", "Payment", "CreditNote", "CreditLine", "Plan", "Instalment", "Step",
    )
)  # fmt: skip
BEYOND = frozenset({"clients.Client", "record.Head", "record.Entry", "record.Content"})
PAPERS = frozenset({papers.INVOICE, papers.CREDIT_NOTE})
# What the record says of money that was asked for and came.
KEPT_KINDS = ("invoice.", "payment.", "credit.")

Doomed = dict[str, set[int]]


class ErasureRefused(Exception):
    """Something is still open; its text says what, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """What a page tells before it is done: what goes, what stays, and what stands in the way."""

    rows: int
    files: int
    entries: int
    invoices: int
    credit_notes: int
    payments: int
    exports: int
    in_the_way: Sequence[str]


def erasable(client: Client) -> Erasable:
    doomed = _doomed(client)
    issued = _issued(client)
    exports = Document.objects.filter(kind=EXPORT).count()
    return Erasable(
        rows=sum(len(ids) for ids in doomed.values()),
        files=len(doomed[NOUNS["document"]]) - exports,
        entries=_entries(client).count(),
        invoices=issued.count(),
        credit_notes=CreditNote.objects.filter(invoice__client=client).count(),
        payments=Payment.objects.filter(invoice__client=client).count(),
        exports=exports,
        in_the_way=in_the_way(client),
    )


def in_the_way(client: Client) -> list[str]:
    """Why it cannot be erased yet, in the reader's language; nothing when it can."""
    found: list[str] = []
    if client.archived_at is None:
        found.append(_("The client is not in the archive: letters and reminders still go."))
    unpaid = Invoice.objects.issued().filter(client=client, settled_on=None).count()
    if unpaid:
        found.append(
            ngettext(
                "%(n)s invoice is open: a claim needs its evidence. It must be paid, credited or"
                " written off first.",
                "%(n)s invoices are open: a claim needs its evidence. They must be paid, credited"
                " or written off first.",
                unpaid,
            )
            % {"n": unpaid}
        )
    if Ending.objects.filter(client=client, state=Ending.State.OPEN).exists():
        found.append(_("An ending is under way: it must be closed or called off first."))
    return found


def erase_client(*, client: Client, reason: str, now: datetime, actor: str) -> Erasable:
    """Erase all but what the law keeps; answers what went and what stayed.

    Exports of the whole workspace that were made before hold the same data, so they go too.
    Raises ErasureRefused, ForeignRow.
    """
    with transaction.atomic():
        client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        check_same_workspace(client.workspace_id, client)
        told = erasable(client)
        if told.in_the_way:
            raise ErasureRefused(" ".join(told.in_the_way))
        _erase_entries(client, reason=reason, now=now, actor=actor)
        doomed = _doomed(client)
        paths = _paths(doomed[NOUNS["document"]])
        # Lines before their drafts: each table after those that point at it.
        for label in reversed(doomed):
            _delete(tables()[label], doomed[label])
        Project.objects.filter(client=client).update(name="–", description="")
        Step.objects.filter(invoice__client=client).update(reason="")
        _blank(client)
        record.append(
            workspace_id=client.workspace_id,
            kind="client.erased",
            content={
                "name": client.name,
                "reason": reason,
                "entries": told.entries,
                "files": told.files,
                "kept_invoices": told.invoices,
            },
            now=now,
            actor=actor,
            client_ref=client.pk,
        )
        # A worker that dies here leaves files that no row names; the next tidying takes them.
        transaction.on_commit(partial(remove_unclaimed, paths))
    return told


def _blank(client: Client) -> None:
    name = _("Erased client %(n)s") % {"n": client.pk}
    client.slug = client.reference = f"erased-{client.pk}"
    client.name = name
    client.address = client.tax_id = client.vat_id = client.note = ""
    client.save()


def _entries(client: Client) -> models.QuerySet[Entry]:
    """What the record says of the client and the law does not keep."""
    kept = Q(kind__in=record.KEPT)
    for kind in KEPT_KINDS:
        kept |= Q(kind__startswith=kind)
    papers_ = [f"document:{pk}" for pk in _kept_papers(client).values_list("pk", flat=True)]
    kept |= Q(kind="document.stored", subject__in=papers_)
    return Entry.objects.filter(client_ref=client.pk, content__isnull=False).exclude(kept)


def _kept_papers(client: Client) -> models.QuerySet[Document]:
    return Document.objects.filter(client_ref=client.pk, kind__in=PAPERS)


def _erase_entries(client: Client, *, reason: str, now: datetime, actor: str) -> None:
    while batch := list(_entries(client).order_by("seq")[:CHUNK]):
        record.erase_many(entries=batch, reason=reason, now=now, actor=actor)


def _doomed(client: Client) -> Doomed:
    """The ids of all rows that go, by table: all that leads to the client, however far."""
    doomed: Doomed = {label: set() for label in tables() if label not in BEYOND}
    drafts = Invoice.objects.filter(client=client, state=Invoice.State.DRAFT)
    doomed["billing.Invoice"] = set(drafts.values_list("pk", flat=True))
    by_ref: dict[str, models.QuerySet[Any]] = {
        "outbox.Message": Message.objects.filter(client_ref=client.pk),
        "outbox.Part": Part.objects.filter(client_ref=client.pk),
        NOUNS["document"]: Document.objects.filter(
            Q(client_ref=client.pk) & ~Q(kind__in=PAPERS) | Q(kind=EXPORT)
        ),
    }
    for label, rows in by_ref.items():
        doomed[label] = set(rows.values_list("pk", flat=True))
    grows = True
    while grows:
        grows = False
        for label, model in tables().items():
            if label not in doomed:
                continue
            found = _leading_to(model, client, doomed) - doomed[label]
            doomed[label] |= found
            grows = grows or bool(found)
        grows = _told_elsewhere(client, doomed) or grows
    used = _issued(client).values_list("project_id", flat=True)
    doomed["clients.Project"] -= {pk for pk in used if pk}
    return doomed


def _leading_to(model: type[models.Model], client: Client, doomed: Doomed) -> set[int]:
    is_of_invoice = model._meta.label in OF_INVOICES
    found: set[int] = set()
    for field in model._meta.concrete_fields:
        related = field.related_model
        if not isinstance(related, type):
            continue
        above = related._meta.label
        if above == "clients.Client" and not is_of_invoice:
            found |= _ids(model, field.attname, {client.pk})
        elif above in doomed and not (is_of_invoice and above not in OF_INVOICES):
            found |= _ids(model, field.attname, doomed[above])
        elif above == "billing.Invoice" and not is_of_invoice:
            found |= _ids(model, field.attname, set(_issued(client).values_list("pk", flat=True)))
    return found


def _issued(client: Client) -> models.QuerySet[Invoice]:
    """Paid, open, void or written off: all but drafts."""
    return Invoice.objects.filter(client=client).exclude(state=Invoice.State.DRAFT)


def _ids(model: type[models.Model], column: str, values: Iterable[int]) -> set[int]:
    found: set[int] = set()
    manager = model._default_manager
    for chunk in _chunks(sorted(values)):
        found.update(manager.filter(**{f"{column}__in": chunk}).values_list("pk", flat=True))
    return found


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _told_elsewhere(client: Client, doomed: Doomed) -> bool:
    """Letters to the owner about this client, and jobs, name its rows in their text only."""
    grown = False
    for part in Part.objects.filter(client_ref=None).exclude(pk__in=doomed["outbox.Part"]):
        if _names(part.facts, part.kind, client, doomed):
            doomed["outbox.Part"].add(part.pk)
            doomed["outbox.Message"].add(part.message_id)
            grown = True
    for job in Job.objects.exclude(pk__in=doomed["documents.Job"]):
        if _names(json.loads(job.params), "", client, doomed) and not job.is_open:
            doomed["documents.Job"].add(job.pk)
            grown = True
    return grown


def _names(said: dict[str, Any], kind: str, client: Client, doomed: Doomed) -> bool:
    labels = {**NOUNS, **FACTS, **FACTS_OF_KIND.get(kind, {})}
    for name, value in said.items():
        label = labels.get(name, "")
        numbers = value if isinstance(value, list) else [value]
        if label == "clients.Client" and client.pk in numbers:
            return True
        if any(number in doomed.get(label, ()) for number in numbers):
            return True
    return False


def _paths(ids: set[int]) -> list[Path]:
    rows = Document.objects.filter(pk__in=ids).values_list("path", flat=True)
    return [Path(settings.FILES_DIR) / path for path in rows]


def _delete(model: type[models.Model], ids: set[int]) -> None:
    """Plainly: what protects rows from a careless hand would also protect them from the law.

    Foreign keys are checked by the database when the transaction ends.
    """
    for chunk in _chunks(sorted(ids)):
        rows = model._default_manager.filter(pk__in=chunk)
        rows._raw_delete(rows.db)
