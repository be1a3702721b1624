"""Putting a message together: its parts are asked, one reads in full, several become a digest."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox import mime
from clientdesk.outbox.html import html_of, text_of
from clientdesk.outbox.kinds import Letter, Ready, Verdict, Withdrawn, kind_named
from clientdesk.outbox.letters import greeting, letter_text, spoken
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import by_kind
from clientdesk.outbox.placeholders import fill
from clientdesk.workspaces.models import Workspace

SUBJECT_LENGTH = 500
NOT_ANSWERED = Withdrawn(n_("no longer there"))


@dataclass(slots=True)
class Sorted:
    """A message's parts after their guards spoke, the highest tone first."""

    ready: list[tuple[Part, Ready]] = field(default_factory=list)
    withdrawn: list[tuple[Part, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str
    steps: list[str]


def verdicts(parts: Iterable[Part], *, now: datetime) -> dict[int, Verdict]:
    """Ask every part's kind, one call a kind; locks what they guard. Raises KindUnknown."""
    answers: dict[int, Verdict] = {}
    for kind, group in by_kind(parts):
        answers.update(kind.check(group, now=now))
    return answers


def sort_out(parts: Iterable[Part], answers: Mapping[int, Verdict]) -> Sorted:
    outcome = Sorted()
    for part in parts:
        verdict = answers.get(part.pk, NOT_ANSWERED)
        if isinstance(verdict, Ready):
            outcome.ready.append((part, verdict))
        else:
            outcome.withdrawn.append((part, verdict.reason))
    outcome.ready.sort(key=lambda pair: (-pair[1].tone, pair[0].pk))
    return outcome


def made_of(workspace: Workspace, message: Message, ready: Sequence[tuple[Part, Ready]]) -> str:
    """A hash of all that the bytes depend on: equal exactly while they may stay."""
    said = [
        {"part": part.pk, "facts": dict(one.facts), "tone": one.tone, "step": one.step}
        for part, one in ready
    ]
    whole = {
        "to": [message.to_email, message.to_name, message.language],
        "said": said,
        "words": workspace.letters_version,
    }
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def compose(
    workspace: Workspace, message: Message, ready: Sequence[tuple[Part, Ready]], language: str = ""
) -> Composed:
    """The texts as they go out. `language` overrides the recipient's for a preview."""
    language = spoken(language or message.language)
    if len(ready) == 1:
        part, verdict = ready[0]
        letter = kind_named(part.kind).letter(part, verdict, language)
    else:
        letter = _digest(workspace, message, ready, language)
    footer = _footer(workspace, language)
    return Composed(
        subject=letter.subject,
        text=text_of(body=letter.body, footer=footer),
        html=html_of(subject=letter.subject, body=letter.body, footer=footer, language=language),
        steps=[verdict.step for _, verdict in ready if verdict.step],
    )


def _digest(
    workspace: Workspace, message: Message, ready: Sequence[tuple[Part, Ready]], language: str
) -> Letter:
    tone = ready[0][1].tone
    manner = "gentle" if tone <= 1 else "firm" if tone == 2 else "final"
    lines = [kind_named(part.kind).line(part, verdict, language) for part, verdict in ready]
    return letter_text("outbox", f"digest_{manner}", language, workspace).filled(
        {
            "count": str(len(ready)),
            "greeting": greeting(message.to_name, language),
            "points": "\n\n".join(lines),
            "sender_name": sender_name(workspace),
        }
    )


def sender_name(workspace: Workspace) -> str:
    """The name under letters and in From."""
    return workspace.sender_name or workspace.name


def identity_of(workspace: Workspace) -> str:
    """Who writes: name, address and tax number, in one line."""
    address = ", ".join(line.strip() for line in workspace.address.splitlines() if line.strip())
    whole = ", ".join(word for word in (workspace.legal_name or workspace.name, address) if word)
    return " · ".join(word for word in (whole, workspace.tax_id) if word)


def _footer(workspace: Workspace, language: str) -> str:
    facts = {"identity": identity_of(workspace)}
    return fill(letter_text("outbox", "footer", language, workspace).body, facts, facts)


class Letterhead:
    """What all letters of a workspace share; made once for many of them."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.sender_name = sender_name(workspace)
        self.sender_email = sender_address()
        self.host = urlsplit(settings.BASE_URL).hostname


def put_together(
    letterhead: Letterhead,
    message: Message,
    ready: Sequence[tuple[Part, Ready]],
    *,
    made_of: str,
    now: datetime,
) -> None:
    """Fill `message` with what will be sent; `made_of` is the hash of all that. Saves nothing.

    Raises mime.HeaderRefused where a subject or name cannot stand in a header.
    """
    composed = compose(letterhead.workspace, message, ready)
    # One Message-ID for the life of the row, however often it is put together.
    created = f"{message.created_at:%Y%m%d%H%M%S}"
    message.message_id = f"<message.{message.pk}.{created}@{letterhead.host}>"
    envelope = mime.Envelope(
        sender_name=letterhead.sender_name,
        sender_email=letterhead.sender_email,
        reply_to=letterhead.workspace.email,
        to_name=message.to_name,
        to_email=message.to_email,
        subject=composed.subject,
        message_id=message.message_id,
        date=now,
        automatic=message.automatic,
        steps=composed.steps,
    )
    message.subject = composed.subject[:SUBJECT_LENGTH]
    message.text = composed.text
    message.steps = ", ".join(composed.steps)
    message.raw = mime.write(envelope, text=composed.text, html=composed.html)
    message.sha256 = hashlib.sha256(message.raw).hexdigest()
    message.made_of = made_of


def sender_address() -> str:
    """The address that mail comes from (DEFAULT_FROM_EMAIL); replies go to the workspace's."""
    return _bare_address(settings.DEFAULT_FROM_EMAIL)


_bare_address = lru_cache(mime.bare_address)
