"""What is issued stays as it is, whoever asks: model, queryset, bulk, plain SQL, both engines."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import CreditNote, Invoice, Line
from billing.triggers import FIXED, GUARDS
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import NOW, TODAY, days

OTHER = {
    "id": 987_654, "workspace_id": None, "client_id": None, "project_id": 1, "stops": "project",
    "number": "X-1", "number_year": 1999, "series": "B", "issued_on": TODAY - days(99),
    "due_on": TODAY + days(99), "currency": "USD", "description": "other", "delivered_from": TODAY,
    "delivered_until": TODAY, "buyer_reference": "PO", "note": "n", "net_minor": 1, "vat_minor": 1,
    "total_minor": 1, "parties": "{}", "imported": True, "created_at": NOW + days(1),
    "created_by_id": 1,
}  # fmt: skip


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        work()
    return str(error.value)


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def other_value(column: str, at: Workspace) -> Any:
    if column == "workspace_id":
        return desk.workspace("elsewhere").pk
    if column == "client_id":
        return desk.client(at, "Marek").pk
    if column == "created_by_id":
        return at.members.get().pk
    return OTHER[column]


@pytest.mark.parametrize("column", FIXED)
def test_no_fixed_column_of_an_issued_invoice_can_change(
    at: Workspace, lune: Client, column: str
) -> None:
    invoice = desk.invoice(lune)
    value = other_value(column, at)
    words = refused(
        lambda: sql(f"UPDATE billing_invoice SET {column} = %s WHERE id = %s", value, invoice.pk)
    )
    assert "does not change" in words or "FOREIGN KEY" in words or "foreign key" in words
    assert set(OTHER) == set(FIXED)


def test_the_ways_in_are_all_closed(lune: Client) -> None:
    invoice = desk.invoice(lune)
    line = invoice.lines.get()

    def saved() -> None:
        invoice.description = "other"
        invoice.save()

    ways: list[Callable[[], object]] = [
        saved,
        lambda: Invoice.objects.filter(pk=invoice.pk).update(due_on=TODAY + days(60)),
        lambda: Invoice.objects.bulk_update([invoice], ["description"]),
        lambda: Invoice.objects.bulk_create(
            [Invoice(pk=invoice.pk, workspace=lune.workspace, client=lune, currency="EUR",
                     created_at=NOW, description="other")],
            update_conflicts=True, unique_fields=["id"], update_fields=["description"],
        ),
        lambda: Invoice.objects.filter(pk=invoice.pk)._raw_delete("default"),
        lambda: Invoice.objects.filter(pk=invoice.pk).update(state="draft"),
        lambda: sql("DELETE FROM billing_invoice WHERE id = %s", invoice.pk),
        lambda: Line.objects.filter(pk=line.pk).update(price_minor=1),
        lambda: line.delete(),
        lambda: sql("UPDATE billing_line SET net_minor = 1 WHERE id = %s", line.pk),
        lambda: Line.objects.create(
            workspace=lune.workspace, invoice=invoice, position=9, description="more",
            price_minor=1, net_minor=1,
        ),
    ]  # fmt: skip
    for way in ways:
        assert "not change" in refused(way)
    fresh = Invoice.objects.get(pk=invoice.pk)
    assert (fresh.description, fresh.state, fresh.lines.get().price_minor) == ("", "issued", 80_000)


def test_replacing_and_emptying_are_closed_too(lune: Client) -> None:
    invoice = desk.invoice(lune)
    columns = [str(field.column) for field in Invoice._meta.concrete_fields]
    if connection.vendor == "sqlite":
        names = ", ".join(columns)
        sources = ", ".join("'other'" if name == "description" else name for name in columns)
        text = (
            f"REPLACE INTO billing_invoice ({names}) SELECT {sources} FROM billing_invoice"
            " WHERE id = %s"
        )
        assert "not change" in refused(lambda: sql(text, invoice.pk))
    else:
        for table in ("billing_invoice", "billing_line", "billing_creditnote"):
            # Checks that wait for the end of a transaction would refuse it too, for now.
            sql("SET CONSTRAINTS ALL IMMEDIATE")
            assert "not change" in refused(partial(sql, f"TRUNCATE {table} CASCADE"))


def test_a_draft_is_free_and_what_follows_an_issued_one_too(at: Workspace, lune: Client) -> None:
    draft = desk.draft(lune)
    Invoice.objects.filter(pk=draft.pk).update(description="other")
    draft.lines.all().delete()
    draft.delete()
    invoice = desk.invoice(lune)
    Invoice.objects.filter(pk=invoice.pk).update(
        paid_minor=1, next_step_on=None, sent_on=TODAY, ladder_started_on=TODAY
    )
    Invoice.objects.filter(pk=invoice.pk).update(state="void", closed_on=TODAY)
    assert "not change" in refused(
        lambda: Invoice.objects.filter(pk=invoice.pk).update(state="issued")
    )


def test_a_credit_note_never_changes(lune: Client) -> None:
    note = CreditNote.objects.create(
        workspace=lune.workspace, invoice=desk.invoice(lune), number="C-1", issued_on=TODAY,
        reason="r", net_minor=100, vat_minor=0, total_minor=100, created_at=NOW,
    )  # fmt: skip
    assert "not change" in refused(lambda: CreditNote.objects.update(reason="other"))
    assert "not change" in refused(lambda: sql("DELETE FROM billing_creditnote"))
    assert note.reason == "r"


def test_guards_that_are_missing_are_found_and_put_back(db: None) -> None:
    assert GUARDS.missing(connection) == set()
    GUARDS.remove(connection)
    assert GUARDS.missing(connection) == set(
        GUARDS.sqlite if connection.vendor == "sqlite" else GUARDS.postgres
    )
    GUARDS.install(connection)
    assert GUARDS.missing(connection) == set()
