"""Making a dossier: one ZIP with the record, the papers, an index and its own verifier."""

import hashlib
import json
import logging
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from django.db.models import Min
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.operations import papers
from clientdesk import pdf
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of, request_job, store
from clientdesk.outbox.models import Message
from clientdesk.record import stamping
from clientdesk.record.chain import instant
from clientdesk.record.models import Head
from clientdesk.workspaces.brand import look_of
from clientdesk.workspaces.models import User
from clients.models import Client
from feedback.models import Request
from offboarding.operations.papers import LanguageRefused, nothing_to_tell
from offboarding.queries import dossier as queries
from offboarding.queries.chronology import moments_of
from offboarding.queries.endings import overrides_of
from offboarding.queries.questions import last_day_of, question_of, requests_of
from offboarding.queries.spans import ALWAYS, Span
from offboarding.rules.dossier import WORDS, Contents, Exhibit, Part, Passed, index_of, numbered
from offboarding.rules.questions import text_of

KIND = "dossier"
FORMAT = 1
VERIFIER = Path(__file__).parent.parent / "kit" / "verify.py"
MANIFEST, CHAIN, INDEX = "manifest.json", "record/chain.jsonl", "index.pdf"
HEAD, STAMP = "record/head.txt", "record/head.tsr"
log = logging.getLogger(__name__)
# The same bytes from the same rows: a ZIP keeps times, and those of its making say nothing.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class _Archive:
    """A ZIP being written, with what the manifest says of each file."""

    zip: zipfile.ZipFile
    files: list[dict[str, str | int]] = field(default_factory=list)

    def add(self, path: str, data: bytes, *, listed: bool = True) -> str:
        """Answers its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        info = zipfile.ZipInfo(path, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        self.zip.writestr(info, data)
        if listed:
            self.files.append({"path": path, "sha256": sha256, "size": len(data)})
        return sha256

    def add_lines(self, path: str, lines: Iterator[str]) -> None:
        """Line by line: a long record is never whole in memory."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(path, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self.zip.open(info, "w") as out:
            for line in lines:
                data = f"{line}\n".encode()
                digest.update(data)
                size += len(data)
                out.write(data)
        self.files.append({"path": path, "sha256": digest.hexdigest(), "size": size})


def write_dossier(
    out: IO[bytes],
    *,
    client: Client,
    parts: Collection[Part],
    language: str,
    now: datetime,
    span: Span = ALWAYS,
    report: Callable[[int, str], None] = nothing_to_tell,
) -> Contents:
    """Write the ZIP; what of `parts` is not chosen is counted in its index.

    The exhibits are those of the `span`; the record is always whole. Call it in `one_moment()`.
    Raises LanguageRefused, PdfFailed, PdfRefused, FileNotFoundError.
    """
    if language not in WORDS:
        raise LanguageRefused(f"{language!r}; there is: {', '.join(WORDS)}")
    chosen = frozenset(parts)
    today = client.workspace.local_today(now)
    head = queries.head_of(client)
    ours = queries.entries_of(client)
    with zipfile.ZipFile(out, "w") as zipped:
        archive = _Archive(zipped)
        report(10, "facts")
        told: set[int] = set()
        archive.add_lines(CHAIN, _chain(client, set(ours), told))
        report(40, "pages")
        stamped = _stamp(archive, head) if stamping.is_configured() else None
        exhibits = list(_exhibits(archive, client, chosen, span, today, language))
        contents = Contents(
            client=client.name,
            sender=client.workspace.sender_name or client.workspace.name,
            sender_where=" · ".join(client.workspace.address.split("\n")),
            made_on=today,
            entries=head.seq,
            about_client=len(ours),
            erased=len(set(ours) - told),
            head=head.hash,
            exhibits=exhibits,
            owed=queries.owed_by(client, today=today),
            passed=[Passed(one.task, one.reason, one.on) for one in overrides_of(client)],
            left_out=_left_out(client, chosen, span),
            moments=moments_of(client, span),
            first=span.first,
            last=span.last,
            stamped=stamped,
        )
        html = render_to_string(
            "pdf/dossier.html",
            {"index": index_of(contents, language), "look": look_of(client.workspace_id)},
        )
        archive.add(INDEX, pdf.render_limited(html, language))
        archive.add("verify.py", VERIFIER.read_bytes(), listed=False)
        report(90, "storing")
        manifest = {
            "format": FORMAT,
            "workspace": head.chain_id,
            "client": client.pk,
            "made_at": instant(now),
            "head": [head.seq, head.hash],
            "entries": ours,
            "files": archive.files,
        }
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
        archive.add(MANIFEST, text.encode(), listed=False)
    return contents


def _stamp(archive: _Archive, head: Head) -> bool:
    """Put the head and its time-stamp in; without an answer it goes on and the index says so."""
    text = f"{head.chain_id} {head.seq} {head.hash}\n".encode()
    try:
        answer = stamping.stamp(text)
    except stamping.StampFailed as error:
        log.warning("no time-stamp for the head of %s: %s", head.chain_id, error)
        return False
    archive.add(HEAD, text)
    archive.add(STAMP, answer)
    return True


def _chain(client: Client, ours: set[int], told: set[int]) -> Iterator[str]:
    """The chain as lines; `told` gathers the numbers whose content is in it."""
    for link in queries.chain_of(client):
        row = {"hash": link.hash, "envelope": link.envelope}
        if link.salt is not None and link.content is not None:
            row |= {"salt": link.salt, "content": link.content}
            if link.seq in ours:
                told.add(link.seq)
        yield json.dumps(row, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """What becomes an exhibit once it is numbered; its bytes are read one after the other."""

    on: date
    folder: str
    name: str
    title: str
    read: Callable[[], bytes]


def _exhibits(
    archive: _Archive,
    client: Client,
    chosen: frozenset[Part],
    span: Span,
    today: date,
    language: str,
) -> Iterator[Exhibit]:
    """Messages, answers and papers in the order of their days, each numbered."""
    found: list[_Found] = []
    if Part.MESSAGES in chosen:
        found += _messages(client, span)
    if Part.ANSWERS in chosen:
        found += _answers(client, span, language)
    if Part.INVOICES in chosen:
        found += _statement(client, span, today, language)
    found += _papers(client, chosen, span)
    found.sort(key=lambda one: (one.on, one.folder, one.name))
    for position, one in enumerate(found, start=1):
        number = numbered(position)
        name = Path(one.name)
        path = f"{one.folder}/{number}-{slugify(name.stem) or 'file'}{name.suffix.lower()}"
        data = one.read()
        yield Exhibit(number, one.title, one.on, path, archive.add(path, data), len(data))


def _messages(client: Client, span: Span) -> Iterator[_Found]:
    """Exactly as they were sent, where the bytes were kept."""
    for message in queries.messages_of(client, span):

        def read(message: Message = message) -> bytes:
            return bytes(message.raw) or f"{message.subject}\n\n{message.text}".encode()

        ending = "eml" if message.sha256 else "txt"
        on = client.workspace.local_today(message.sent_at or message.created_at)
        title = message.subject or message.to_email
        yield _Found(on, "messages", f"message-{message.pk}.{ending}", title, read)


def _answers(client: Client, span: Span, language: str) -> Iterator[_Found]:
    """Each question with the versions shown and every answer given."""
    for request in requests_of(client, span):
        text = text_of(question_of(request, client.workspace.time_zone), language).encode()
        name = f"{request.pk}-{request.title}.txt"
        yield _Found(
            last_day_of(request), "answers", name.replace("/", "-"), request.title,
            lambda text=text: text,  # type: ignore[misc]  # bound now
        )  # fmt: skip


def _statement(client: Client, span: Span, today: date, language: str) -> Iterator[_Found]:
    """One statement of account over the span, made for this dossier."""
    issued = Invoice.objects.filter(client=client).exclude(issued_on=None)
    first = span.first or issued.aggregate(first=Min("issued_on"))["first"]
    until = min(span.last or today, today)
    if first is None or not issued.exists() or first > until:
        return

    def read() -> bytes:
        return papers.render_page(
            papers.statement_html(client=client, since=first, until=until, language=language)
        )

    yield _Found(until, "invoices", f"statement-{until}.pdf", WORDS[language]["statement"], read)


def _papers(client: Client, chosen: frozenset[Part], span: Span) -> Iterator[_Found]:
    for document in queries.documents_of(client, chosen, span):
        yield _Found(
            client.workspace.local_today(document.created_at),
            str(queries.part_of(document)),
            f"{document.pk}-{document.filename}",
            document.title or document.filename,
            file_of(document).read_bytes,
        )


def _left_out(client: Client, chosen: frozenset[Part], span: Span) -> dict[Part, int]:
    """Of the parts not chosen, how much lies in the span; of those chosen, what lies outside."""
    counts = dict.fromkeys(Part, 0)
    for part in Part:
        there = _count(client, part, ALWAYS)
        counts[part] = there - (_count(client, part, span) if part in chosen else 0)
    return {part: count for part, count in counts.items() if count}


def _count(client: Client, part: Part, span: Span) -> int:
    if part == Part.MESSAGES:
        return len(queries.messages_of(client, span))
    if part == Part.ANSWERS:
        rows = Request.objects.filter(client=client).exclude(state=Request.State.DRAFT)
        return span.within(rows, "asked_on").count()
    return len(queries.documents_of(client, frozenset({part}), span))


def render_dossier(
    *,
    client: Client,
    parts: Collection[Part],
    language: str,
    now: datetime,
    span: Span = ALWAYS,
    report: Callable[[int, str], None] = nothing_to_tell,
) -> bytes:
    """The ZIP alone. Raises what write_dossier raises."""
    out = BytesIO()
    write_dossier(
        out, client=client, parts=parts, language=language, now=now, span=span, report=report
    )
    return out.getvalue()


def store_dossier(
    *,
    client: Client,
    data: bytes | IO[bytes],
    language: str,
    now: datetime,
    actor: str,
    by: User | None = None,
) -> Document:
    """Keep it for good; owners and members may fetch it."""
    today = client.workspace.local_today(now).isoformat()
    title = WORDS[language]["title"]
    return store(
        workspace_id=client.workspace_id,
        kind=KIND,
        filename=f"{slugify(title)}-{client.slug}-{today}.zip",
        content_type="application/zip",
        data=data,
        now=now,
        actor=actor,
        created_by=by,
        client_ref=client.pk,
        subject=f"client:{client.pk}",
        title=f"{title}, {client.name}"[:200],
        needs="change_work",
    )


def request_dossier(
    *,
    client: Client,
    parts: Collection[Part],
    language: str,
    once_key: str,
    now: datetime,
    by: User | None,
    span: Span = ALWAYS,
) -> Job:
    """Ask for it; the same `once_key` answers the same job."""
    return request_job(
        workspace_id=client.workspace_id,
        kind=KIND,
        params={
            "client": client.pk,
            "parts": sorted(str(part) for part in parts),
            "language": language,
            "first": span.first.isoformat() if span.first else "",
            "last": span.last.isoformat() if span.last else "",
        },
        now=now,
        created_by=by,
        once_key=f"{KIND}:{client.pk}:{once_key}",
        title=_("Dossier, %(client)s") % {"client": client.name},
    )
