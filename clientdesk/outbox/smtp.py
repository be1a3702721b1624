"""One SMTP session, and for every failure the answer to: may the server have the message?

Up to the first byte of content it has nothing; after it only its reply says. Each phase (opening,
envelope, content) has EMAIL_TIMEOUT seconds in all, not for each byte: a server that answers one
byte a second is as late as one that says nothing.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings

# What can stand between < and > without changing the command around it.
PLAIN = re.compile(r"[!-;=?-~]+")
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
# What a server says about the session, not about this message: it is retried, not given up.
ABOUT_THE_SESSION = {421, 454, 530, 534, 535, 538}


class Unreachable(Exception):
    """No session could be opened, or it broke before any content left; nothing was handed over."""


class Refused(Exception):
    """The server said no to this message. `final`: a 5xx reply, asking again is no use."""

    def __init__(self, code: int, reply: bytes) -> None:
        super().__init__(f"{code} {reply.decode(errors='replace')}"[:280])
        self.code = code
        self.final = code >= 500


class Lost(Exception):
    """The session broke after content had begun to leave: nobody knows whether it arrived."""


class _Lines:
    """Reads replies; the deadline is for the whole reply."""

    def __init__(self, connection: "_Connection") -> None:
        self.connection = connection
        self.buffer = b""

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self.buffer and len(self.buffer) < limit:
            sock = self.connection.sock
            if sock is None:
                return b""
            sock.settimeout(self.connection.seconds_left())
            if not (received := sock.recv(4096)):
                break
            self.buffer += received
        line, end, rest = self.buffer[:limit].partition(b"\n")
        self.buffer = rest + self.buffer[limit:]
        return line + end

    def close(self) -> None:
        self.buffer = b""


class _Connection(smtplib.SMTP):
    """smtplib's client with a deadline over each phase."""

    file: Any
    deadline = 0.0

    def allow(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def seconds_left(self) -> float:
        if (left := self.deadline - time.monotonic()) <= 0:
            raise TimeoutError("timed out")
        return left

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Lines(self)
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        rest = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        while rest:
            self.sock.settimeout(self.seconds_left())
            rest = rest[self.sock.send(rest) :]


class _ConnectionOverTLS(_Connection, smtplib.SMTP_SSL):
    pass


class Session:
    """A session that is opened when it is needed and used again for the next message."""

    def __init__(self) -> None:
        self.timeout = float(settings.EMAIL_TIMEOUT or 20)
        self._connection: _Connection | None = None
        self._used = 0
        self._pipelining = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def close(self) -> None:
        connection, self._connection, self._used = self._connection, None, 0
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.allow(1)
                connection.quit()
            connection.close()

    def open(self) -> None:
        """Raises Unreachable."""
        if self._connection is not None:
            return
        connection: _Connection | None = None
        try:
            connection = self._connect()
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
                connection.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None:
                connection.close()
            raise Unreachable(describe(error)) from error
        self._connection = connection
        self._pipelining = connection.has_extn("pipelining")

    def _connect(self) -> _Connection:
        make: type[_Connection] = _ConnectionOverTLS if settings.EMAIL_USE_SSL else _Connection
        options: dict[str, Any] = {"timeout": self.timeout, "local_hostname": _own_name()}
        if settings.EMAIL_USE_SSL:
            options["context"] = ssl.create_default_context()
        connection = make(**options)
        connection.allow(self.timeout)
        try:
            # smtplib names the server for its certificate only where the constructor connects.
            connection._host = settings.EMAIL_HOST  # type: ignore[attr-defined]
            code, reply = connection.connect(settings.EMAIL_HOST, int(settings.EMAIL_PORT))
            if code != 220:
                raise smtplib.SMTPConnectError(code, reply)
        except BaseException:
            connection.close()
            raise
        return connection

    def send(
        self, *, sender: str, recipient: str, content: bytes, reached: Callable[[str], None]
    ) -> str:
        """Hand over one message; answers what the server said.

        Raises Unreachable, Refused, Lost: exactly the three things its sender has to tell apart.
        """
        used = self._used
        try:
            self._envelope(sender, recipient, reached)
        except Unreachable:
            # A server may drop a session that it finds old; a fresh one gets its chance.
            if not used:
                raise
            self._envelope(sender, recipient, reached)
        return self._content(content, reached)

    def _envelope(self, sender: str, recipient: str, reached: Callable[[str], None]) -> None:
        self.open()
        connection = self._connection
        assert connection is not None
        connection.allow(self.timeout)
        try:
            reached("envelope")
            if self._pipelining and PLAIN.fullmatch(sender) and PLAIN.fullmatch(recipient):
                _expect_all(connection, sender, recipient)
            else:
                _expect(connection.mail(sender), 250)
                _expect(connection.rcpt(recipient), 250, 251)
                _expect(connection.docmd("DATA"), 354)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(describe(error)) from error
        except ValueError as error:
            self._reset()
            raise Refused(553, f"address not usable: {error}".encode()) from error
        except Refused as refusal:
            if refusal.code in ABOUT_THE_SESSION or not 400 <= refusal.code < 600:
                self._drop()
                raise Unreachable(str(refusal)) from refusal
            self._reset()
            raise

    def _content(self, content: bytes, reached: Callable[[str], None]) -> str:
        connection = self._connection
        assert connection is not None
        connection.allow(self.timeout)
        reached("data")
        try:
            # In one piece: a second small one would wait 40 ms for the first to be acknowledged.
            end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
            connection.send(LEADING_DOT.sub(b"..", content) + end)
            reached("content")
            code, reply = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Lost(describe(error)) from error
        reached("reply")
        self._used += 1
        if code == 250:
            return f"{code} {reply.decode(errors='replace')}"[:280]
        if not 400 <= code < 600:
            self._drop()
            raise Lost(f"an answer that is none: {code} {reply.decode(errors='replace')}"[:280])
        if code == 421:
            self._drop()
        raise Refused(code, reply)

    def _reset(self) -> None:
        connection = self._connection
        if connection is not None:
            try:
                connection.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        connection, self._connection, self._used = self._connection, None, 0
        if connection is not None:
            connection.close()


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    code, reply = answer
    if code not in codes:
        raise Refused(code, reply)


def _expect_all(connection: _Connection, sender: str, recipient: str) -> None:
    """MAIL, RCPT and DATA in one piece (RFC 2920): three answers for one round trip.

    The first refusal counts. A server that wants content nevertheless, for nobody, gets none.
    """
    connection.send(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n")
    refused: Refused | None = None
    for codes in ((250,), (250, 251), (354,)):
        answer = connection.getreply()
        try:
            _expect(answer, *codes)
        except Refused as refusal:
            if refusal.code in ABOUT_THE_SESSION:
                raise
            refused = refused or refusal
    if refused is not None:
        if answer[0] == 354:
            connection.send(".\r\n")
            connection.getreply()
        raise refused


def _own_name() -> str:
    """What we call ourselves in EHLO; without a lookup, which can take seconds."""
    name = socket.gethostname()
    return name if name.isascii() and "." in name else "[127.0.0.1]"


def describe(error: Exception) -> str:
    """A failure in one line for the owner."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        words = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
        return f"{error.smtp_code} {words}"[:280]
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    return f"{type(error).__name__}: {error}"[:280]
