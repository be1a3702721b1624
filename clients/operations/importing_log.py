"""Entries of the log from a file."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clientdesk import importing
from clientdesk.cells import Cells
from clientdesk.importing import Report
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.tabular import Row, Table
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client, Interaction
from clients.operations.interactions import content_of

MOST_MINUTES = 100_000
BODY_LIMIT = 100_000


class InteractionImporter:
    """A row written twice in the file is two entries; the file read twice is none more."""

    kind = "interactions"
    required: tuple[str, ...] = ("client_reference", "happened_at", "kind", "summary")
    optional: tuple[str, ...] = ("minutes", "body", "tags")
    amounts: tuple[str, ...] = ()

    def __init__(
        self, *, workspace: Workspace, now: datetime, actor: str, by: User | None = None
    ) -> None:
        self.workspace, self.now, self.actor, self.by = workspace, now, actor, by
        self.zone = ZoneInfo(workspace.time_zone)
        self.seen: Counter[bytes] = Counter()

    def take(self, rows: Sequence[Row], table: Table, report: Report) -> None:
        wanted = {row["client_reference"] for row in rows}
        clients = dict(Client.objects.filter(reference__in=wanted).values_list("reference", "pk"))
        good: dict[str, Interaction] = {}
        for row in rows:
            cells = Cells(row, table, report)
            interaction, written = self._read(cells, clients)
            if cells.good:
                key = importing.nth_key(
                    self.seen,
                    row["client_reference"],
                    written,
                    interaction.kind,
                    interaction.summary,
                    str(interaction.minutes),
                    interaction.body,
                    interaction.tags,
                )
                interaction.once_key = key
                good[key] = interaction
        known = set(
            Interaction.objects.filter(once_key__in=good).values_list("once_key", flat=True)
        )
        new = [interaction for key, interaction in good.items() if key not in known]
        self._write(new)
        report.new += len(new)
        report.unchanged += len(known)

    def finish(self, report: Report) -> None:
        pass

    def _read(self, cells: Cells, clients: dict[str, int]) -> tuple[Interaction, str]:
        reference = cells.text("client_reference", limit=60, required=True)
        if reference and reference not in clients:
            cells.refuse("client_reference", _("the reference of a client; bring in clients first"))
        happened_at, written = cells.instant("happened_at", zone=self.zone)
        if written and happened_at > self.now + timedelta(minutes=5):
            cells.refuse("happened_at", _("a time that has passed; what is logged has happened"))
        tags = cells.text("tags", limit=200)
        return Interaction(
            workspace=self.workspace,
            client_id=clients.get(reference, 0),
            happened_at=happened_at,
            kind=cells.choice("kind", Interaction.Kind.values),
            summary=cells.text("summary", limit=300, required=True),
            minutes=cells.number("minutes", most=MOST_MINUTES),
            body=cells.text("body", limit=BODY_LIMIT, lines=True),
            tags=" ".join(dict.fromkeys(tag.lstrip("#").lower() for tag in tags.split())),
            author=self.by,
            recorded_at=self.now,
        ), written

    def _write(self, new: Sequence[Interaction]) -> None:
        rows = Interaction.objects.bulk_create(new)
        record.append_many(
            workspace_id=self.workspace.pk,
            entries=[
                NewEntry(
                    kind="interaction.logged",
                    content=content_of(row),
                    actor=self.actor,
                    client_ref=row.client_id,
                    subject=f"interaction:{row.pk}",
                    happened_at=row.happened_at,
                )
                for row in rows
            ],
            now=self.now,
        )
