"""The arithmetic of the record: canonical text, digests, links. Pure.

    digest   = SHA-256(salt ‖ canonical JSON of the content)
    envelope = canonical JSON {v, workspace, seq, recorded_at, happened_at, kind, actor, digest,
                               prev}
    hash     = SHA-256(0x00 ‖ envelope)

Canonical JSON is RFC 8785, text normalised to NFC first: "č" has one spelling. Floats are refused,
since two machines may print them differently; money and instants are strings of a fixed form.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785

VERSION = 1
GENESIS = "0" * 64
LARGEST = 2**53 - 1  # JSON readers round what is larger


class NotCanonical(ValueError):
    """The content holds something that has no one spelling."""


def instant(moment: datetime) -> str:
    """An aware instant as text in UTC, e.g. 2025-04-26T07:00:00.000000Z; microseconds always there.

    Raises NotCanonical for a naive one: it would mean another instant on another machine.
    """
    if moment.tzinfo is None:
        raise NotCanonical(f"{moment!r} has no time zone")
    # Not strftime: how many digits it gives the year 987 depends on the machine's C library.
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(timespec="microseconds") + "Z"


def normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _normal(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{value}; expected whole numbers of at most {LARGEST}")
        return int(value)
    if isinstance(value, str):
        return normal(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical(f"{list(value)!r}; expected names that are text")
        plain = {normal(key): _normal(item) for key, item in value.items()}
        if len(plain) < len(value):
            raise NotCanonical(f"{list(value)!r}; two of these are one name, spelled in two ways")
        return plain
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    raise NotCanonical(f"{type(value).__name__} {value!r}; expected text, whole numbers, lists")


# RFC 8785 writes text and whole numbers as Python's own encoder does, which is written in C. Only
# names outside ASCII might be put into another order: RFC 8785 sorts them by their UTF-16 units.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _plainly_named(value: Any) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _plainly_named(item) for key, item in value.items())
    return not isinstance(value, list) or all(map(_plainly_named, value))


def canonical(value: Mapping[str, Any]) -> str:
    """RFC 8785 text.

    Raises NotCanonical for floats, dates and other objects, for whole numbers of 2**53 and more
    (JSON readers round them) and for half a surrogate pair.
    """
    plain = _normal(value)
    try:
        if not _plainly_named(plain):
            return rfc8785.dumps(plain).decode()
        text = _encode(plain)
        text.encode()
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotCanonical(str(error)) from error
    return text


def digest_of(salt: str, content: str) -> str:
    """`salt` as hex, `content` as canonical text."""
    return hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest()


def hash_of(envelope: str) -> str:
    # The zero byte keeps an envelope's hash apart from any other SHA-256 over the same text.
    return hashlib.sha256(b"\x00" + envelope.encode()).hexdigest()


def envelope_of(
    *,
    chain_id: str,
    seq: int,
    recorded_at: datetime,
    happened_at: datetime,
    kind: str,
    actor: str,
    digest: str,
    prev: str,
) -> str:
    return canonical(
        {
            "v": VERSION,
            "workspace": chain_id,
            "seq": seq,
            "recorded_at": instant(recorded_at),
            "happened_at": instant(happened_at),
            "kind": kind,
            "actor": actor,
            "digest": digest,
            "prev": prev,
        }
    )
