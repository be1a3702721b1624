"""The index of a dossier: numbered exhibits, what is owed, passed by and left out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clientdesk.dates import long_day
from clientdesk.money import format_money
from offboarding.rules.chronology import Moment, sentence
from offboarding.rules.page import Cell, Column, Table


class Part(StrEnum):
    """What an owner picks; the record itself is always in it."""

    MESSAGES = "messages"
    ANSWERS = "answers"
    INVOICES = "invoices"
    REPORTS = "reports"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file of the dossier; `path` is its place in the archive."""

    number: str
    title: str
    on: date
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Owed:
    """An open invoice, in minor units, with the interest of the law so far."""

    number: str
    due_on: date | None
    currency: str
    total_minor: int
    open_minor: int
    interest_minor: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A task of an ending that was passed by, with the reason typed for it."""

    task: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the index tells of."""

    client: str
    sender: str
    sender_where: str
    made_on: date
    entries: int
    about_client: int
    erased: int
    head: str
    exhibits: Sequence[Exhibit]
    owed: Sequence[Owed]
    passed: Sequence[Passed]
    left_out: Mapping[Part, int]
    moments: Sequence[Moment] = ()
    # What is numbered lies within these days; the record is always whole.
    first: date | None = None
    last: date | None = None
    # Whether the head has a time-stamp; None where no time-stamper is configured.
    stamped: bool | None = None


@dataclass(frozen=True, slots=True)
class Index:
    language: str
    title: str
    running: str
    sender: str
    sender_where: str
    client: str
    sub: str
    fact_label: str
    fact: str
    lead: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    head_label: str
    head: str
    how: str
    foot: str


def numbered(position: int) -> str:
    """ "E-01", "E-117"."""
    return f"E-{position:02d}"


WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Dossier",
        "sub": "Index, {client}",
        "sealed": "Sealed on {day}",
        "lead": "The record of the work with {client}: {about} of {entries} entries are about them "
        "and stand here in full{erased}. {count} exhibits.",
        "erased": "; what {n} of them said was lawfully erased",
        "exhibits": "Exhibits",
        "no": "No.",
        "exhibit": "Exhibit",
        "date": "Date",
        "size": "kB",
        "sha": "SHA-256 begins",
        "owed": "What is owed",
        "invoice": "Invoice",
        "due": "Due",
        "total": "Total",
        "open": "Open",
        "interest": "Interest so far",
        "interest_note": "Interest by Directive 2011/7/EU, computed to the day of this dossier; a "
        "claim, charged nowhere.",
        "passed": "Tasks of the ending that were passed by",
        "task": "Task",
        "reason": "Reason typed",
        "left_out": "Left out by choice: {parts}.",
        "nothing_left_out": "Nothing was left out.",
        "messages": "messages",
        "answers": "questions with answers and versions",
        "chronology": "Chronology",
        "what": "What happened",
        "statement": "Statement of account",
        "stamped": "The head has an RFC 3161 time-stamp: openssl ts -verify -data record/head.txt "
        "-in record/head.tsr, with the certificate of the one who stamped it.",
        "not_stamped": "The time-stamper did not answer; the head stands without a time-stamp.",
        "period": "Exhibits and chronology from {first} to {last}; the record is whole.",
        "beginning": "the beginning",
        "until_now": "the day of this dossier",
        "invoices": "invoices and statements",
        "reports": "reports",
        "files": "files",
        "head": "Head of the record, entry {n}",
        "how": "Run verify.py from this dossier (Python, standard library only). It recomputes "
        "every entry and file, names the first break, if any, and ends with the head above. The "
        "record is tamper-evident: earlier heads stand in reports and letters.",
        "foot": "{sender}, {day} · Record {n}, {head}",
    },
    "hr": {
        "title": "Dosje",
        "sub": "Popis, {client}",
        "sealed": "Zapečaćeno {day}",
        "lead": "Evidencija rada za {client}: od ukupno {entries} zapisa na njih se odnosi {about} "
        "i ovdje su u cijelosti{erased}. Broj dokaza: {count}.",
        "erased": "; zakonito izbrisan sadržaj: {n}",
        "exhibits": "Dokazi",
        "no": "Br.",
        "exhibit": "Dokaz",
        "date": "Datum",
        "size": "kB",
        "sha": "SHA-256 počinje",
        "owed": "Otvoreni iznosi",
        "invoice": "Račun",
        "due": "Dospijeće",
        "total": "Ukupno",
        "open": "Otvoreno",
        "interest": "Kamate dosad",
        "interest_note": "Kamate prema Direktivi 2011/7/EU, izračunane do dana ovog dosjea; "
        "potraživanje koje nigdje nije zaračunano.",
        "passed": "Preskočeni koraci završetka",
        "task": "Korak",
        "reason": "Upisani razlog",
        "left_out": "Po izboru izostavljeno: {parts}.",
        "nothing_left_out": "Ništa nije izostavljeno.",
        "messages": "poruke",
        "answers": "pitanja s odgovorima i inačicama",
        "chronology": "Kronologija",
        "what": "Što se dogodilo",
        "statement": "Izvod računa",
        "stamped": "Vrh ima vremenski žig po RFC 3161: openssl ts -verify -data record/head.txt "
        "-in record/head.tsr, uz certifikat onoga tko ga je izdao.",
        "not_stamped": "Izdavatelj vremenskog žiga nije odgovorio; vrh je bez njega.",
        "period": "Dokazi i kronologija od {first} do {last}; evidencija je cijela.",
        "beginning": "početka",
        "until_now": "dana ovog dosjea",
        "invoices": "računi i izvodi",
        "reports": "izvješća",
        "files": "datoteke",
        "head": "Vrh evidencije, zapis {n}",
        "how": "Pokrenite verify.py iz ovog dosjea (Python, samo standardna biblioteka). Ponovno "
        "izračunava svaki zapis i datoteku, navodi prvi prekid, ako ga ima, i završava gornjim "
        "vrhom. Svaka izmjena evidencije je uočljiva: raniji vrhovi stoje u izvješćima i pismima.",
        "foot": "{sender}, {day} · Evidencija {n}, {head}",
    },
}
TASKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "payments": "Payments current",
        "report": "Final report",
        "evidence": "Evidence",
        "handover": "Hand over the accounts",
        "message": "Ending message",
    },
    "hr": {
        "payments": "Podmirena plaćanja",
        "report": "Završno izvješće",
        "evidence": "Dokazi",
        "handover": "Primopredaja profila",
        "message": "Završna poruka",
    },
}


def index_of(found: Contents, language: str) -> Index:
    """Raises KeyError for a language without words."""
    words = WORDS[language]
    day = long_day(found.made_on, language)
    erased = words["erased"].format(n=found.erased) if found.erased else ""
    return Index(
        language=language,
        title=f"{words['title']}, {found.client}",
        running=words["title"],
        sender=found.sender,
        sender_where=found.sender_where,
        client=found.client,
        sub=words["sub"].format(client=found.client),
        fact_label=words["exhibits"],
        fact=str(len(found.exhibits)),
        lead=words["lead"].format(
            client=found.client,
            about=found.about_client,
            entries=found.entries,
            erased=erased,
            count=len(found.exhibits),
        ),
        tables=tuple(_tables(found, words, language)),
        notes=(
            words["sealed"].format(day=day),
            *_period(found, language),
            _left_out(found, words),
            *_stamped(found, words),
        ),
        head_label=words["head"].format(n=found.entries),
        head=" ".join(found.head[start : start + 8] for start in range(0, 64, 8)),
        how=words["how"],
        foot=words["foot"].format(
            sender=found.sender, day=day, n=found.entries, head=found.head[:16]
        ),
    )


def _stamped(found: Contents, words: Mapping[str, str]) -> list[str]:
    if found.stamped is None:
        return []
    return [words["stamped" if found.stamped else "not_stamped"]]


def _period(found: Contents, language: str) -> list[str]:
    words = WORDS[language]
    if not (found.first or found.last):
        return []
    first = long_day(found.first, language) if found.first else words["beginning"]
    last = long_day(found.last, language) if found.last else words["until_now"]
    return [words["period"].format(first=first, last=last)]


def _left_out(found: Contents, words: Mapping[str, str]) -> str:
    parts = [f"{words[part]} ({count})" for part, count in found.left_out.items() if count]
    return words["left_out"].format(parts=", ".join(parts)) if parts else words["nothing_left_out"]


def _tables(found: Contents, words: Mapping[str, str], language: str) -> list[Table]:
    tables = []
    if found.owed:
        tables.append(_owed(found.owed, words, language))
    if found.passed:
        tables.append(
            Table(
                columns=(
                    Column(words["task"], 28), Column(words["reason"], 52),
                    Column(words["date"], 20, "d"),
                ),
                rows=tuple(
                    (
                        Cell(TASKS[language].get(one.task, one.task)),
                        Cell(one.reason),
                        Cell(long_day(one.on, language)),
                    )
                    for one in found.passed
                ),
                caption=words["passed"],
            )
        )  # fmt: skip
    if found.exhibits:
        tables.append(
            Table(
                columns=(
                    Column(words["no"], 8), Column(words["exhibit"], 46),
                    Column(words["date"], 20, "d"), Column(words["size"], 8, "r"),
                    Column(words["sha"], 18),
                ),
                rows=tuple(
                    (
                        Cell(one.number),
                        Cell(one.title, one.path),
                        Cell(long_day(one.on, language)),
                        Cell(str(-(-one.size // 1024))),
                        Cell(one.sha256[:12]),
                    )
                    for one in found.exhibits
                ),
                caption=words["exhibits"],
            )
        )  # fmt: skip
    if found.moments:
        tables.append(
            Table(
                columns=(Column(words["date"], 22, "d"), Column(words["what"], 78)),
                rows=tuple(
                    (Cell(long_day(one.on, language)), Cell(sentence(one, language)))
                    for one in found.moments
                ),
                caption=words["chronology"],
            )
        )
    return tables


def _owed(owed: Sequence[Owed], words: Mapping[str, str], language: str) -> Table:
    def money(minor: int, currency: str) -> Cell:
        return Cell(format_money(minor, currency, language))

    return Table(
        columns=(
            Column(words["invoice"], 22), Column(words["due"], 22, "d"),
            Column(words["total"], 18, "r"), Column(words["open"], 18, "r"),
            Column(words["interest"], 20, "r"),
        ),
        rows=tuple(
            (
                Cell(one.number),
                Cell(long_day(one.due_on, language) if one.due_on else ""),
                money(one.total_minor, one.currency),
                money(one.open_minor, one.currency),
                money(one.interest_minor, one.currency),
            )
            for one in owed
        ),
        caption=words["owed"],
        note=words["interest_note"],
    )  # fmt: skip
