"""A stored report reaches the client as a link, in its language, and only that report."""

import pytest
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.documents.operations import store
from clientdesk.outbox.delivery import deliver
from clientdesk.record.models import Entry
from clients.models import Client
from offboarding.models import ReportLink
from offboarding.operations.report_letters import NoReport, SentToday, send_report
from offboarding.queries.report_links import report_address
from offboarding.rules.facts import FINAL_REPORT
from tests.billing.desk import ACTOR, NOW, days
from tests.feedback.clock_desk import owner_of, project
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
DATA = b"%PDF-1.7 a report"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def stored(lune: Client, kind: str = FINAL_REPORT) -> Document:
    return store(
        workspace_id=lune.workspace_id,
        kind=kind,
        filename="izvjesce.pdf",
        content_type="application/pdf",
        data=DATA,
        now=NOW,
        actor=ACTOR,
        client_ref=lune.pk,
        title="Završno izvješće, Lune",
    )


def path_of(document: Document) -> str:
    address = report_address(document, email="ana@example.com", now=NOW)
    return "/" + address.split("/", 3)[3]


def test_it_is_sent_once_a_day_and_recorded(lune: Client, server: MailServer) -> None:
    document = stored(lune)
    send_report(client=lune, document=document, now=NOW, actor=ACTOR)
    with pytest.raises(SentToday):
        send_report(client=lune, document=document, now=NOW, actor=ACTOR)
    deliver(now=lambda: NOW + days(1))
    text = server.received()[-1].text
    assert "/r/" in text
    assert Entry.objects.filter(kind="report.sent").count() == 1
    assert ReportLink.objects.count() == 1


def test_only_reports_of_this_client_go(lune: Client) -> None:
    with pytest.raises(NoReport):
        send_report(client=lune, document=stored(lune, "attachment"), now=NOW, actor=ACTOR)


@pytest.mark.parametrize("language", ["en", "hr"])
def test_the_page_speaks_the_clients_language_and_gives_the_file(
    lune: Client, client: Browser, language: str
) -> None:
    lune.language = language
    lune.save()
    path = path_of(stored(lune))
    page = client.get(path)
    assert {"en": "Download it (PDF)", "hr": "Preuzmite (PDF)"}[language] in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    file = client.get(f"{path}report.pdf")
    assert b"".join(file.streaming_content) == DATA  # type: ignore[attr-defined]
    assert file["Content-Disposition"].startswith("attachment")


def test_unknown_expired_and_revoked_look_the_same(
    lune: Client, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(stored(lune))
    for _ in range(20):
        client.head(path)
    unknown = client.get(f"/r/{'0' * 64}/")
    monkeypatch.setattr(clock, "now", lambda: NOW + days(366))
    expired = client.get(path)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    ReportLink.objects.update(revoked_at=NOW)
    revoked = client.get(path)
    assert [one.status_code for one in (unknown, expired, revoked)] == [404] * 3
    assert unknown.content == expired.content == revoked.content
    assert client.get(f"{path}report.pdf").status_code == 404


def test_the_button_stands_beside_each_report(lune: Client) -> None:
    summer = project(lune)
    owner = owner_of(summer)
    document = stored(lune)
    page = "/w/jana/clients/lune/report/"
    assert f"report/{document.pk}/send/" in owner.get(page).content.decode()
    sent = owner.post(f"{page}{document.pk}/send/", follow=True).content.decode()
    assert "for a minute it can be taken back" in sent
    again = owner.post(f"{page}{document.pk}/send/", follow=True).content.decode()
    assert "today already" in again
