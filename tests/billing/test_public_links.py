"""Public links: one invoice each, found by their token alone, and looking changes nothing."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from billing.models import Invoice, InvoiceLink, Payment, Step
from billing.queries.links import LIFETIME, find_link, invoice_links
from clientdesk import clock
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk


def path_of(invoice: Invoice) -> str:
    url = invoice_links([invoice], now=clock.now())[invoice.pk]
    return url[url.index("/i/") :]


def token_of(invoice: Invoice) -> str:
    return path_of(invoice).strip("/").split("/")[1]


def everything() -> dict[str, list[object]]:
    tables = (Invoice, InvoiceLink, Payment, Step, Entry)
    return {table.__name__: list(table.unscoped.order_by("pk").values()) for table in tables}


def test_looking_twenty_times_changes_nothing(lune: Client) -> None:
    path = path_of(desk.invoice(lune))
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            assert Browser().get(path).status_code == 200
            assert Browser().head(path).status_code == 200
    assert everything() == before
    words = {query["sql"].split()[0] for query in queries.captured_queries}
    assert words <= {"SELECT", "SAVEPOINT", "RELEASE"}


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_link_is_for_looking_only(lune: Client, method: str) -> None:
    path = path_of(desk.invoice(lune))
    assert getattr(Browser(), method)(path).status_code in (403, 405)


def test_unknown_expired_and_revoked_look_the_same(lune: Client) -> None:
    expired, revoked, good = (desk.invoice(lune) for _ in range(3))
    paths = [path_of(invoice) for invoice in (expired, revoked, good)]
    InvoiceLink.objects.filter(invoice=expired).update(expires_at=clock.now())
    InvoiceLink.objects.filter(invoice=revoked).update(revoked_at=clock.now())
    unknown = f"/i/{'0' * 64}/"
    answers = [Browser().get(path) for path in (unknown, *paths[:2])]
    assert [answer.status_code for answer in answers] == [404] * 3
    bodies = {_without_nonce(answer.content.decode(), answer) for answer in answers}
    assert len(bodies) == 1
    assert "Lune" not in bodies.pop()
    assert Browser().get(paths[2]).status_code == 200


def _without_nonce(body: str, answer: object) -> str:
    # Only the test client's answers carry wsgi_request.
    path = answer.wsgi_request.path  # type: ignore[attr-defined]
    return body.replace(path, "/i/…/")


def test_each_link_opens_its_own_invoice_only(lune: Client) -> None:
    mine, other = desk.invoice(lune, total=11_100), desk.invoice(lune, total=22_200)
    page = Browser().get(path_of(mine)).content.decode()
    assert "€111.00" in page
    assert str(mine.number) in page
    assert "€222.00" not in page
    assert str(other.number) not in page
    assert token_of(mine) != token_of(other)


def test_a_link_of_another_workspace_opens_that_ones_invoice(lune: Client) -> None:
    desk.invoice(lune)
    other = desk.workspace("other")
    with acting_in(other.pk):
        path = path_of(desk.invoice(desk.client(other, "Nordlys"), total=33_300))
    page = Browser().get(path).content.decode()
    assert "€333.00" in page
    assert "€800.00" not in page


def test_search_engines_and_referrers_learn_nothing(lune: Client) -> None:
    for path in (path_of(desk.invoice(lune)), f"/i/{'0' * 64}/"):
        answer = Browser().get(path)
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_the_database_alone_opens_nothing(lune: Client) -> None:
    invoice = desk.invoice(lune)
    token = token_of(invoice)
    row = InvoiceLink.objects.get()
    assert len(token) == 64
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    stored = " ".join(str(value) for value in InvoiceLink.objects.values_list().get())
    assert token not in stored
    for known in (row.nonce, row.token_hash):
        assert find_link(known, now=clock.now()) is None


def test_a_letter_put_together_twice_has_the_same_link(lune: Client) -> None:
    invoice = desk.invoice(lune)
    assert path_of(invoice) == path_of(invoice)
    assert InvoiceLink.objects.count() == 1
    InvoiceLink.objects.update(revoked_at=clock.now())
    again = path_of(invoice)
    assert InvoiceLink.objects.count() == 2
    assert Browser().get(again).status_code == 200


def test_a_link_expires_after_a_year(lune: Client) -> None:
    invoice = desk.invoice(lune)
    token = token_of(invoice)
    made = InvoiceLink.objects.get().created_at
    assert find_link(token, now=made + LIFETIME - timedelta(seconds=1)) is not None
    assert find_link(token, now=made + LIFETIME) is None


def test_the_page_says_what_is_open_or_that_it_is_paid(at: Workspace, lune: Client) -> None:
    invoice = desk.invoice(lune)
    path = path_of(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(paid_minor=30_000)
    assert "€500.00" in Browser().get(path).content.decode()
    Invoice.objects.filter(pk=invoice.pk).update(paid_minor=80_000, settled_on=desk.TODAY)
    assert "paid in full" in Browser().get(path).content.decode()
