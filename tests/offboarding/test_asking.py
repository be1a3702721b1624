"""Asking for a final report: the page, the job it begins, and the command that does the same."""

import json
import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from billing.models import Invoice, Payment
from clientdesk.documents import jobs
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction, ManagedAccount, Project, Result

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(ZoneInfo("Europe/Zagreb")).date()
MARCH = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


def studio(slug: str = "studio") -> Workspace:
    owner = User.objects.create_user(f"jana@{slug}.example", "a long password", name="Jana")
    return create_workspace(name="Šuma Studio", slug=slug, owner=owner, now=MARCH)


def lune(where: Workspace, **more: Any) -> Client:
    fields = {"name": "Bistro Čarobnjak", "language": "hr", **more}
    return Client.unscoped.create(
        workspace=where, slug="lune", reference="C-1", created_at=MARCH, **fields
    )


def fill(client: Client) -> None:
    """Something of everything, on known days."""
    belongs: dict[str, Any] = {"workspace": client.workspace, "client": client}
    Project.unscoped.create(
        **belongs,
        name="Proljetna kampanja",
        started_on=date(2025, 3, 4),
        delivery_on=date(2025, 4, 1),
        delivered_on=date(2025, 4, 3),
        created_at=MARCH,
    )
    Interaction.unscoped.create(
        **belongs,
        kind="work",
        happened_at=MARCH,
        minutes=90,
        summary="Objave za tjedan čćđšž",
        recorded_at=MARCH,
    )
    Result.unscoped.create(
        **belongs,
        metric="Rezervacije",
        before=Decimal(41),
        after=Decimal(112),
        measured_on=date(2025, 4, 30),
        created_at=MARCH,
    )
    ManagedAccount.unscoped.create(
        **belongs,
        platform="Instagram",
        handle="@carobnjak",
        access_needed="Administrator",
        created_at=MARCH,
    )
    for number, currency, total, paid in (("7", "EUR", 154000, 100000), ("8", "USD", 5000, 5000)):
        invoice = Invoice.unscoped.create(
            **belongs,
            state="issued",
            number=number,
            issued_on=date(2025, 4, 9),
            due_on=date(2025, 4, 23),
            currency=currency,
            net_minor=total,
            total_minor=total,
            paid_minor=paid,
            settled_on=date(2025, 4, 25) if total == paid else None,
            created_at=MARCH,
        )
        Payment.unscoped.create(
            workspace=client.workspace,
            invoice=invoice,
            paid_on=date(2025, 4, 25),
            amount_minor=paid,
            recorded_at=MARCH,
        )


def browser(where: Workspace, role: Role = Role.OWNER) -> Browser:
    found = Browser()
    if role is Role.OWNER:
        found.force_login(where.members.get())
        return found
    user = User.objects.create_user(f"{role}@studio.example", "a long password")
    Membership.objects.create(workspace=where, user=user, role=role, joined_at=NOW)
    found.force_login(user)
    return found


def address(where: Workspace) -> str:
    return f"/w/{where.slug}/clients/lune/report/"


def form(**fields: str) -> dict[str, str]:
    return {"first": "", "last": "", "language": "hr", "once_key": str(uuid4()), **fields}


def text_of(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "read.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_interim_report_is_its_own_kind(tmp_path: Path) -> None:
    where = studio()
    fill(lune(where))
    browser(where).post(address(where), {**form(), "interim": "on"})
    jobs.run_job(Job.unscoped.get().pk, lambda: NOW)
    document = Document.unscoped.get()
    assert document.kind == "interim_report"
    assert document.filename == f"meduizvjesce-lune-{TODAY}.pdf"
    text = text_of(file_of(document).read_bytes(), tmp_path)
    assert "Međuizvješće" in text
    assert "Primopredaja" not in text


def test_the_form_begins_a_job_that_makes_the_report(tmp_path: Path) -> None:
    where = studio()
    fill(lune(where))
    answer = browser(where).post(address(where), form())
    job = Job.unscoped.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/w/studio/jobs/{job.pk}/")
    jobs.run_job(job.pk, lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    document = Document.unscoped.get()
    assert document.filename == f"zavrsno-izvjesce-lune-{TODAY}.pdf"
    assert (document.needs, document.client_ref) == (
        "see_work",
        job.document and document.client_ref,
    )
    text = text_of(file_of(document).read_bytes(), tmp_path)
    for words in (
        "Bistro Čarobnjak",
        "Proljetna kampanja",
        "Objave za tjedan čćđšž",
        "1.540,00 €",
        "540,00 €",
        "50,00 USD",
        "@carobnjak",
        "23. 4. 2025.",
        "41 → 112",
    ):
        assert words in text, words


def test_currencies_are_not_added(tmp_path: Path) -> None:
    where = studio()
    client = lune(where, language="en")
    fill(client)
    document = made(where, language="en")
    text = text_of(file_of(document).read_bytes(), tmp_path)
    assert "€1,540.00" in text
    assert "$50.00" in text
    assert "1,590" not in text


def made(where: Workspace, **fields: str) -> Document:
    browser(where).post(address(where), form(**fields))
    job = Job.unscoped.latest("pk")
    jobs.run_job(job.pk, lambda: NOW)
    job.refresh_from_db()
    assert job.document is not None, job.error
    return job.document


def test_the_head_of_the_record_is_printed(tmp_path: Path) -> None:
    where = studio()
    lune(where)
    made(where)
    before = Entry.unscoped.get(workspace=where)
    text = text_of(file_of(made(where)).read_bytes(), tmp_path)
    assert f"{before.hash[:8]} {before.hash[8:16]}" in text


def test_a_form_sent_twice_is_one_job() -> None:
    where = studio()
    lune(where)
    sent, reader = form(), browser(where)
    first, second = (reader.post(address(where), sent)["Location"] for _ in range(2))
    assert first == second
    assert Job.unscoped.count() == 1


def test_a_fresh_form_is_another_job() -> None:
    where = studio()
    lune(where)
    reader = browser(where)
    keys = {
        re.findall(r'name="once_key" value="([^"]+)"', reader.get(address(where)).content.decode())[
            0
        ]
        for _ in range(2)
    }
    for key in keys:
        reader.post(address(where), form(once_key=key))
    assert Job.unscoped.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": "2025-05-01", "last": "2025-04-01"}, "ends before it begins"),
        ({"last": (TODAY + timedelta(days=3)).isoformat()}, "not happened yet"),
        ({"language": "de"}, "language"),
        ({"first": "yesterday"}, "From"),
    ],
)
def test_a_period_that_cannot_be_is_refused(fields: dict[str, str], words: str) -> None:
    where = studio()
    lune(where)
    answer = browser(where).post(address(where), form(**fields))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert words.lower() in text.partition('id="errors"')[2].partition("</ul>")[0].lower()
    assert "<title>Error:" in text
    assert Job.unscoped.count() == 0


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [(Role.MEMBER, 200, 302), (Role.VIEWER, 200, 403), (Role.BOOKKEEPER, 403, 403)],
)
def test_who_may_ask(role: Role, read: int, write: int) -> None:
    where = studio()
    lune(where)
    reader = browser(where, role)
    assert reader.get(address(where)).status_code == read
    assert reader.post(address(where), form()).status_code == write


def test_a_client_of_another_workspace_is_not_there() -> None:
    mine, foreign = studio("mine"), studio("foreign")
    lune(foreign)
    reader = browser(mine)
    for path in (address(mine), address(foreign)):
        assert reader.get(path).status_code == reader.post(path, form()).status_code == 404
    assert Job.unscoped.count() == 0


def test_a_client_without_anything_gets_a_report_that_says_so(tmp_path: Path) -> None:
    where = studio()
    lune(where, language="en")
    text = text_of(file_of(made(where, language="en")).read_bytes(), tmp_path)
    assert "nothing is on record about results, work delivered" in " ".join(text.split())


def test_names_cannot_make_the_report_load_or_draw_anything(tmp_path: Path) -> None:
    where = studio()
    client = lune(where, name="<img src='file:///etc/passwd'>& Söhne", language="en")
    fill(client)
    Interaction.unscoped.update(summary="<link rel=attachment href='file:///etc/passwd'>")
    Result.unscoped.update(metric="</text><image href='file:///etc/passwd'/>")
    text = text_of(file_of(made(where, language="en")).read_bytes(), tmp_path)
    assert "<img src='file:///etc/passwd'>& Söhne" in text
    assert "<link rel=attachment" in text
    assert "root:" not in text


def test_the_command_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = studio()
    fill(lune(where))
    out = tmp_path / "report.pdf"
    call_command("final_report", workspace="studio", client="lune", out=str(out), json=True)
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    document = Document.unscoped.get()
    assert said["sha256"] == document.sha256
    assert said["first"] == "2025-03-04"
    assert out.read_bytes() == file_of(document).read_bytes()
    assert "Završno izvješće" in text_of(out.read_bytes(), tmp_path)
    assert [path.name for path in tmp_path.glob(".report*")] == []


def test_the_command_keeps_to_its_period(tmp_path: Path) -> None:
    where = studio()
    fill(lune(where))
    out = tmp_path / "report.pdf"
    call_command(
        "final_report",
        "--workspace=studio",
        "--client=lune",
        f"--out={out}",
        "--from=2025-03-01",
        "--to=2025-03-31",
        "--language=en",
    )
    text = text_of(out.read_bytes(), tmp_path)
    assert "1 March 2025 to 31 March 2025" in text
    assert "Objave za tjedan" in text
    assert "Rezervacije" not in text
    assert "€1,540.00" not in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"workspace": "nowhere"}, "--workspace"),
        ({"client": "nobody"}, "--client"),
        ({"out": "/no/such/folder/x.pdf"}, "--out"),
        ({"first": "soon"}, "--from"),
        ({"first": "2025-05-01", "last": "2025-04-01"}, "--from, --to"),
    ],
)
def test_the_command_names_what_is_wrong(
    options: dict[str, str], words: str, tmp_path: Path
) -> None:
    lune(studio())
    given = {"workspace": "studio", "client": "lune", "out": str(tmp_path / "x.pdf"), **options}
    with pytest.raises(CommandError, match=words):
        call_command("final_report", **given)
    assert Document.unscoped.count() == 0


def test_what_happened_in_another_workspace_is_not_told(tmp_path: Path) -> None:
    where, other = studio("studio"), studio("other")
    lune(where, language="en")
    fill(lune(other))
    text = text_of(file_of(made(where, language="en")).read_bytes(), tmp_path)
    assert "Proljetna" not in text
    with acting_in(where.pk):
        assert Document.objects.count() == 1
