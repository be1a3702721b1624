"""Invoices from files. PEER-FAILURES name what went wrong elsewhere."""

import json
from datetime import date

import pytest

from billing.models import Counter, Invoice, Line, Step
from billing.operations.importing import rate_of
from billing.operations.numbering import next_number
from billing.operations.sweep import climb_due
from clientdesk.outbox.models import Message, Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.scoping import acting_in
from tests.importing.desk import (
    CLIENTS,
    INVOICES,
    NOW,
    TWO_INVOICES,
    Desk,
    counts,
    expected,
    found,
    workspace,
)

WITH_VAT = INVOICES.strip() + ",net,vat,description\n"


def test_an_invoice_comes_in_as_it_was(with_clients: Desk) -> None:
    report = with_clients.bring("invoices", TWO_INVOICES)
    assert counts(report) == (2, 0, 0)
    assert report.waiting == 1
    invoice = Invoice.unscoped.get(number="31/1/1")
    assert (invoice.state, invoice.imported) == ("issued", True)
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 1, 5), date(2026, 2, 4))
    assert (invoice.net_minor, invoice.vat_minor, invoice.total_minor) == (154000, 0, 154000)
    assert (invoice.ladder_started_on, invoice.next_step_on) == (None, None)
    parties = json.loads(invoice.parties)
    assert (parties["seller"]["name"], parties["buyer"]["name"]) == ("Jana", "Bistro Lune")
    line = Line.unscoped.get(invoice=invoice)
    assert (line.description, line.price_minor, line.net_minor) == ("31/1/1", 154000, 154000)
    kinds = Entry.unscoped.filter(kind="invoice.imported").values_list("subject", flat=True)
    assert f"invoice:{invoice.pk}" in set(kinds)


def test_net_vat_and_description(with_clients: Desk) -> None:
    rows = (
        "A,LUNE,2026-01-05,2026-02-04,EUR,125.00,100.00,25.00,Care in January\n"
        "B,LUNE,2026-01-05,2026-02-04,EUR,125.00,,25.00,\n"
        "C,LUNE,2026-01-05,2026-02-04,EUR,125.00,125.00,,\n"
    )
    assert with_clients.bring("invoices", WITH_VAT + rows).ok
    parts = Invoice.unscoped.order_by("number").values_list("net_minor", "vat_minor")
    assert list(parts) == [(10000, 2500), (10000, 2500), (12500, 0)]
    line = Line.unscoped.get(invoice__number="A")
    assert (line.description, line.vat_bp) == ("Care in January", 2500)


@pytest.mark.parametrize(
    ("net", "vat", "rate"),
    [(10000, 2500, 2500), (999, 250, 2500), (5039, 655, 1300), (10000, 0, 0), (700, 39, 550)],
)
def test_the_rate_is_the_roundest_that_fits(net: int, vat: int, rate: int) -> None:
    assert rate_of(net_minor=net, vat_minor=vat) == rate


def test_minor_units_follow_the_currency(with_clients: Desk) -> None:
    rows = (
        "Y,LUNE,2026-01-05,2026-02-04,JPY,1540\n"
        "K,LUNE,2026-01-05,2026-02-04,KWD,1.540\n"
        "U,LUNE,2026-01-05,2026-02-04,USD,97.6\n"
    )
    assert with_clients.bring("invoices", INVOICES + rows).ok
    totals = dict(Invoice.unscoped.values_list("number", "total_minor"))
    assert totals == {"Y": 1540, "K": 1540, "U": 9760}


def test_semicolons_and_decimal_commas_are_read_and_said(with_clients: Desk) -> None:
    text = (INVOICES + "A,LUNE,2026-01-05,2026-02-04,EUR,1.540|50\n").replace(",", ";")
    report = with_clients.bring("invoices", b"\xef\xbb\xbf" + text.replace("|", ",").encode())
    assert Invoice.unscoped.get().total_minor == 154050
    assert report.notes == [
        "The file begins with a byte order mark; it is left out.",
        "Semicolons stand between the cells.",
        "Amounts are read with a comma before the decimals.",
    ]


def test_an_amount_with_two_meanings_is_refused(with_clients: Desk) -> None:
    text = (INVOICES + "A,LUNE,2026-01-05,2026-02-04,EUR,1.200\n").replace(",", ";")
    assert found(with_clients.bring("invoices", text)) == [(2, "total", "1.200")]


def test_every_bad_cell_is_named_and_nothing_comes_in(with_clients: Desk) -> None:
    report = with_clients.bring(
        "invoices",
        WITH_VAT + "A,LUNE,2026-01-05,2026-02-04,EUR,125.00,,,\n"
        "B,MOON,2026-02-31,05.02.2026,EUR,12.345,,,\n"
        "C,LUNE,2026-02-05,2026-02-04,XXY,10,,,\n"
        "D,LUNE,2026-02-05,2026-02-04,EUR,0,,,\n"
        "E,LUNE,2026-01-05,2026-02-04,EUR,125.00,100.00,20.00,\n"
        'F,LUNE,2026-01-05,2026-02-04,EUR,"12,50",,,\n'
        "A,LUNE,2026-01-05,2026-02-04,EUR,125.00,,,\n"
        ",LUNE,2026-01-05,,EUR,١٢,,,\n",
    )
    assert found(report) == [
        (3, "client_reference", "MOON"),
        (3, "issued_on", "2026-02-31"),
        (3, "due_on", "05.02.2026"),
        (3, "total", "12.345"),
        (4, "due_on", "2026-02-04"),
        (4, "currency", "XXY"),
        (5, "due_on", "2026-02-04"),
        (5, "total", "0"),
        (6, "total", "125.00"),
        (7, "total", "12,50"),
        (8, "number", "A"),
        (9, "due_on", ""),
        (9, "total", "١٢"),
        (9, "number", ""),
    ]
    assert "net and vat together; they are 100.00 + 20.00" in expected(report)
    assert expected(report)[-4] == "each once; line 2 has it already"
    assert (Invoice.unscoped.count(), Line.unscoped.count(), Counter.unscoped.count()) == (0, 0, 0)
    assert not Entry.unscoped.filter(kind="invoice.imported").exists()


def test_a_bad_last_line_of_a_second_batch_takes_all_back(with_clients: Desk) -> None:
    rows = "".join(f"N{n},LUNE,2026-01-05,2026-02-04,EUR,10\n" for n in range(1_200))
    report = with_clients.bring("invoices", INVOICES + rows + "X,LUNE,soon,later,EUR,10\n")
    assert found(report) == [(1_202, "issued_on", "soon"), (1_202, "due_on", "later")]
    assert Invoice.unscoped.count() == 0


def test_the_same_file_twice_changes_nothing(with_invoices: Desk) -> None:
    before = Entry.unscoped.count()
    assert counts(with_invoices.bring("invoices", TWO_INVOICES)) == (0, 2, 0)
    assert (Invoice.unscoped.count(), Entry.unscoped.count()) == (2, before)


def test_an_invoice_that_exists_with_other_values_is_named_with_both(with_invoices: Desk) -> None:
    text = TWO_INVOICES.replace("31/1/1,LUNE", "31/1/1,NORD").replace("1540.00", "1450.00")
    report = with_invoices.bring("invoices", text)
    assert found(report) == [(2, "client_reference", "NORD"), (2, "total", "1450.00")]
    assert expected(report)[0].startswith("LUNE, as it is here already")
    assert expected(report)[1].startswith("1540.00, as it is here already")


def test_peer_10_numbers_of_our_form_are_never_given_again(with_invoices: Desk) -> None:
    """10. Numbering: a used number reissued (crater#1002)."""
    with acting_in(with_invoices.workspace.pk):
        given = next_number(workspace_id=with_invoices.workspace.pk, on=date(2026, 5, 1)).text
    assert given == "2026-042"


def test_peer_11_another_workspace_is_not_seen(with_invoices: Desk) -> None:
    """11. Tenant leaks: a foreign reference is unknown here, and the same number is free."""
    other = Desk(workspace("other"), with_invoices.folder)
    assert found(other.bring("invoices", TWO_INVOICES)) == [
        (2, "client_reference", "LUNE"),
        (3, "client_reference", "NORD"),
    ]
    assert other.bring("clients", CLIENTS + "LUNE,Moon Ltd,,IE,en,EUR\n").ok
    row = "31/1/1,LUNE,2026-03-01,2026-03-15,EUR,99\n"
    assert counts(other.bring("invoices", INVOICES + row)) == (1, 0, 0)
    both = Invoice.unscoped.filter(number="31/1/1").order_by("total_minor")
    assert [invoice.client.name for invoice in both] == ["Moon Ltd", "Bistro Lune"]


def test_an_import_never_mails(with_invoices: Desk) -> None:
    with acting_in(with_invoices.workspace.pk):
        climb_due(workspace=with_invoices.workspace, now=NOW)
    assert (Step.unscoped.count(), Part.unscoped.count(), Message.unscoped.count()) == (0, 0, 0)


def test_a_dry_run_keeps_nothing(with_clients: Desk) -> None:
    report = with_clients.bring("invoices", TWO_INVOICES, dry_run=True)
    assert (counts(report), report.waiting) == ((2, 0, 0), 1)
    assert (Invoice.unscoped.count(), Counter.unscoped.count()) == (0, 0)
