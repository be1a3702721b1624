"""What an ending takes for a client of four years: its report, its dossier and the check of it.

5,000 entries of the log, 300 invoices with their papers, 400 questions, 300 letters; the chain
that is checked has 100,000 entries.

python -m benchmarks.leaving fill ENTRIES INVOICES
python -m benchmarks.leaving report|dossier|verify [FILE]
"""

import json
import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks import ground
from benchmarks.ground import NOW, QUICK, TODAY, figure, middle

RUNS = 1 if QUICK else 3
ENTRIES, INVOICES, CHAIN = (40, 4, 300) if QUICK else (5_000, 300, 100_000)
DAYS = 4 * 365
SLUG = "bench-leaving"
WARM = "<html lang=en><title>warm</title><p>warm"


def run() -> Iterator[dict[str, object]]:
    """Seconds and megabytes; the report beside bare WeasyPrint on the same HTML."""
    with ground.grounds() as grounds, tempfile.TemporaryDirectory() as folder:
        for here in grounds:
            data = {"CLIENTDESK_DATA": f"{folder}/{here.engine}"}
            here.child("benchmarks.leaving", "fill", ENTRIES, INVOICES, **data)
            name = f"leaving/{here.engine}"
            took = [here.child("benchmarks.leaving", "report", **data) for _ in range(RUNS)]
            bare = middle(took, "bare")
            yield figure(f"{name}/report", middle(took, "seconds"), "s", baseline=bare)
            pages = middle(took, "pages")
            yield figure(f"{name}/report_pages", pages, "pages", baseline=pages)
            yield figure(f"{name}/report_memory", middle(took, "mb"), "MB", baseline=500)
            out = f"{folder}/{here.engine}.zip"
            made = [here.child("benchmarks.leaving", "dossier", out, **data) for _ in range(RUNS)]
            yield figure(f"{name}/dossier", middle(made, "seconds"), "s", baseline=60)
            yield figure(f"{name}/dossier_memory", middle(made, "mb"), "MB", baseline=500)
        checked = [ground.Ground("", here.environment).child("benchmarks.leaving", "verify", CHAIN)
                   for here in grounds[:1] for _ in range(RUNS)]  # fmt: skip
        lines = middle(checked, "lines")
        yield figure("leaving/verify_100000", middle(checked, "seconds"), "s", baseline=lines)


def _fill(entries: int, invoices: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- after django.setup()
    from django.db import transaction  # noqa: PLC0415

    from billing.models import Invoice  # noqa: PLC0415
    from billing.operations import papers  # noqa: PLC0415
    from clientdesk.documents.operations import store  # noqa: PLC0415
    from clientdesk.outbox.models import Message  # noqa: PLC0415
    from clientdesk.record import operations as record  # noqa: PLC0415
    from clientdesk.workspaces.models import User  # noqa: PLC0415
    from clientdesk.workspaces.operations import create_workspace  # noqa: PLC0415
    from clientdesk.workspaces.scoping import acting_in  # noqa: PLC0415
    from clients.models import Client, Interaction, Project  # noqa: PLC0415
    from feedback.models import Request, Round  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("owner@example.com", "word", name="Jana Novak")
    workspace = create_workspace(name=SLUG, slug=SLUG, owner=owner, now=NOW)
    begun = TODAY - timedelta(days=DAYS)
    with acting_in(workspace.pk), transaction.atomic():
        client = Client.objects.create(
            workspace=workspace, slug="kavana", reference="C1", name="Kavana Sunce",
            country="HR", created_at=NOW,
        )  # fmt: skip
        project = Project.objects.create(
            workspace=workspace, client=client, name="Care", started_on=begun,
            delivery_on=TODAY, created_at=NOW,
        )  # fmt: skip
        for number in range(entries):
            at = NOW - timedelta(days=DAYS * (entries - number) / entries)
            row = Interaction.objects.create(
                workspace=workspace, client=client, project=project, kind="call",
                happened_at=at, recorded_at=at, minutes=30, spent_on="work",
                summary=f"Call {number} about the posts of the week",
            )  # fmt: skip
            record.append(
                workspace_id=workspace.pk, kind="interaction.logged",
                content={"summary": row.summary, "kind": "call"}, now=at, actor="system",
                client_ref=client.pk, subject=f"interaction:{row.pk}",
            )  # fmt: skip
        for number in range(entries // 12):
            asked = begun + timedelta(days=DAYS * number * 12 // entries)
            closed = asked + timedelta(days=2 + number % 9)
            request = Request.objects.create(
                workspace=workspace, client=client, project=project, title=f"Post {number}",
                asked_on=asked, answer_by=asked + timedelta(days=4), state="answered",
                answered_on=min(closed, TODAY), handled_on=min(closed, TODAY), created_at=NOW,
            )  # fmt: skip
            Round.objects.create(
                workspace=workspace, request=request, number=1, asked_on=asked,
                answer_by=request.answer_by, closed_on=request.answered_on, closed="answered",
                created_at=NOW,
            )  # fmt: skip
        for number in range(invoices):
            issued = begun + timedelta(days=DAYS * number // invoices)
            invoice = Invoice.objects.create(
                workspace=workspace, client=client, project=project, state="issued",
                number=f"B-{number:04}", issued_on=issued, due_on=issued + timedelta(days=14),
                currency="EUR", net_minor=50_000, total_minor=50_000, vat_minor=0, imported=True,
                paid_minor=0 if number > invoices - 4 else 50_000,
                settled_on=None if number > invoices - 4 else issued + timedelta(days=20),
                created_at=NOW,
            )  # fmt: skip
            store(
                workspace_id=workspace.pk, kind=papers.INVOICE, filename=f"B-{number:04}.pdf",
                content_type="application/pdf", data=b"%PDF-1.7" + bytes([number % 9] * 40_000),
                now=NOW - timedelta(days=DAYS * (invoices - number) / invoices), actor="system",
                client_ref=client.pk, subject=f"invoice:{invoice.pk}",
            )  # fmt: skip
            Message.objects.create(
                workspace=workspace, client_ref=client.pk, automatic=True, day=issued,
                not_before=NOW, state="sent", to_email="ana@example.com",
                subject=f"Reminder {number}",
                text="Hello", raw=b"Subject: x\r\n\r\n" + b"y" * 8_000, sha256="0" * 64,
                created_at=NOW, changed_at=NOW, sent_at=NOW,
            )  # fmt: skip


def _client() -> object:
    from clients.models import Client  # noqa: PLC0415

    return Client.objects.select_related("workspace").get(slug="kavana")


def _report() -> dict[str, float]:
    from django.template.loader import render_to_string  # noqa: PLC0415

    from clientdesk import pdf  # noqa: PLC0415
    from clients.models import Client  # noqa: PLC0415
    from offboarding.operations.report import render_final_report  # noqa: PLC0415
    from offboarding.queries.facts import facts_of  # noqa: PLC0415
    from offboarding.rules.report import page_of  # noqa: PLC0415

    client = _client()
    assert isinstance(client, Client)
    first = TODAY - timedelta(days=DAYS)
    pdf.render_limited(WARM, "en")
    began = time.perf_counter()
    data = render_final_report(client=client, first=first, last=TODAY, today=TODAY, language="en")
    seconds, used = time.perf_counter() - began, _mb()
    facts = facts_of(client, first=first, last=TODAY, made_on=TODAY)
    html = render_to_string("pdf/final_report.html", {"page": page_of(facts, "en")})
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), pdf._tools()[2]
    HTML(
        string="<html lang=en><title>warm</title><p>warm",
        base_url=pdf.BASE_URL,
        url_fetcher=fetcher,
    ).write_pdf(font_config=fonts)
    began = time.perf_counter()
    page = HTML(string=html, base_url=pdf.BASE_URL, url_fetcher=fetcher)
    page.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    bare = time.perf_counter() - began
    pages = len(page.render(font_config=fonts).pages)
    return {"seconds": seconds, "bare": bare, "pages": pages, "mb": used, "bytes": len(data)}


def _mb() -> float:
    """The most that this process and the one that renders for it held, in megabytes."""
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    peaks = [
        int(line.split()[1])
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    ]
    return (here + sum(peaks)) / 1024


def _dossier(out: Path) -> dict[str, float]:
    from clientdesk.workspaces.moments import one_moment  # noqa: PLC0415
    from clients.models import Client  # noqa: PLC0415
    from offboarding.operations.dossier import write_dossier  # noqa: PLC0415
    from offboarding.rules.dossier import Part  # noqa: PLC0415

    client = _client()
    assert isinstance(client, Client)
    began = time.perf_counter()
    with out.open("wb") as file, one_moment():
        write_dossier(file, client=client, parts=tuple(Part), language="en", now=NOW)
    return {"seconds": time.perf_counter() - began, "mb": _mb()}


def _verify(entries: int) -> dict[str, float]:
    """The verifier over a chain of its own, beside hashing the same lines twice."""
    import hashlib  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    from clientdesk.record import chain  # noqa: PLC0415
    from offboarding.kit.verify import verify  # noqa: PLC0415

    prev, salt = chain.GENESIS, "0" * 32
    content = chain.canonical({"client": 1, "subject": "interaction:1", "summary": "A call, 30 m"})
    lines = []
    for number in range(1, entries + 1):
        envelope = chain.envelope_of(
            chain_id="c" * 32, seq=number, recorded_at=NOW, happened_at=NOW,
            kind="interaction.logged", actor="user:1",
            digest=chain.digest_of(salt, content), prev=prev,
        )  # fmt: skip
        prev = chain.hash_of(envelope)
        row = {"hash": prev, "envelope": envelope, "salt": salt, "content": content}
        lines.append(json.dumps(row, sort_keys=True).encode() + b"\n")
    data = b"".join(lines)
    manifest = {
        "format": 1, "workspace": "c" * 32, "client": 1, "made_at": "", "head": [entries, prev],
        "entries": list(range(1, entries + 1)),
        "files": [{"path": "record/chain.jsonl", "sha256": hashlib.sha256(data).hexdigest()}],
    }  # fmt: skip
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("record/chain.jsonl", data)
            archive.writestr("manifest.json", json.dumps(manifest))
        file.flush()
        began = time.perf_counter()
        verify(file.name)
        seconds = time.perf_counter() - began
    began = time.perf_counter()
    for line in lines:
        row = json.loads(line)
        hashlib.sha256(row["envelope"].encode()).hexdigest()
        hashlib.sha256(row["content"].encode()).hexdigest()
    return {"seconds": seconds, "lines": time.perf_counter() - began}


def main(command: str, *arguments: str) -> dict[str, float]:
    ground.setup()
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    from clientdesk.workspaces.models import Workspace  # noqa: PLC0415
    from clientdesk.workspaces.scoping import acting_in  # noqa: PLC0415

    if command == "fill":
        _fill(int(arguments[0]), int(arguments[1]))
        return {}
    if command == "verify":
        return _verify(int(arguments[0]))
    with acting_in(Workspace.objects.get(slug=SLUG).pk):
        return _report() if command == "report" else _dossier(Path(arguments[0]))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
