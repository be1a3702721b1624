"""PEER-FAILURES 16: figures in the database, on the page and in the PDF are the same."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client as Browser

from billing.models import CreditNote, Invoice
from billing.operations import papers as operations
from billing.operations.crediting import credit_invoice
from billing.operations.drafts import NewLine
from billing.operations.payments import record_payment
from billing.queries.links import invoice_links
from billing.queries.paper import bill_of
from billing.queries.statement import account_of
from billing.rules.bill_sheet import bill_sheet
from clientdesk.money import format_money
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk, papers

MINUS = "\N{MINUS SIGN}"
KINDS = (
    ("S", Decimal(25), ""),
    ("S", Decimal(13), ""),
    ("S", Decimal(5), ""),
    ("AE", Decimal(0), "Reverse charge, Article 196 of Directive 2006/112/EC."),
    ("E", Decimal(0), "Nije u sustavu PDV-a, čl. 90."),
)


def random_lines(seed: int) -> tuple[NewLine, ...]:
    draw = random.Random(seed)
    lines = []
    for n in range(draw.randint(1, 9)):
        category, rate, note = draw.choice(KINDS)
        lines.append(
            NewLine(
                f"Čišćenje šume {n}",
                Decimal(draw.randint(1, 40_000)) / 1000,
                draw.randint(1, 300_000),
                draw.choice(("h", "kom", "")),
                rate,
                Decimal(draw.choice((0, 0, 10, 33))),
                category,
                note,
            )
        )
    return tuple(lines)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


@pytest.mark.parametrize("seed", range(12))
def test_database_page_and_pdf_say_the_same(
    at: Workspace, client: Browser, tmp_path: Path, seed: int
) -> None:
    papers.seller(at)
    language = ("hr", "en")[seed % 2]
    currency = ("EUR", "JPY", "KWD", "SEK")[seed % 4]
    of = papers.buyer(at, language)
    invoice = papers.issued(of, random_lines(seed), currency=currency)
    paper = plain(
        papers.text_of(operations.render_page(operations.invoice_html(invoice)), tmp_path)
    )
    # The page is of the day that it is asked on, so the link must be young.
    url = invoice_links([invoice], now=datetime.now(UTC))[invoice.pk]
    page = plain(client.get(url.partition("://")[2].partition("/")[2].join(("/", ""))).text)
    for minor in (invoice.net_minor, invoice.vat_minor, invoice.total_minor):
        if minor == invoice.vat_minor and len({line.vat_bp for line in invoice.lines.all()}) > 1:
            continue
        written = plain(format_money(minor, currency, language))
        assert written in paper
        assert written in page
    sheet = bill_sheet(bill_of(invoice), language)
    assert sheet.lines is not None
    for row in sheet.lines.rows:
        for cell in row.cells[1:]:
            assert plain(cell.text) in paper
            assert plain(cell.text) in page
    for one in sheet.sums:
        assert plain(one.amount) in paper
        assert plain(one.amount) in page
    for note in {line.vat_note for line in invoice.lines.all() if line.vat_note}:
        assert note.split(",")[0].split(".")[0] in paper
        assert note.split(",")[0].split(".")[0] in page


def test_the_breakdown_adds_up_to_the_stored_sums(at: Workspace) -> None:
    of = papers.buyer(at)
    for seed in range(60):
        invoice = papers.issued(of, random_lines(1000 + seed))
        bill = bill_of(invoice)
        from billing.rules.paper import vat_breakdown  # noqa: PLC0415 -- said here once

        rows = vat_breakdown(bill.items, net_minor=bill.net_minor, vat_minor=bill.vat_minor)
        assert all(row.vat_bp is not None for row in rows), seed
        assert sum(row.net_minor for row in rows) == invoice.net_minor
        assert sum(row.vat_minor for row in rows) == invoice.vat_minor


def test_a_credit_note_says_what_it_leaves(at: Workspace, tmp_path: Path) -> None:
    papers.seller(at)
    invoice = papers.issued(papers.buyer(at, "en"))
    record_payment(
        invoice=invoice, paid_on=desk.TODAY, amount_minor=30_000, now=desk.NOW, actor=desk.ACTOR
    )
    note = credit(invoice, 40_800)
    text = plain(papers.text_of(operations.render_page(operations.credit_html(note)), tmp_path))
    assert note.total_minor == 51_000
    assert "Credited to you" in text
    assert f"{MINUS}€510.00" in text
    # 1,540.00 less 300.00 paid and 510.00 credited.
    assert "€730.00" in text


def credit(invoice: Invoice, price: int) -> CreditNote:
    line = NewLine("Days not worked", Decimal(1), price, vat_rate=Decimal(25))
    return credit_invoice(
        invoice=invoice,
        lines=[line],
        reason="days not worked in May",
        issued_on=desk.TODAY,
        now=desk.NOW,
        actor=desk.ACTOR,
    )


def test_a_statement_never_adds_currencies(at: Workspace, lune: Client, tmp_path: Path) -> None:
    """PEER-FAILURES 16: each currency has its balance, equal to its invoices' open amounts."""
    papers.seller(at)
    of = papers.buyer(at, "en")
    euros = papers.issued(of)
    papers.issued(of, papers.LINES[:2], currency="USD")
    papers.issued(lune, papers.LINES[:1])
    record_payment(
        invoice=euros, paid_on=desk.TODAY, amount_minor=30_000, now=desk.NOW, actor=desk.ACTOR
    )
    credit(euros, 10_000)
    until = desk.TODAY + timedelta(days=30)
    account = account_of(of, since=date(2025, 1, 1), until=until)
    open_ = {
        code: sum(i.balance_minor for i in Invoice.objects.filter(client=of, currency=code))
        for code in ("EUR", "USD")
    }
    assert {code: account.balance(code) for code in account.currencies} == open_
    # The same where the movements lie before the period.
    later = account_of(of, since=until, until=until)
    assert {code: later.balance(code) for code in later.currencies} == open_
    assert later.moves == ()
    page = operations.statement_html(client=of, since=date(2025, 1, 1), until=until, language="en")
    text = plain(papers.text_of(operations.render_page(page), tmp_path))
    for code, minor in open_.items():
        assert plain(format_money(minor, code, "en")) in text
    together = format_money(sum(open_.values()), "EUR", "en")[1:]
    assert together not in text


def test_what_was_disputed_is_not_called_overdue(at: Workspace) -> None:
    from billing.models import Hold  # noqa: PLC0415 -- only here
    from billing.rules.statement_sheet import statement_sheet  # noqa: PLC0415 -- only here

    of = papers.buyer(at, "en")
    disputed, late = papers.issued(of), papers.issued(of, papers.LINES[:1])
    Hold.objects.create(
        workspace=at, client=of, invoice=disputed, kind="dispute", first=desk.TODAY,
        reason="wrong hours", created_at=desk.NOW,
    )  # fmt: skip
    account = account_of(of, since=desk.TODAY, until=desk.TODAY + timedelta(days=30))
    sheet = statement_sheet(account, "en")
    assert (sheet.fact_label, sheet.fact) == (
        "Overdue",
        format_money(late.total_minor, "EUR", "en"),
    )
    assert ("On hold, disputed", "€1,540.00") in sheet.facts
