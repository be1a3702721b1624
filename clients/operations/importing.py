"""Clients from a file."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import slugify

from clientdesk.cells import Cells
from clientdesk.importing import Report
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.tabular import Row, Table
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client, Contact
from clients.operations.clients import CLIENT_FIELDS, CONTACT_FIELDS

COMPARED = ("name", "country", "language", "currency")


class ClientImporter:
    kind = "clients"
    required: tuple[str, ...] = ("reference", "name", "email", "country", "language", "currency")
    optional: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()

    def __init__(
        self, *, workspace: Workspace, now: datetime, actor: str, by: User | None = None
    ) -> None:
        self.workspace, self.now, self.actor = workspace, now, actor
        self.first_lines: dict[str, int] = {}
        self.slugs = Slugs()

    def take(self, rows: Sequence[Row], table: Table, report: Report) -> None:
        wanted = [row["reference"] for row in rows]
        stored = {
            client.reference: client for client in Client.objects.filter(reference__in=wanted)
        }
        addresses = dict(
            Contact.objects.filter(client__in=stored.values(), is_primary=True).values_list(
                "client_id", "email"
            )
        )
        new: list[tuple[Client, str]] = []
        for row in rows:
            cells = Cells(row, table, report)
            client, email = self._read(cells)
            first = self.first_lines.setdefault(client.reference, row.line)
            if client.reference and first != row.line:
                cells.twice("reference", first)
            elif cells.good and (existing := stored.get(client.reference)):
                _compare(cells, existing, addresses.get(existing.pk, ""))
                report.unchanged += cells.good
            elif cells.good:
                client.slug = self.slugs.free(client.name)
                new.append((client, email))
        self._write(new)
        report.new += len(new)

    def finish(self, report: Report) -> None:
        pass

    def _read(self, cells: Cells) -> tuple[Client, str]:
        client = Client(
            workspace=self.workspace,
            reference=cells.text("reference", limit=60, required=True),
            name=cells.text("name", limit=160, required=True),
            country=cells.country("country"),
            language=cells.choice("language", ("en", "hr"), default=self.workspace.language),
            currency=cells.currency("currency", default=self.workspace.currency),
            created_at=self.now,
        )
        return client, cells.email("email")

    def _write(self, new: Sequence[tuple[Client, str]]) -> None:
        clients = Client.objects.bulk_create([client for client, _email in new])
        people = Contact.objects.bulk_create(
            Contact(workspace=self.workspace, client=client, email=email, is_primary=True)
            for client, email in new
            if email
        )
        person_of = {person.client_id: person for person in people}
        entries: list[NewEntry] = []
        for client in clients:
            entries.append(
                NewEntry(
                    kind="client.created",
                    content={field: getattr(client, field) for field in CLIENT_FIELDS},
                    actor=self.actor,
                    client_ref=client.pk,
                    subject=f"client:{client.pk}",
                )
            )
            if person := person_of.get(client.pk):
                facts = {field: getattr(person, field) for field in CONTACT_FIELDS}
                entries.append(
                    NewEntry(
                        kind="contact.created",
                        content={**facts, "letters": True},
                        actor=self.actor,
                        client_ref=client.pk,
                        subject=f"contact:{person.pk}",
                    )
                )
        record.append_many(workspace_id=self.workspace.pk, entries=entries, now=self.now)


class Slugs:
    """Free slugs for many clients, with one question to the database.

    "new" is never one: that address is a page.
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.last: dict[str, int] = {}

    def free(self, name: str) -> str:
        if not self.taken:
            self.taken = {"new", *Client.objects.values_list("slug", flat=True)}
        stem = slugify(name)[:50] or "client"
        slug = stem
        while slug in self.taken:
            count = self.last[stem] = self.last.get(stem, 1) + 1
            slug = f"{stem}-{count}"
        self.taken.add(slug)
        return slug


def _compare(cells: Cells, stored: Client, address: str) -> None:
    """An empty cell says nothing."""
    for column in COMPARED:
        here, there = cells.row[column], getattr(stored, column)
        same = here == there or (column != "name" and here.lower() == there.lower())
        if here and not same:
            cells.differs(column, here, there)
    if (email := cells.row["email"]) and email != address:
        cells.differs("email", email, address)
