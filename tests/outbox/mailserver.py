"""A real SMTP server in a process of its own, which misbehaves for addresses that ask for it.

    python -m tests.outbox.mailserver LOG [pipelining]

prints its port, and writes one JSON line to LOG for each message that it took, before it says so.
The part of an address before "+" or "@" says what happens to it, see `MANNERS`.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

MANNERS = {
    "later": "RCPT is answered with 450",
    "never": "RCPT is answered with 550",
    "later-data": "the content is answered with 451",
    "never-data": "the content is answered with 554",
    "once": "the first RCPT is answered with 450, the next taken",
    "hang": "RCPT is never answered",
    "drip": "RCPT is answered one byte at a time, for ever",
    "drop": "the connection is cut at RCPT",
    "goodbye": "RCPT is answered with 421 and the connection is closed",
    "hang-data": "the content is taken, but never answered",
    "drip-data": "the content is taken and answered one byte at a time, for ever",
    "drop-data": "the content is taken and the connection cut",
    "slow-data": "the content is taken and answered after 0.7 seconds",
    "lose-data": "the content is thrown away and the connection cut",
}


class Handler:
    def __init__(self, log: Path, pipelining: bool) -> None:
        self.log = log
        self.pipelining = pipelining
        self.seen: set[str] = set()

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        offered = ["250-PIPELINING"] if self.pipelining else []
        return [*responses[:1], *offered, *responses[1:]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        manner = address.split("@")[0].split("+")[0]
        if manner == "later" or (manner == "once" and address not in self.seen):
            self.seen.add(address)
            return "450 try again later"
        if manner == "never":
            return "550 no such mailbox"
        if manner == "hang":
            await asyncio.sleep(3600)
        if manner == "drip":
            await drip(server)
        if manner == "drop":
            cut(server)
        if manner == "goodbye":
            asyncio.get_running_loop().call_later(0.05, cut, server)
            return "421 closing"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        manner = address.split("@")[0].split("+")[0]
        if manner == "later-data":
            return "451 try again later"
        if manner == "never-data":
            return "554 not this"
        if manner == "lose-data":
            cut(server)
            return "250 never seen"
        self.take(address, envelope.original_content or b"")
        if manner == "hang-data":
            await asyncio.sleep(3600)
        if manner == "drip-data":
            await drip(server)
        if manner == "slow-data":
            await asyncio.sleep(0.7)
        if manner == "drop-data":
            cut(server)
        return "250 taken"

    def take(self, address: str, content: bytes) -> None:
        line = json.dumps({"to": address, "content": content.decode()})
        with self.log.open("a") as log:
            log.write(line + "\n")


async def drip(server: SMTP) -> None:
    with contextlib.suppress(Exception):
        for sign in "250-" + "slow" * 1000:
            cast(asyncio.Transport, server.transport).write(sign.encode())
            await asyncio.sleep(0.1)


def cut(server: SMTP) -> None:
    if server.transport is not None:
        cast(asyncio.Transport, server.transport).abort()


async def serve(log: Path, pipelining: bool) -> None:
    handler = Handler(log, pipelining)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: SMTP(handler, hostname="mail.test", ident="ready", loop=loop), "127.0.0.1", 0
    )
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


@dataclass(frozen=True, slots=True)
class Received:
    to: str
    subject: str
    text: str
    html: str
    steps: list[str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class MailServer:
    port: int
    log: Path

    def received(self) -> list[Received]:
        """What the server took, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [read(**json.loads(line)) for line in lines]

    def addresses(self) -> list[str]:
        return [one.to for one in self.received()]


def read(to: str, content: str) -> Received:
    message: Any = message_from_bytes(content.encode(), policy=policy.default)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    return Received(
        to=to,
        subject=str(message["Subject"]),
        text=plain.get_content().replace("\r\n", "\n"),
        html=rich.get_content().replace("\r\n", "\n"),
        steps=[step for step in str(message["X-Clientdesk-Steps"] or "").split(", ") if step],
        headers={name: str(value) for name, value in message.items()},
    )


@contextmanager
def running(log: Path, *, pipelining: bool = False) -> Iterator[MailServer]:
    """A server of one's own for the length of the block."""
    offered = ["pipelining"] if pipelining else []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.mailserver", str(log), *offered],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": "."},
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield MailServer(int(process.stdout.readline()), log)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), "pipelining" in sys.argv[2:]))
