"""The answer to "is that all you did?": the page, and the PDF made by a worker."""

import random
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import clock
from clientdesk.documents import jobs
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
from clientdesk.workspaces.scoping import acting_in
from clients.models import Project
from feedback.models import MissedChance
from feedback.operations.asking import open_request
from feedback.queries.clock import clock_of
from offboarding.queries.facts import facts_of_project
from offboarding.rules.done import done_of
from tests.desk.world import make_client, make_workspace
from tests.offboarding.test_same_figures import FIRST, LAST, at, history

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("seed", range(6))
def test_its_sums_are_the_clocks_in_both_languages(seed: int) -> None:
    workspace, _ = make_workspace("studio")
    with acting_in(workspace.pk):
        for project in history(make_client(workspace), random.Random(seed)):
            shown = clock_of(project, today=LAST)
            told = facts_of_project(project, today=LAST)
            for language in ("en", "hr"):
                theirs, asked, ours = done_of(told, language).sides
                assert (theirs.figure, asked.figure, ours.figure) == (
                    str(shown.clients), str(shown.waiting), str(shown.ours),
                )  # fmt: skip


def test_the_page_and_the_file_say_the_same(tmp_path: Path) -> None:
    workspace, owner = make_workspace("studio")
    with acting_in(workspace.pk):
        client = make_client(workspace)
        project = history(client, random.Random(3))[0]
        MissedChance.objects.create(
            workspace=workspace, project=project, title="Uskrsna kampanja",
            evidence="Tisak je bio 8. travnja.", missed_on=LAST, created_at=at(LAST),
        )  # fmt: skip
        MissedChance.objects.create(
            workspace=workspace, project=project, title="By mistake", missed_on=LAST,
            created_at=at(LAST), struck_at=at(LAST),
        )  # fmt: skip
    browser = Browser()
    browser.force_login(owner)
    address = f"/w/studio/clients/{client.slug}/projects/{project.pk}/done/"
    page = browser.get(address).content.decode()
    assert "Uskrsna kampanja" in page
    assert "By mistake" not in page
    form = {"language": "hr", "once_key": "one"}
    assert browser.post(address, form).status_code == 302
    assert browser.post(address, form).status_code == 302
    job = Job.unscoped.get()
    jobs.run_job(job.pk, clock.now)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    document = Document.unscoped.get()
    told = subprocess.run(
        ["pdftotext", "-layout", str(file_of(document)), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    with acting_in(workspace.pk):
        project = Project.objects.select_related("client__workspace").get(pk=project.pk)
        today = workspace.local_today(clock.now())
        said = done_of(facts_of_project(project, today=today), "hr")
    assert "Je li to sve?" in told
    assert plain(said.sentence) in plain(told)
    assert "Uskrsna kampanja" in told


def test_queries_do_not_grow_with_the_requests() -> None:
    workspace, owner = make_workspace("studio")
    browser = Browser()
    browser.force_login(owner)
    counts = []
    with acting_in(workspace.pk):
        client = make_client(workspace)
        project = history(client, random.Random(0))[0]
        for more in (1, 30):
            for number in range(more):
                open_request(
                    client=client, project=project, kind="question", title=f"More {number}",
                    asked_on=FIRST, answer_by=FIRST, now=at(FIRST), actor="system",
                )  # fmt: skip
            address = f"/w/studio/clients/{client.slug}/projects/{project.pk}/done/"
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]
