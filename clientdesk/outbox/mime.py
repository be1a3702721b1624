"""The bytes that go to the mail server (RFC 5322, MIME), and reading them back.

Written by hand: Python's e-mail package takes several milliseconds for a message, this a tenth.
"""

import binascii
import email.policy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from django.core.exceptions import ValidationError

from clientdesk.workspaces.models import validate_one_line

LONGEST_LINE = 900  # RFC 5322 allows 998


class HeaderRefused(ValueError):
    """A header would hold what no header can: a line break, a control character."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that stands above the letter. Addresses are ASCII but for their domain."""

    sender_name: str
    sender_email: str
    reply_to: str
    to_name: str
    to_email: str
    subject: str
    message_id: str
    date: datetime
    automatic: bool
    steps: Sequence[str]


def ascii_address(address: str) -> str:
    """`address` with its domain as mail servers know it (IDNA)."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise HeaderRefused(f"no address that mail servers know: {address}") from error


def _checked(name: str, value: str) -> str:
    try:
        validate_one_line(value)
    except ValidationError as error:
        raise HeaderRefused(f"line break or control character in {name}") from error
    return value


def _header(name: str, value: str) -> bytes:
    value = _checked(name, value)
    # Long lines of ASCII stay whole: folding would lose or add a space in some programs.
    if not value.isascii() or len(value) > LONGEST_LINE:
        value = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}\r\n".encode("ascii")


def _mailbox(field: str, name: str, address: str) -> bytes:
    address = ascii_address(_checked(field, address))
    if not address.isascii():
        raise HeaderRefused(f"no address that mail servers know: {address}")
    if _checked(field, name).isascii():
        whole = formataddr((name, address))
    else:
        words = Header(name, "utf-8", header_name=field).encode(linesep="\r\n")
        whole = f"{words}\r\n <{address}>"
    return f"{field}: {whole}\r\n".encode("ascii")


def _quoted(content: str, subtype: str) -> bytes:
    # A bare CR or LF on the wire is how one message is smuggled into another: CRLF only.
    lines = content.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + body


def write(envelope: Envelope, *, text: str, html: str) -> bytes:
    """The whole message with CRLF line ends. Raises HeaderRefused."""
    one = envelope
    headers = [
        _mailbox("From", one.sender_name, one.sender_email),
        _mailbox("To", one.to_name, one.to_email),
        _header("Subject", one.subject),
        _header("Date", format_datetime(one.date)),
        f"Message-ID: {_checked('Message-ID', one.message_id)}\r\n".encode("ascii"),
    ]
    if one.reply_to:
        headers.append(_mailbox("Reply-To", one.sender_name, one.reply_to))
    if one.automatic:
        headers.append(b"Auto-Submitted: auto-generated\r\n")
    if one.steps:
        steps = ",\r\n ".join(_checked("steps", step) for step in one.steps)
        headers.append(f"X-Clientdesk-Steps: {steps}\r\n".encode("ascii", "replace"))
    boundary = "=_" + hashlib.sha256(f"{one.message_id}{text}".encode()).hexdigest()[:32]
    headers.append(
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
        f' boundary="{boundary}"\r\n\r\n'.encode()
    )
    return b"".join(
        [
            *headers,
            f"--{boundary}\r\n".encode(),
            _quoted(text, "plain"),
            f"\r\n--{boundary}\r\n".encode(),
            _quoted(html, "html"),
            f"\r\n--{boundary}--\r\n".encode(),
        ]
    )


def read_html(raw: bytes) -> str:
    """The HTML of a message that `write` wrote; "" where there is none."""
    body = message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default).get_body(
        ("html",)
    )
    return str(body.get_content()) if body else ""


def bare_address(mailbox: str) -> str:
    """The address in "Name <address>"."""
    return parseaddr(mailbox)[1]
