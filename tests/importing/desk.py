"""A workspace to bring files into, and short ways to write such files."""

from datetime import UTC, datetime
from pathlib import Path

from clientdesk.desk.operations.imports import import_file
from clientdesk.importing import Report
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace

NOW = datetime(2026, 5, 14, 7, 0, tzinfo=UTC)

CLIENTS = "reference,name,email,country,language,currency\n"
INVOICES = "number,client_reference,issued_on,due_on,currency,total\n"
PAYMENTS = "invoice_number,paid_on,amount\n"
INTERACTIONS = "client_reference,happened_at,kind,summary\n"

TWO_CLIENTS = (
    CLIENTS + "LUNE,Bistro Lune,luc@lune.example,HR,hr,EUR\n"
    "NORD,Nordlys Yoga,post@nordlys.example,NO,en,NOK\n"
)
TWO_INVOICES = (
    INVOICES + "31/1/1,LUNE,2026-01-05,2026-02-04,EUR,1540.00\n"
    "2026-041,NORD,2026-04-01,2026-05-20,NOK,800\n"
)


def workspace(slug: str = "jana") -> Workspace:
    owner = User.objects.create_user(f"{slug}@example.com", name="Jana Novak")
    return create_workspace(name=slug.title(), slug=slug, owner=owner, now=NOW)


class Desk:
    """One workspace, and a folder for its files."""

    def __init__(self, at: Workspace, folder: Path) -> None:
        self.workspace, self.folder, self.count = at, folder, 0

    def file(self, text: str | bytes) -> Path:
        self.count += 1
        path = self.folder / f"{self.workspace.slug}-{self.count}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bring(self, kind: str, text: str | bytes, *, dry_run: bool = False) -> Report:
        return import_file(
            kind=kind,
            path=self.file(text),
            workspace=self.workspace,
            now=NOW,
            actor="command",
            dry_run=dry_run,
        )


def found(report: Report) -> list[tuple[int, str, str]]:
    """Where the problems are and what stands there."""
    return [(problem.line, problem.column, problem.value) for problem in report.problems]


def expected(report: Report) -> list[str]:
    return [problem.expected for problem in report.problems]


def counts(report: Report) -> tuple[int, int, int]:
    """New, unchanged, bad."""
    return report.new, report.unchanged, report.bad
