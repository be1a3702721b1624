"""An SMTP server, written out by hand, that fails at a chosen point and is good from then on.

`Fault(phase, manner)`: in a phase (greeting, ehlo, mail, rcpt, data: the answer to that command;
content: the answer to the final dot; reading: the content is not read) it answers with a code,
hangs, answers one byte a second, drops the connection, or talks nonsense.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

GOOD = {
    "greeting": "220 bad.test ready",
    "ehlo": "250 bad.test",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go on",
    "content": "250 taken",
    "rset": "250 fine",
    "quit": "221 bye",
}
# Closing with this set resets the connection instead of ending it.
LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Fault:
    phase: str
    manner: str

    def __str__(self) -> str:
        return f"{self.phase}-{self.manner}"


@dataclass
class BadServer:
    """`times`: so often it fails yet. `taken`: the Message-IDs of what it has, content whole."""

    fault: Fault
    times: int = 1
    port: int = 0
    taken: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def fails(self, phase: str) -> bool:
        if phase != self.fault.phase or self.times <= 0:
            return False
        self.times -= 1
        return True


class Ended(Exception):
    """The conversation is over."""


class Talk(StreamRequestHandler):
    """One session."""

    bad: BadServer

    def handle(self) -> None:
        with suppress(Ended, OSError):
            self.answer("greeting")
            while line := self.rfile.readline().decode(errors="replace"):
                phase = line.split()[0].lower() if line.split() else "rset"
                self.answer(phase if phase in GOOD else "rset")
                if phase == "data":
                    self.content()
                if phase == "quit":
                    return

    def content(self) -> None:
        if self.bad.fails("reading"):
            self.hang()
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Ended
            lines.append(line.decode(errors="replace"))
        (name,) = [one.split(":")[1].strip() for one in lines if one.startswith("Message-ID:")]
        refuses = self.bad.times > 0 and str(self.bad.fault).startswith(("content-4", "content-5"))
        if not refuses:
            self.bad.taken.append(name)
        self.answer("content")

    def answer(self, phase: str) -> None:
        """Raises Ended where nothing more is said."""
        manner = self.bad.fault.manner if self.bad.fails(phase) else "good"
        if manner == "hang":
            self.hang()
        if manner == "drop":
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
            raise Ended
        if manner == "drip":
            for sign in f"{GOOD[phase]} and a long way to go still\r\n":
                self.wfile.write(sign.encode())
                if self.bad.over.wait(1):
                    raise Ended
        elif manner == "nonsense":
            self.wfile.write(b"what do you want?\r\n")
        elif manner == "good":
            self.wfile.write(f"{GOOD[phase]}\r\n".encode())
        else:
            self.wfile.write(f"{manner} because of a test\r\n".encode())
            if manner == "421":
                raise Ended

    def hang(self) -> None:
        self.bad.over.wait(60)
        raise Ended


@contextmanager
def running(fault: Fault, times: int = 1) -> Iterator[BadServer]:
    bad = BadServer(fault, times)
    talk = type("TalkOfThis", (Talk,), {"bad": bad})
    with ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        bad.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield bad
        finally:
            bad.over.set()
            server.shutdown()
            thread.join(10)
