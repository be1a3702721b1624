"""A bill's PDF is made once, by whoever is asked first, and opened by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from billing.models import Invoice
from billing.operations import papers as operations
from billing.queries.links import invoice_links
from clientdesk.documents.jobs import run_job
from clientdesk.documents.models import Document, Job
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk, papers


def clock() -> datetime:
    return desk.NOW


def path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def made(invoice: Invoice) -> Document:
    job = operations.request_invoice_pdf(invoice=invoice, now=desk.NOW)
    assert job is not None
    done = run_job(job.pk, clock)
    assert done is not None
    assert done.document is not None
    return done.document


def test_rendered_once_and_never_again(
    at: Workspace, lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = desk.invoice(lune)
    assert operations.request_invoice_pdf(
        invoice=invoice, now=desk.NOW
    ) == operations.request_invoice_pdf(invoice=invoice, now=desk.NOW)
    document = made(invoice)
    invoice.refresh_from_db()
    assert invoice.document == document
    assert document.needs == "see_money"
    lune.name = "Renamed"
    lune.save()
    assert operations.request_invoice_pdf(invoice=invoice, now=desk.NOW) is None
    kept = operations.keep_invoice_pdf(invoice=invoice, data=b"other", now=desk.NOW)
    assert kept == document
    assert Document.objects.filter(kind=operations.INVOICE).count() == 1


def test_after_a_failure_it_can_be_asked_for_again(at: Workspace, lune: Client) -> None:
    invoice = desk.invoice(lune)
    first = operations.request_invoice_pdf(invoice=invoice, now=desk.NOW)
    assert first is not None
    Job.objects.filter(pk=first.pk).update(state=Job.State.FAILED)
    second = operations.request_invoice_pdf(invoice=invoice, now=desk.NOW)
    assert second is not None
    assert second.pk != first.pk


def test_the_parties_are_those_of_the_day_of_issue(at: Workspace, lune: Client) -> None:
    papers.seller(at)
    invoice = papers.issued(lune)
    at.legal_name, lune.name = "Another seller", "Another buyer"
    at.save()
    lune.save()
    html = operations.invoice_html(Invoice.objects.get(pk=invoice.pk))[0]
    assert "Another" not in html
    assert "Jana Novak Social" in html


def test_what_a_client_is_called_is_text(at: Workspace) -> None:
    invoice = papers.issued(papers.buyer(at, name="<img src=file:///etc/passwd> & Šešelj"))
    html = operations.invoice_html(invoice)[0]
    assert "<img" not in html
    assert "&lt;img" in html
    assert operations.render_page((html, "hr")).startswith(b"%PDF")


def test_a_look_at_the_link_changes_nothing(at: Workspace, lune: Client, client: Browser) -> None:
    """PEER-FAILURES 12: GET and HEAD change nothing; a POST has it made, even without a worker."""
    invoice = desk.invoice(lune)
    now = datetime.now(UTC)
    url = path_of(invoice_links([invoice], now=now)[invoice.pk]) + "pdf/"
    assert client.get(url).status_code == 202
    assert client.head(url).status_code == 202
    assert Job.objects.count() == 0
    assert client.post(url).status_code == 302
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(created_at=now - timedelta(minutes=1))
    client.post(url)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert Document.objects.count() == 1


def test_an_unknown_token_opens_nothing(at: Workspace, client: Browser) -> None:
    answer = client.get("/i/" + "0" * 64 + "/pdf/")
    assert answer.status_code == 404
    assert "This link does not open anything" in answer.text


def test_the_owner_downloads_and_nobody_elses_owner_does(
    at: Workspace, lune: Client, client: Browser
) -> None:
    """PEER-FAILURES 11: a PDF of another workspace is missing."""
    invoice = desk.imported(lune, "31/1/1", due_on=desk.TODAY)
    document = made(invoice)
    other = desk.workspace("other")
    client.force_login(
        at.members.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = client.get(f"/w/{at.slug}/invoices/31/1/1/pdf/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/w/{at.slug}/documents/{document.pk}/"
    assert client.get(f"/w/{at.slug}/invoices/31/1/1/pdf/?year=1999").status_code == 404
    client.force_login(
        other.members.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(f"/w/{other.slug}/invoices/31/1/1/pdf/").status_code == 404
    assert client.get(f"/w/{at.slug}/invoices/31/1/1/pdf/").status_code == 404
    with acting_in(other.pk):
        assert not Document.objects.exists()
