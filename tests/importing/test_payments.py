from datetime import date, timedelta

from billing.models import Invoice, Payment
from billing.operations.ladder import start_ladder
from clientdesk.record.models import Content, Entry
from clientdesk.workspaces.scoping import acting_in
from clients.models import Stop
from clients.operations.stops import begin_stop
from tests.importing.desk import (
    CLIENTS,
    INVOICES,
    NOW,
    PAYMENTS,
    Desk,
    counts,
    expected,
    found,
    workspace,
)


def invoice(number: str = "31/1/1") -> Invoice:
    return Invoice.unscoped.get(number=number)


def test_a_payment_in_full_settles_on_its_day(with_invoices: Desk) -> None:
    report = with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-03-01,1540.00\n")
    assert (counts(report), report.waiting) == ((1, 0, 0), 0)
    paid = invoice()
    assert (paid.paid_minor, paid.settled_on, paid.next_step_on) == (
        154000, date(2026, 3, 1), None
    )  # fmt: skip
    entry = Entry.unscoped.get(kind="payment.recorded")
    said = Content.unscoped.get(entry=entry).content
    assert '"amount":"1540.00"' in said
    assert '"open":"0.00"' in said
    assert entry.subject == f"invoice:{paid.pk}"


def test_peer_5_a_partial_payment_leaves_the_rest_open(with_invoices: Desk) -> None:
    """5. Partial payment ends the chase (OCA/credit-control#330)."""
    assert with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-03-01,540\n").ok
    partly = invoice()
    assert (partly.balance_minor, partly.settled_on) == (100000, None)


def test_parts_settle_on_the_day_that_fills_them_in_any_order(with_invoices: Desk) -> None:
    rows = "31/1/1,2026-03-20,40\n31/1/1,2026-01-02,1000\n31/1/1,2026-02-10,500\n"
    assert with_invoices.bring("payments", PAYMENTS + rows).ok
    assert invoice().settled_on == date(2026, 3, 20)


def test_the_last_part_may_come_in_another_file(with_invoices: Desk) -> None:
    assert with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-03-20,1000\n").ok
    assert with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-02-10,540\n").ok
    assert invoice().settled_on == date(2026, 3, 20)


def test_overpayment_is_refused_with_the_figures(with_clients: Desk) -> None:
    row = "A,LUNE,2026-01-05,2026-02-04,USD,50.39\n"
    assert with_clients.bring("invoices", INVOICES + row).ok
    report = with_clients.bring("payments", PAYMENTS + "A,2026-02-01,60.00\n")
    assert found(report) == [(2, "amount", "60.00")]
    assert expected(report) == ["at most what is open: open: 50.39, paid: 60.00"]
    report = with_clients.bring("payments", PAYMENTS + "A,2026-02-01,50\nA,2026-02-02,0.40\n")
    assert found(report) == [(3, "amount", "0.40")]
    assert expected(report) == ["at most what is open: open: 0.39, paid: 0.40"]
    assert (Payment.unscoped.count(), invoice("A").paid_minor) == (0, 0)


def test_every_bad_cell_is_named(with_invoices: Desk) -> None:
    report = with_invoices.bring(
        "payments",
        PAYMENTS + "31/1/1,2026-03-01,10\n"
        "31-1-1,2026-03-01,10\n"
        "31/1/1,1.3.2026,ten\n"
        "31/1/1,2026-03-01,-10\n"
        "31/1/1,2026-03-01,0\n",
    )
    assert found(report) == [
        (3, "invoice_number", "31-1-1"),
        (4, "paid_on", "1.3.2026"),
        (4, "amount", "ten"),
        (5, "amount", "-10"),
        (6, "amount", "0"),
    ]
    assert Payment.unscoped.count() == 0


def test_a_void_invoice_takes_no_payment(with_invoices: Desk) -> None:
    Invoice.unscoped.filter(number="31/1/1").update(state="void")
    report = with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-03-01,10\n")
    assert found(report) == [(2, "invoice_number", "31/1/1")]


def test_peer_1_the_same_file_twice_books_nothing_more(with_invoices: Desk) -> None:
    """1. Duplicates. Two equal rows are two payments; the file again is none more."""
    text = PAYMENTS + "31/1/1,2026-03-01,500\n31/1/1,2026-03-01,500\n"
    assert counts(with_invoices.bring("payments", text)) == (2, 0, 0)
    before = Entry.unscoped.count()
    assert counts(with_invoices.bring("payments", text)) == (0, 2, 0)
    assert (invoice().paid_minor, Entry.unscoped.count()) == (100000, before)
    longer = text + "31/1/1,2026-03-01,500\n"
    assert counts(with_invoices.bring("payments", longer)) == (1, 2, 0)


def test_a_prepayment_is_taken(with_invoices: Desk) -> None:
    assert with_invoices.bring("payments", PAYMENTS + "31/1/1,2025-12-01,1540\n").ok
    assert invoice().settled_on == date(2025, 12, 1)


def test_peer_14_payment_ends_the_ladder_and_lifts_the_stop(with_invoices: Desk) -> None:
    """14. Suspension: not resumed after payment (Paymenter#854)."""
    with acting_in(with_invoices.workspace.pk):
        late = invoice()
        start_ladder(invoices=[late], on=NOW.date(), now=NOW, actor="command")
        begin_stop(
            client=late.client,
            on=NOW.date() - timedelta(days=3),
            reason=Stop.Reason.UNPAID,
            cause="31/1/1",
            now=NOW,
            actor="command",
        )
        assert invoice().next_step_on is not None
    assert with_invoices.bring("payments", PAYMENTS + "31/1/1,2026-05-13,1540\n").ok
    assert invoice().next_step_on is None
    assert Stop.unscoped.get().ended_on == date(2026, 5, 13)


def test_peer_11_another_workspaces_invoice_is_unknown(with_invoices: Desk) -> None:
    """11. Tenant leaks: the same number in two workspaces are two invoices."""
    other = Desk(workspace("other"), with_invoices.folder)
    payment = PAYMENTS + "31/1/1,2026-03-01,99\n"
    assert found(other.bring("payments", payment)) == [(2, "invoice_number", "31/1/1")]
    assert other.bring("clients", CLIENTS + "X,Moon Ltd,,IE,en,EUR\n").ok
    assert other.bring("invoices", INVOICES + "31/1/1,X,2026-03-01,2026-03-15,EUR,99\n").ok
    assert other.bring("payments", payment).ok
    paid = Invoice.unscoped.filter(number="31/1/1").order_by("pk").values_list("paid_minor")
    assert list(paid) == [(0,), (9900,)]
