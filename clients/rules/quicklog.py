"""One line as a log entry: "call lune asked about the logo 15m +2d #problem". Pure.

Only what is recognised is taken out of the text; every other word stays in it, in its order.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

TYPE_WORDS = {
    "call": "call", "poziv": "call",
    "email": "email", "mail": "email", "mejl": "email",
    "meeting": "meeting", "sastanak": "meeting",
    "chat": "chat", "poruka": "chat",
    "note": "note", "biljeska": "note",
    "problem": "problem",
    "work": "work", "rad": "work",
}  # fmt: skip
MINUTES = re.compile(r"^(?:(\d{1,2})h)?(?:(\d{1,3})m?)?$")
IN_DAYS = re.compile(r"^\+(\d{1,3})([dw])$")
TAG = re.compile(r"^#[\w-]+$")


@dataclass(frozen=True, slots=True)
class Known:
    """A client as the line may name it."""

    pk: int
    slug: str
    name: str


@dataclass(slots=True)
class Reading:
    """What a line says. `candidates` holds the clients it may mean where it is not one."""

    kind: str = "note"
    client: Known | None = None
    candidates: list[Known] = field(default_factory=list)
    text: str = ""
    minutes: int | None = None
    follow_up_on: date | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.client is not None and bool(self.text)


def plain(text: str) -> str:
    """Small letters without marks, so that č is found by c; đ has no mark to take off."""
    bare = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def minutes_of(word: str) -> int | None:
    """ "15m", "1h", "1h30" in minutes; a bare number is a word, not a time."""
    match = MINUTES.match(word.lower())
    if not match or word.isdigit() or not word:
        return None
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def _follow_up(word: str, today: date) -> date | None:
    if match := IN_DAYS.match(word.lower()):
        return today + timedelta(days=int(match[1]) * (7 if match[2] == "w" else 1))
    if word.startswith("+"):
        try:
            return date.fromisoformat(word[1:])
        except ValueError:
            return None
    return None


def _meant(word: str, clients: Iterable[Known], own: Known | None) -> list[Known]:
    """Clients whose slug or a word of whose name begins with `word`; an exact slug wins alone.

    On the page of a client of its `own`, a word means that one first, another only in full.
    """
    start = plain(word)
    names = {c: (c.slug, *plain(c.name).split()) for c in clients} if len(start) > 1 else {}
    found = [c for c, parts in names.items() if any(part.startswith(start) for part in parts)]
    if own in found:
        return [own] if own else []
    if own:
        found = [c for c in found if start in names[c]]
    return [c for c in found if c.slug == start] or found


def read_line(
    line: str, clients: Iterable[Known], *, today: date, own: Known | None = None
) -> Reading:
    """Read a line: the first word may be a type, the next one a client; the rest is free.

    `own` is the client on whose page it was written; it need not be named there.
    """
    reading, kept = Reading(), []
    words = line.split()
    if words and (kind := TYPE_WORDS.get(plain(words[0]))):
        reading.kind = kind
        words = words[1:]
    if words:
        reading.candidates = _meant(words[0], clients, own)
        if len(reading.candidates) == 1:
            reading.client = reading.candidates[0]
            words = words[1:]
    reading.client = reading.client or own
    for word in words:
        if reading.minutes is None and (minutes := minutes_of(word)):
            reading.minutes = minutes
        elif reading.follow_up_on is None and (day := _follow_up(word, today)):
            reading.follow_up_on = day
        elif TAG.match(word):
            reading.tags.append(word[1:].lower())
        else:
            kept.append(word)
    reading.text = " ".join(kept)
    return reading
