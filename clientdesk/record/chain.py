"""The arithmetic of the record: canonical text, digests, links. Pure.

    digest   = SHA-256(salt ‖ canonical JSON of the content)
    envelope = canonical JSON {v, workspace, seq, recorded_at, happened_at, kind, actor, digest, prev}
    hash     = SHA-256(0x00 ‖ envelope)

Canonical JSON is RFC 8785, text normalised to NFC first: "č" has one spelling. Floats are refused,
since two machines may print them differently; money and instants are strings of a fixed form.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785

VERSION = 1
GENESIS = "0" * 64
INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class NotCanonical(ValueError):
    """The content holds something that has no one spelling."""


def instant(moment: datetime) -> str:
    """An aware instant as text in UTC, microseconds always there."""
    return moment.astimezone(UTC).strftime(INSTANT)


def _normal(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_normal(str(key)): _normal(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    raise NotCanonical(f"{type(value).__name__} {value!r}; expected text, whole numbers, lists")


def canonical(value: Mapping[str, Any]) -> str:
    """RFC 8785 text. Raises NotCanonical for floats, dates and other objects."""
    return rfc8785.dumps(_normal(value)).decode()


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
