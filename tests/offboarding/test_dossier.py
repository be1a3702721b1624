"""A dossier stands up: made from rows, checked without Clientdesk, and every tampering is found."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clientdesk import clock, pdf
from clientdesk.documents.models import Document, Job
from clientdesk.record import operations as record
from clientdesk.record import stamping
from clientdesk.record.models import Entry
from clients.models import Client
from feedback.operations.answering import record_answer
from feedback.operations.asking import open_request
from feedback.operations.drafting import NewItem
from offboarding.kit.verify import Broken, NoDossier, verify
from offboarding.operations import endings
from offboarding.operations.dossier import VERIFIER, render_dossier
from offboarding.queries.spans import Span
from offboarding.rules.dossier import Part
from offboarding.rules.gates import Task
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, invoice, send, sweep
from tests.feedback.clock_desk import asked, owner_of, project
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
Made = dict[str, bytes]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def _quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the index itself is not what is looked at."""
    monkeypatch.setattr(pdf, "render_limited", lambda html, language: b"%PDF-1.7 " + html.encode())


def story(lune: Client) -> None:
    """Two clients on one desk; a reminder that went, a question, an ending with an override."""
    desk.ladder(lune.workspace)
    invoice(lune, due_on=TODAY - days(3))
    sweep(lune.workspace, TODAY)
    send(TODAY)
    summer = project(lune)
    asked(summer, "Colours", TODAY - days(9), TODAY - days(5))
    other = desk.client(lune.workspace, "Adria", email="b@example.com")
    asked(project(other, "Winter"), "A secret of Adria", TODAY - days(9), TODAY - days(5))
    endings.begin_ending(
        client=lune, kind="failure", ends_on=TODAY + days(9), author=None, now=NOW, actor=ACTOR
    )
    endings.override(
        client=lune, task=Task.PAYMENTS, reason="Paid in goods.", author=None, now=NOW, actor=ACTOR
    )


def made(lune: Client, *parts: Part) -> Made:
    data = render_dossier(client=lune, parts=parts or tuple(Part), language="en", now=NOW)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Made, at: Path) -> Path:
    with zipfile.ZipFile(at, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return at


def checked(path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """By the file that is in the dossier, in a Python of its own, as a stranger would."""
    alone = path.parent / "alone"
    alone.mkdir(exist_ok=True)
    shutil.copy(VERIFIER, alone / "verify.py")
    ran = subprocess.run(
        [sys.executable, "-I", str(alone / "verify.py"), str(path), "--json", *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=alone,
    )
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.usefixtures("_quick_pdf")
def test_a_stranger_can_check_it(lune: Client, server: MailServer, tmp_path: Path) -> None:
    story(lune)
    files = made(lune)
    path = zipped(files, tmp_path / "dossier.zip")
    seq, head = record.head_of(lune.workspace_id)
    code, said = checked(path, "--head", f"{seq},{head}")
    assert (code, said["ok"], said["entries"]) == (0, True, seq)
    assert said["with_content"] == Entry.objects.filter(client_ref=lune.pk).count()
    assert checked(path, "--head", f"{seq},{'0' * 64}")[0] == 1
    message = next(data for name, data in files.items() if name.startswith("messages/"))
    assert b"Subject: Invoice" in message
    assert "verify.py" in files


@pytest.mark.usefixtures("_quick_pdf")
def test_it_says_nothing_of_other_clients(lune: Client, server: MailServer) -> None:
    story(lune)
    everything = b"".join(made(lune).values())
    assert b"A secret of Adria" not in everything
    assert b"b@example.com" not in everything
    assert b"Paid in goods." in everything


@pytest.mark.usefixtures("_quick_pdf")
def test_what_is_left_out_is_counted(lune: Client, server: MailServer) -> None:
    story(lune)
    files = made(lune, Part.INVOICES)
    assert not [name for name in files if name.startswith("messages/")]
    left_out = b"Left out by choice: messages (1), questions with answers and versions (1)."
    assert left_out in files["index.pdf"]
    assert not [name for name in files if name.startswith("answers/")]


@pytest.mark.usefixtures("_quick_pdf")
def test_questions_stand_in_it_with_versions_and_every_answer(lune: Client) -> None:
    summer = project(lune)
    asking = open_request(
        client=lune, project=summer, kind="approval", title="May posts",
        items=[NewItem("Monday", "A post about rain"), NewItem("Friday", "A post about sun")],
        asked_on=TODAY - days(9), answer_by=TODAY - days(5), now=NOW, actor=ACTOR,
    )  # fmt: skip
    record_answer(
        request=asking, decision="changes", answer="Sun, not rain", how="phone",
        answered_on=TODAY - days(2), now=NOW, actor=ACTOR,
    )  # fmt: skip
    files = made(lune)
    name = next(name for name in files if name.startswith("answers/"))
    text = files[name].decode()
    for said in (
        "Approval: May posts", "Item 1, version 1, from round 1: Monday", "  | A post about sun",
        "by phone", "approved with changes", "  | Sun, not rain", "Item 2, version 1: ",
    ):  # fmt: skip
        assert said in text, said
    index = files["index.pdf"].decode()
    assert "Asked: May posts; answer by" in index
    assert "Answered: May posts, 3 days late" in index
    croatian = render_dossier(client=lune, parts=tuple(Part), language="hr", now=NOW)
    with zipfile.ZipFile(BytesIO(croatian)) as archive:
        said_hr = archive.read(name).decode()
    assert "Odobrenje: May posts" in said_hr
    assert "telefonom" in said_hr


@pytest.mark.usefixtures("_quick_pdf")
def test_a_period_chooses_exhibits_and_leaves_the_record_whole(
    lune: Client, server: MailServer, tmp_path: Path
) -> None:
    story(lune)
    data = render_dossier(
        client=lune, parts=tuple(Part), language="en", now=NOW, span=Span(TODAY, TODAY)
    )
    (tmp_path / "day.zip").write_bytes(data)
    code, said = checked(tmp_path / "day.zip")
    assert code == 0
    assert said["with_content"] == Entry.objects.filter(client_ref=lune.pk).count()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        index = archive.read("index.pdf").decode()
        assert not [name for name in archive.namelist() if name.startswith("answers/")]
    assert "questions with answers and versions (1)" in index
    assert "Asked: Colours" not in index
    assert "Exhibits and chronology from" in index


@pytest.mark.usefixtures("_quick_pdf")
def test_a_statement_of_account_is_made_for_it(lune: Client, server: MailServer) -> None:
    story(lune)
    files = made(lune, Part.INVOICES)
    name = next(name for name in files if "statement" in name)
    assert name.startswith("invoices/")
    assert b"Statement of account for Lune" in files[name]


@pytest.mark.usefixtures("_quick_pdf")
def test_what_was_erased_shows_as_erased(lune: Client, server: MailServer, tmp_path: Path) -> None:
    story(lune)
    entry = Entry.objects.filter(client_ref=lune.pk, kind="request.opened").get()
    record.erase(entry=entry, reason="on request", now=NOW, actor=ACTOR)
    code, said = checked(zipped(made(lune), tmp_path / "dossier.zip"))
    assert (code, said["erased"]) == (0, 1)


@pytest.mark.usefixtures("_quick_pdf")
def test_the_same_rows_give_the_same_bytes(lune: Client, server: MailServer) -> None:
    story(lune)
    first, again = (
        render_dossier(client=lune, parts=tuple(Part), language="en", now=NOW) for _ in range(2)
    )
    assert first == again


Tampering = Callable[[Made, random.Random], None]


def chain(files: Made) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["record/chain.jsonl"].splitlines()]


def rewrite(files: Made, rows: list[dict[str, Any]], *, restate: bool = True) -> None:
    """With the manifest's own sum put right, so that only the chain can tell."""
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    files["record/chain.jsonl"] = data
    if restate:
        manifest = json.loads(files["manifest.json"])
        for one in manifest["files"]:
            if one["path"] == "record/chain.jsonl":
                one["sha256"] = hashlib.sha256(data).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()


def told(rows: list[dict[str, Any]]) -> list[int]:
    return [place for place, row in enumerate(rows) if "content" in row]


def edit_content(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    row = rows[rng.choice(told(rows))]
    place = rng.randrange(len(row["content"]))
    sign = "x" if row["content"][place] != "x" else "y"
    row["content"] = row["content"][:place] + sign + row["content"][place + 1 :]
    rewrite(files, rows)


def edit_envelope(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    row = rng.choice(rows)
    envelope = json.loads(row["envelope"])
    envelope["actor"] = "somebody else"
    row["envelope"] = json.dumps(envelope)
    if rng.random() < 0.5:
        row["hash"] = hashlib.sha256(b"\x00" + row["envelope"].encode()).hexdigest()
        if row is rows[-1]:
            row["hash"] = "0" * 64
    rewrite(files, rows)


def delete(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    del rows[rng.randrange(len(rows) - 1)]
    rewrite(files, rows)


def insert(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    rows.insert(rng.randrange(len(rows)), rng.choice(rows))
    rewrite(files, rows)


def reorder(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    first, second = rng.sample(range(len(rows)), 2)
    rows[first], rows[second] = rows[second], rows[first]
    rewrite(files, rows)


def cut_the_tail(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    rewrite(files, rows[: rng.randrange(1, len(rows))])


def swap_workspace(files: Made, rng: random.Random) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["workspace"] = f"{rng.getrandbits(128):032x}"
    files["manifest.json"] = json.dumps(manifest).encode()


def blank_content(files: Made, rng: random.Random) -> None:
    rows = chain(files)
    row = rows[rng.choice([p for p in told(rows) if "erased" not in rows[p]["envelope"]])]
    del row["content"], row["salt"]
    rewrite(files, rows)


def flip_a_byte(files: Made, rng: random.Random) -> None:
    name = rng.choice([n for n in files if n not in ("manifest.json", "verify.py")])
    data = bytearray(files[name])
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    files[name] = bytes(data)


def add_a_file(files: Made, rng: random.Random) -> None:
    files[f"files/E-{rng.randrange(100, 999)}-new.txt"] = b"new"


def lose_a_file(files: Made, rng: random.Random) -> None:
    del files[rng.choice([n for n in files if n not in ("manifest.json", "verify.py")])]


TAMPERINGS: tuple[Tampering, ...] = (
    edit_content, edit_envelope, delete, insert, reorder, cut_the_tail, swap_workspace,
    blank_content, flip_a_byte, add_a_file, lose_a_file,
)  # fmt: skip


@pytest.mark.usefixtures("_quick_pdf")
@pytest.mark.parametrize(
    "count", [66, pytest.param(1_000, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_every_tampering_is_found(
    lune: Client, server: MailServer, tmp_path: Path, count: int
) -> None:
    story(lune)
    whole = made(lune)
    verify(str(zipped(whole, tmp_path / "whole.zip")))
    for seed in range(count):
        files, tamper = dict(whole), TAMPERINGS[seed % len(TAMPERINGS)]
        tamper(files, random.Random(seed))
        path = zipped(files, tmp_path / "bad.zip")
        with pytest.raises(Broken):
            verify(str(path))


@pytest.mark.usefixtures("_quick_pdf")
def test_the_first_bad_entry_is_named(lune: Client, server: MailServer, tmp_path: Path) -> None:
    story(lune)
    files = made(lune)
    rows = chain(files)
    place = told(rows)[2]
    rows[place]["content"] = rows[place]["content"].replace("e", "3", 1)
    rewrite(files, rows)
    code, said = checked(zipped(files, tmp_path / "bad.zip"))
    assert (code, said["problem"]) == (
        1, f"entry {place + 1}: what it says is not what was sealed",
    )  # fmt: skip


@pytest.mark.usefixtures("_quick_pdf")
def test_a_tail_cut_with_its_head_shows_beside_an_earlier_head(
    lune: Client, server: MailServer, tmp_path: Path
) -> None:
    """The documented limit: by itself it looks whole."""
    story(lune)
    seq, head = record.head_of(lune.workspace_id)
    files = made(lune)
    rows = chain(files)[:-3]
    rewrite(files, rows)
    manifest = json.loads(files["manifest.json"])
    manifest["head"] = [len(rows), rows[-1]["hash"]]
    manifest["entries"] = [n for n in manifest["entries"] if n <= len(rows)]
    files["manifest.json"] = json.dumps(manifest).encode()
    path = zipped(files, tmp_path / "cut.zip")
    assert checked(path)[0] == 0
    assert checked(path, "--head", f"{seq},{head}")[0] == 1


def test_what_is_no_dossier_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(NoDossier):
        verify(str(tmp_path / "text.zip"))
    with pytest.raises(NoDossier):
        verify(str(zipped({"manifest.json": b"{}"}, tmp_path / "other.zip")))
    assert checked(tmp_path / "text.zip")[0] == 2


@pytest.mark.parametrize("language", ["en", "hr"])
def test_the_command_writes_it_with_its_index(
    lune: Client, server: MailServer, tmp_path: Path, language: str
) -> None:
    story(lune)
    out = tmp_path / "lune.zip"
    call_command(
        "dossier", "--workspace", "jana", "--client", "lune", "--out", str(out),
        "--language", language, "--without", "files", stdout=StringIO(),
    )  # fmt: skip
    assert checked(out)[0] == 0
    with zipfile.ZipFile(out) as archive:
        (tmp_path / "index.pdf").write_bytes(archive.read("index.pdf"))
    words = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "index.pdf"), "-"],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    assert {"en": "Interest so far", "hr": "Kamate dosad"}[language] in words
    assert "Paid in goods." in words
    assert list(tmp_path.glob(".*")) == []


def test_nothing_half_done_stays_when_the_index_fails(
    lune: Client, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story(lune)

    def full(html: str, language: str) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pdf, "render_limited", full)
    out = tmp_path / "lune.zip"
    with pytest.raises(CommandError, match="No space left"):
        call_command("dossier", "--workspace", "jana", "--client", "lune", "--out", str(out))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_quick_pdf")
def test_asked_for_on_its_page_it_is_a_job(lune: Client, server: MailServer) -> None:
    from clientdesk.documents.jobs import run_job  # noqa: PLC0415 -- needs the apps

    story(lune)
    owner = owner_of(lune.projects.get())
    page = "/w/jana/clients/lune/dossier/"
    assert "Paid in goods." in owner.get(page).content.decode()
    form = {"parts": ["messages", "invoices"], "language": "hr", "once_key": "a"}
    for _ in range(2):
        owner.post(page, form)
    assert Job.objects.count() == 1
    run_job(Job.objects.get().pk, clock.now)
    document = Document.objects.get(kind="dossier")
    assert document.filename.startswith("dosje-lune-")
    assert document.filename in owner.get(page).content.decode()


@pytest.mark.usefixtures("_quick_pdf")
def test_a_time_stamp_goes_in_and_its_absence_is_told(
    lune: Client, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    story(lune)
    settings.TIMESTAMPER_URL = "http://127.0.0.1:9/"
    missing = made(lune)
    assert b"did not answer" in missing["index.pdf"]
    assert "record/head.tsr" not in missing
    monkeypatch.setattr(stamping, "stamp", lambda data: b"signed " + data)
    files = made(lune)
    seq, head = record.head_of(lune.workspace_id)
    assert f" {seq} {head}".encode() in files["record/head.txt"]
    assert b"openssl ts -verify" in files["index.pdf"]
    assert checked(zipped(files, tmp_path / "dossier.zip"))[0] == 0
