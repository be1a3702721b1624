"""Invoices with every kind of line, for the tests of what is printed."""

import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

from billing.models import Invoice, MoneySettings
from billing.operations.drafts import Heading, NewLine, create_draft
from billing.operations.issuing import issue_invoice
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client
from tests.billing import desk

IBAN = "HR1210010051863000160"
LINES = (
    NewLine("Vođenje kanala, travanj 2025.", Decimal(1), 68_000, "mj.", Decimal(25),
            detail="Instagram i profil na Googleu, do 16 objava"),
    NewLine("Objave izvan paketa", Decimal(12), 1_800, "kom", Decimal(25),
            detail="Ožujak: jelovnik tjedna, vinska večer, osoblje"),
    NewLine("Fotografiranje jelovnika", Decimal("3.5"), 4_800, "h", Decimal(25),
            detail="24. ožujka, s obradom 18 snimaka"),
    NewLine("Oglasi za Uskrs", Decimal("2.5"), 4_800, "h", Decimal(25)),
    NewLine("Sastanak o smjernicama", Decimal(1), 4_800, "h", Decimal(25)),
)  # fmt: skip


def seller(at: Workspace, *, country: str = "HR") -> Workspace:
    """The workspace with all that an invoice says of a seller."""
    at.legal_name = "Jana Novak Social"
    at.address = "Ilica 142\n10000 Zagreb"
    at.country = country
    at.tax_id, at.vat_id, at.iban = "12345678903", "HR12345678903", IBAN
    at.email = "jana@jananovak.example"
    at.save()
    MoneySettings.objects.update_or_create(
        workspace=at,
        defaults={"legal_note": "Upisano u Obrtni registar, MBO 90000000 (ogledni podatak)."},
    )
    return at


def buyer(at: Workspace, language: str = "hr", name: str = "Bistro Lune d.o.o.") -> Client:
    made = desk.client(at, f"lune-{language}", language=language)
    made.name, made.address, made.tax_id = name, "Teslina 14\n10000 Zagreb", "98765432106"
    made.save()
    return made


def issued(
    of: Client,
    lines: tuple[NewLine, ...] = LINES,
    *,
    currency: str = "EUR",
    heading: Heading | None = None,
    by: User | None = None,
) -> Invoice:
    draft = create_draft(
        client=of, currency=currency, lines=lines, now=desk.NOW, by=by, heading=heading
    )
    return issue_invoice(
        invoice=draft,
        issued_on=desk.TODAY,
        due_on=date(2025, 5, 28),
        now=desk.NOW,
        actor=desk.ACTOR,
    )


def text_of(pdf: bytes, where: Path) -> str:
    """The text of a PDF, in reading order, with plain spaces."""
    file = where / "paper.pdf"
    file.write_bytes(pdf)
    ran = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return ran.stdout.decode().replace("\N{NO-BREAK SPACE}", " ")
