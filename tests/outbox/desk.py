"""A small app on top of the outbox for its tests: letters about clients.

A client's row plays the invoice: archived means paid, its `note` is in the text, and `address` is
the app's diary, where each word the outbox has for it becomes a line.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import connections
from django.db.models import F, Value
from django.db.models.functions import Concat

from clientdesk.outbox import delivery
from clientdesk.outbox.delivery import DeliveryResult, deliver
from clientdesk.outbox.kinds import Letter, Ready, Withdrawn, register
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clients.models import Client

MORNING = datetime(2026, 5, 14, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = MORNING + 2 * MINUTE


class AboutClients:
    name = "test.about"

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        wanted = {part.facts["client"] for part in parts}
        rows = Client.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        clients = {client.pk: client for client in rows}
        return {part.pk: self._verdict(part, clients[part.facts["client"]]) for part in parts}

    def _verdict(self, part: Part, client: Client) -> Ready | Withdrawn:
        if client.archived_at:
            return Withdrawn("paid")
        if client.note == "explode":
            raise ZeroDivisionError("a poison row")
        about, tone = part.facts["about"], part.facts["tone"]
        return Ready({"name": client.name, "note": client.note}, tone, f"{client.pk}/{about}")

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        subject = f"About {part.facts['about']}: {ready.facts['note']}"
        word = "Dobar dan" if language == "hr" else "Hello"
        return Letter(
            subject, f"{word} {ready.facts['name']},\n\n{self.line(part, ready, language)}"
        )

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return f"Note on {part.facts['about']}: {ready.facts['note']} https://desk.test/p/1"

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        self._write("sent", parts)

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        self._write(outcome, parts)

    def _write(self, word: str, parts: Sequence[Part]) -> None:
        for part in parts:
            line = Value(f"{word} {part.facts['about']}\n")
            Client.objects.filter(pk=part.facts["client"]).update(
                address=Concat(F("address"), line)
            )


register(AboutClients())


def workspace(slug: str = "jana") -> Workspace:
    owner = User.objects.create_user(f"{slug}@example.com", name="Jana Novak")
    return create_workspace(name=slug.title(), slug=slug, owner=owner, now=MORNING)


def client(at: Workspace, name: str = "Bistro Lune", note: str = "800 EUR") -> Client:
    slug = name.lower().replace(" ", "-")
    return Client.unscoped.create(
        workspace=at, slug=slug, reference=slug, name=name, note=note, created_at=MORNING
    )


def put(
    of: Client,
    about: str = "invoice",
    *,
    to: str = "ana@example.com",
    name: str = "Ana",
    language: str = "en",
    tone: int = 1,
    automatic: bool = True,
    now: datetime = MORNING,
) -> Part | None:
    return enqueue(
        workspace=of.workspace,
        kind="test.about",
        dedupe_key=f"client:{of.pk}:{about}",
        facts={"client": of.pk, "about": about, "tone": tone},
        recipient=Recipient(to, name, language),
        client_ref=of.pk,
        automatic=automatic,
        now=now,
    )


def diary(of: Client) -> list[str]:
    """What the app was told about its letters, in order."""
    return str(Client.unscoped.get(pk=of.pk).address).splitlines()


def states() -> list[str]:
    """All messages' states in the order they were made."""
    return list(Message.unscoped.order_by("pk").values_list("state", flat=True))


def message() -> Message:
    """The only message there is."""
    return Message.unscoped.select_related("workspace").get()


def send(now: datetime = LATER) -> DeliveryResult:
    return deliver(now=now)


def in_processes(*works: Callable[[], object]) -> list[int]:
    """Run each in a process of its own, all at once; their exit codes."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=_alone, args=(work,)) for work in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode if process.exitcode is not None else 99 for process in processes]


def _alone(work: Callable[[], object]) -> None:
    work()
    connections.close_all()
    os._exit(0)


def deliver_until(point: str, occurrence: int = 1, now: datetime = LATER) -> Callable[[], None]:
    """A delivery that is killed when it reaches `point` for the nth time."""

    def work() -> None:
        reached = 0

        def checkpoint(name: str) -> None:
            nonlocal reached
            reached += name == point
            if reached == occurrence:
                os.kill(os.getpid(), signal.SIGKILL)

        delivery.checkpoint = checkpoint
        deliver(now=now)

    return work
