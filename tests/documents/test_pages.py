"""The job page and the download: who may see them, and what a browser is told."""

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from clientdesk.documents import jobs
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Workspace
from tests.documents import desk

pytestmark = pytest.mark.django_db


def reader(where: Workspace, role: Role = Role.OWNER) -> Client:
    client = Client()
    if role == Role.OWNER:
        client.force_login(where.members.get())
    else:
        client.force_login(desk.member(where, role))
    return client


def read(answer: Any) -> bytes:
    """The whole answer; a file that is handed out is closed by reading it."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def page_of(job: Job) -> str:
    return f"/w/{job.workspace.slug}/jobs/{job.pk}/"


def file_page(document: Document) -> str:
    return f"/w/{document.workspace.slug}/documents/{document.pk}/"


def test_a_document_is_handed_out_as_a_file_never_shown() -> None:
    where = desk.workspace()
    kept = desk.keep(where, "<script>alert(1)</script>", filename="Završno izvješće.txt")
    answer = reader(where).get(file_page(kept))
    assert read(answer) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Zavr%C5%A1no%20izvje%C5%A1%C4%87e.txt" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_document_of_another_workspace_is_not_there() -> None:
    mine, foreign = desk.workspace("mine"), desk.workspace("foreign", desk.user("x@y.example"))
    kept, asked = desk.keep(foreign), desk.ask(foreign)
    me = reader(mine)
    for path in (
        f"/w/mine/documents/{kept.pk}/",
        f"/w/foreign/documents/{kept.pk}/",
        f"/w/mine/jobs/{asked.pk}/",
        f"/w/foreign/jobs/{asked.pk}/",
    ):
        assert me.get(path).status_code == 404, path


def test_nobody_reads_without_a_login() -> None:
    where = desk.workspace()
    for path in (file_page(desk.keep(where)), page_of(desk.ask(where))):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize(
    ("role", "needs", "status"),
    [
        (Role.BOOKKEEPER, "see_money", 200),
        (Role.BOOKKEEPER, "see_work", 403),
        (Role.VIEWER, "see_work", 200),
        (Role.MEMBER, "see_work", 200),
    ],
)
def test_a_bookkeeper_reads_money_only(role: Role, needs: str, status: int) -> None:
    where = desk.workspace()
    kept, asked = desk.keep(where, needs=needs), desk.ask(where)
    Job.unscoped.filter(pk=asked.pk).update(needs=needs)
    client = reader(where, role)
    answer = client.get(file_page(kept))
    read(answer)
    assert answer.status_code == status
    assert client.get(page_of(asked)).status_code == status


def test_lately_shows_a_bookkeeper_no_work() -> None:
    where = desk.workspace()
    secret, shown = desk.ask(where), desk.ask(where)
    Job.unscoped.filter(pk=secret.pk).update(title="Secret work")
    Job.unscoped.filter(pk=shown.pk).update(needs="see_money")
    answer = reader(where, Role.BOOKKEEPER).get(page_of(shown))
    assert "Secret work" not in answer.content.decode()


def test_a_file_that_is_gone_is_said() -> None:
    where = desk.workspace()
    kept = desk.keep(where)
    file_of(kept).unlink()
    assert reader(where).get(file_page(kept)).status_code == 404


def test_a_waiting_job_asks_again_by_itself_and_by_hand() -> None:
    where = desk.workspace()
    job = desk.ask(where)
    text = reader(where).get(page_of(job)).content.decode()
    assert f'hx-get="{page_of(job)}"' in text
    assert f'<a class="btn" href="{page_of(job)}">' in text
    assert "<progress" in text


def test_htmx_gets_the_part_that_changes() -> None:
    where = desk.workspace()
    job = desk.ask(where)
    Job.unscoped.filter(pk=job.pk).update(state="running", progress=40, message="Setting pages")
    text = reader(where).get(page_of(job), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert "Setting pages" in text
    assert 'value="40"' in text


def test_a_finished_job_offers_its_file_and_stops_asking() -> None:
    where = desk.workspace()
    job = desk.ask(where)
    jobs.run_job(job.pk, desk.clock)
    client = reader(where)
    text = client.get(page_of(job)).content.decode()
    assert file_page(Document.unscoped.get()) in text
    assert "hx-get" not in text.partition(f'id="job-{job.pk}"')[2].partition("</section>")[0]
    refreshed = client.get(page_of(job), headers={"HX-Request": "true"})
    assert refreshed["HX-Refresh"] == "true"


def test_a_failed_job_says_why() -> None:
    where = desk.workspace()
    job = desk.ask(where, refuse=True)
    jobs.run_job(job.pk, desk.clock)
    assert "There is nothing to write." in reader(where).get(page_of(job)).content.decode()


def test_an_unexpected_error_shows_no_internals() -> None:
    where = desk.workspace()
    job = desk.ask(where, fail=9)
    for minute in range(3):
        # mypy cannot infer a lambda with a default value.
        jobs.run_job(job.pk, lambda minute=minute: desk.clock(minute))  # type: ignore[misc]
    text = reader(where).get(page_of(job)).content.decode()
    assert "poison" not in text
    assert "ZeroDivisionError" not in text


def test_looking_changes_nothing() -> None:
    where = desk.workspace()
    job, kept = desk.ask(where), desk.keep(where)
    client = reader(where)
    before = Job.unscoped.values().get(pk=job.pk)
    with patch.object(jobs, "run_job") as run:
        for _ in range(3):
            client.get(page_of(job))
            client.head(page_of(job))
            read(client.get(file_page(kept)))
    assert run.call_count == 0
    assert Job.unscoped.values().get(pk=job.pk) == before
