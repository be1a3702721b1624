"""Putting parts into the outbox: each once, one automatic message per client and day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import rfc8785
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from clientdesk.outbox.hours import EVERY_DAY, day_begins, first_chance, next_day
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.states import GONE, WAITING
from clientdesk.workspaces.models import Workspace, validate_one_line
from clientdesk.workspaces.scoping import acting_in

UNDO_WINDOW = timedelta(seconds=60)
CHUNK = 1_000
CONTEST_ROUNDS = 5


class RecipientRefused(ValueError):
    """The recipient cannot stand in a mail header; the text says why."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """`language`: "en" or "hr"; another one gets English."""

    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part to enqueue; `facts` are the identifiers that its kind needs."""

    kind: str
    dedupe_key: str
    facts: Mapping[str, Any]
    recipient: Recipient
    client_ref: int | None
    automatic: bool
    calendar: str = EVERY_DAY
    """Whose free days it keeps off, where it is automatic: a country, "" for weekends only."""
    at_once: bool = False
    """Without the time to take it back: its reader sits there and waits for it."""


@dataclass(slots=True)
class Enqueued:
    parts: list[Part] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """Dedupe keys that were there already."""
    refused: dict[str, str] = field(default_factory=dict)
    """Reasons by dedupe key, where the recipient cannot be written to."""


def check_recipient(recipient: Recipient) -> None:
    """Raise RecipientRefused for what would break a header: line breaks, no address, too long."""
    try:
        validate_one_line(recipient.name)
        validate_one_line(recipient.email)
    except ValidationError as error:
        raise RecipientRefused(
            f"line breaks and control characters in the recipient {recipient.email!r}"
        ) from error
    try:
        validate_email(recipient.email)
    except ValidationError as error:
        raise RecipientRefused(f"{recipient.email!r} is no e-mail address") from error
    if len(recipient.name) > 200:
        raise RecipientRefused("the recipient's name is longer than 200 characters")


def enqueue(
    *,
    workspace: Workspace,
    kind: str,
    dedupe_key: str,
    facts: Mapping[str, Any],
    recipient: Recipient,
    client_ref: int | None,
    automatic: bool,
    now: datetime,
    calendar: str = EVERY_DAY,
    at_once: bool = False,
) -> Part | None:
    """One part; None where the workspace has one with this dedupe key already.

    `at_once` leaves no time to take it back; only for what its reader waits for.

    Call it inside the operation that decides, so both are written or none. Raises RecipientRefused.
    """
    wanted = Wanted(kind, dedupe_key, facts, recipient, client_ref, automatic, calendar, at_once)
    done = enqueue_many(workspace=workspace, wanted=[wanted], now=now)
    if done.refused:
        raise RecipientRefused(done.refused[dedupe_key])
    return done.parts[0] if done.parts else None


def enqueue_many(*, workspace: Workspace, wanted: Sequence[Wanted], now: datetime) -> Enqueued:
    """Many parts at once. A recipient who cannot be written to leaves the others enqueued."""
    refused: dict[str, str] = {}
    for one in wanted:
        try:
            check_recipient(one.recipient)
        except RecipientRefused as error:
            refused[one.dedupe_key] = str(error)
    usable = [one for one in wanted if one.dedupe_key not in refused]
    # Another sweep may take the same key or the same client's day between our look and our write;
    # the constraints notice, and a second look sees its rows.
    for left in reversed(range(CONTEST_ROUNDS)):
        try:
            with transaction.atomic(), acting_in(workspace.pk):
                done = _enqueue(workspace, usable, now)
            break
        except IntegrityError:
            if not left:
                raise
    done.refused = refused
    return done


def _enqueue(workspace: Workspace, wanted: Sequence[Wanted], now: datetime) -> Enqueued:
    done = Enqueued()
    fresh: dict[str, Wanted] = {}
    known = _known_keys([one.dedupe_key for one in wanted])
    for one in wanted:
        if one.dedupe_key in known or one.dedupe_key in fresh:
            done.known.append(one.dedupe_key)
        else:
            fresh[one.dedupe_key] = one
    placed = _place(workspace, list(fresh.values()), now)
    new = {id(message): message for message, _ in placed if message.pk is None}
    Message.objects.bulk_create(new.values(), batch_size=CHUNK)
    done.parts = Part.objects.bulk_create(
        [
            Part(
                workspace=workspace,
                message=message,
                kind=one.kind,
                dedupe_key=one.dedupe_key,
                client_ref=one.client_ref,
                facts_json=rfc8785.dumps(dict(one.facts)).decode(),
                created_at=now,
            )
            for message, one in sorted(placed, key=lambda pair: pair[1].dedupe_key)
        ],
        batch_size=CHUNK,
    )
    return done


def _known_keys(keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        there = Part.objects.filter(dedupe_key__in=chunk).order_by()
        known.update(there.values_list("dedupe_key", flat=True))
    return known


def _place(
    workspace: Workspace, wanted: Sequence[Wanted], now: datetime
) -> list[tuple[Message, Wanted]]:
    """Each part with the message it goes into; messages without a key are new and not stored."""
    earliest = now + UNDO_WINDOW
    first_day = workspace.local_today(earliest)
    clients = {w.client_ref for w in wanted if w.automatic and w.client_ref is not None}
    days = _automatic_days(clients, first_day)
    placed: list[tuple[Message, Wanted]] = []
    joined: dict[int, Message] = {}
    # In order of clients, so two sweeps that insert the same days wait instead of deadlocking.
    for one in sorted(wanted, key=lambda w: (w.client_ref or 0, w.dedupe_key)):
        day, not_before = first_day, earliest
        if one.automatic:
            day, not_before = first_chance(workspace, earliest, one.calendar)
        if one.automatic and one.client_ref is not None:
            taken = days[one.client_ref]
            while day in taken and taken[day].state not in WAITING:
                day = next_day(day + timedelta(days=1), one.calendar)
                not_before = day_begins(workspace, day)
            message = taken.get(day) or _new_message(workspace, one, day, not_before, now)
            taken[day] = message
            if message.pk is not None:
                _join(message, one, earliest, now)
                joined[message.pk] = message
        else:
            not_before = now if one.at_once else not_before
            message = _new_message(workspace, one, day, not_before, now)
        placed.append((message, one))
    Message.objects.bulk_update(
        joined.values(), ["to_email", "to_name", "language", "not_before", "changed_at"], CHUNK
    )
    return placed


def _automatic_days(clients: set[int], first_day: date) -> dict[int, dict[date, Message]]:
    """The clients' messages of `first_day` and later.

    Those that wait are locked, so none is claimed meanwhile. The others are only looked at: a
    worker has them in hand, and it must not wait for a sweep that waits for it.
    """
    days: dict[int, dict[date, Message]] = defaultdict(dict)
    ordered = sorted(clients)
    for start in range(0, len(ordered), CHUNK):
        of_clients = (
            Message.objects.filter(
                automatic=True, client_ref__in=ordered[start : start + CHUNK], day__gte=first_day
            )
            .exclude(state__in=GONE)
            .defer("raw", "text")
            # Every sweep locks them in this order, and it is that of the index: by their numbers
            # SQLite would read all messages of the workspace.
            .order_by("client_ref", "day", "pk")
        )
        while True:
            locked = {m.pk: m for m in of_clients.waiting().select_for_update()}
            seen = list(of_clients.all())
            # Another sweep may have put one in between the two looks.
            if all(m.pk in locked for m in seen if m.state in WAITING):
                break
        for message in seen:
            if message.client_ref is not None:
                days[message.client_ref][message.day] = locked.get(message.pk, message)
    return days


def _new_message(
    workspace: Workspace, one: Wanted, day: date, not_before: datetime, now: datetime
) -> Message:
    return Message(
        workspace=workspace,
        client_ref=one.client_ref,
        automatic=one.automatic,
        day=day,
        not_before=not_before,
        calendar=one.calendar,
        to_email=one.recipient.email,
        to_name=one.recipient.name,
        language=one.recipient.language,
        created_at=now,
        changed_at=now,
    )


def _join(message: Message, one: Wanted, earliest: datetime, now: datetime) -> None:
    """The part goes along; the newest address holds, and the new part has its undo time too."""
    message.to_email = one.recipient.email
    message.to_name = one.recipient.name
    message.language = one.recipient.language
    message.not_before = max(message.not_before, earliest)
    message.changed_at = now
