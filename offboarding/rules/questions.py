"""A question with everything that was shown and said about it, as plain text. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clientdesk.dates import long_day


@dataclass(frozen=True, slots=True)
class Shown:
    """One version of an item, as the client saw it. `sha256` is its picture's."""

    item: int
    number: int
    round_number: int
    title: str
    text: str
    planned_on: date | None
    channel: str
    picture: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of one version."""

    item: int
    number: int
    decision: str
    comment: str


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. `at` is the instant in the workspace's time zone, to the minute."""

    number: int
    how: str
    decision: str
    comment: str
    by: str
    on: date
    at: str
    verdicts: Sequence[Said]
    # Name and SHA-256 of what was sent with it.
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of asking, with its answers, the last of which holds."""

    number: int
    asked_on: date
    answer_by: date
    closed_on: date | None
    closed: str
    answers: Sequence[Given]


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    title: str
    detail: str
    blocks: str
    rounds_agreed: int
    versions: Sequence[Shown]
    turns: Sequence[Turn]


WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "question": "Question", "approval": "Approval", "choice": "Choice",
        "material": "Files", "access": "Access",
        "rounds": "Rounds agreed: {n}",
        "blocks": "Waits for it: {what}",
        "shown": "What was shown",
        "version": "Item {item}, version {number}, from round {round}: {title}",
        "planned": "Planned for {day}",
        "picture": "Picture {name}, SHA-256 {sha256}",
        "turn": "Round {n}: asked on {asked}, answer by {by}",
        "nothing": "No answer.",
        "withdrawn": "Taken back on {day}.",
        "answer": "Answer {n}, {day} {at}, {how}, {who}: {decision}",
        "verdict": "Item {item}, version {number}: {decision}",
        "file": "With it {name}, SHA-256 {sha256}",
        "unnamed": "not named",
        "approved": "approved", "changes": "approved with changes", "rejected": "not to be used",
        "chosen": "chosen", "done": "done", "refused": "not possible", "answered": "answered",
        "page": "on the page", "email": "by e-mail", "phone": "by phone", "chat": "by chat",
        "meeting": "in a meeting",
    },
    "hr": {
        "question": "Pitanje", "approval": "Odobrenje", "choice": "Izbor",
        "material": "Datoteke", "access": "Pristup",
        "rounds": "Dogovoreno krugova: {n}",
        "blocks": "Na to čeka: {what}",
        "shown": "Što je pokazano",
        "version": "Stavka {item}, inačica {number}, od kruga {round}: {title}",
        "planned": "Planirano za {day}",
        "picture": "Slika {name}, SHA-256 {sha256}",
        "turn": "Krug {n}: upit {asked}, odgovor do {by}",
        "nothing": "Bez odgovora.",
        "withdrawn": "Povučeno {day}.",
        "answer": "Odgovor {n}, {day} {at}, {how}, {who}: {decision}",
        "verdict": "Stavka {item}, inačica {number}: {decision}",
        "file": "Uz njega {name}, SHA-256 {sha256}",
        "unnamed": "bez imena",
        "approved": "odobreno", "changes": "odobreno uz izmjene", "rejected": "ne koristiti",
        "chosen": "odabrano", "done": "učinjeno", "refused": "nije moguće",
        "answered": "odgovoreno",
        "page": "na stranici", "email": "e-poštom", "phone": "telefonom", "chat": "u razgovoru",
        "meeting": "na sastanku",
    },
}  # fmt: skip


def text_of(one: Question, language: str) -> str:
    """The whole of it, a line feed after each line. Raises KeyError for an unknown language."""
    words = WORDS[language]
    lines = [f"{words[one.kind]}: {one.title}", words["rounds"].format(n=one.rounds_agreed)]
    if one.blocks:
        lines.append(words["blocks"].format(what=one.blocks))
    lines += _quoted(one.detail)
    if one.versions:
        lines += ["", words["shown"]]
        for version in one.versions:
            lines += _version(version, words, language)
    for turn in one.turns:
        lines += _turn(turn, words, language)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> list[str]:
    return [f"  | {line}" for line in text.splitlines()]


def _version(one: Shown, words: Mapping[str, str], language: str) -> list[str]:
    lines = [
        words["version"].format(
            item=one.item, number=one.number, round=one.round_number, title=one.title
        ),
        *_quoted(one.text),
    ]
    if one.planned_on:
        day = words["planned"].format(day=long_day(one.planned_on, language))
        lines.append(f"  {day}{f', {one.channel}' if one.channel else ''}")
    if one.picture:
        lines.append(f"  {words['picture'].format(name=one.picture, sha256=one.sha256)}")
    return lines


def _turn(turn: Turn, words: Mapping[str, str], language: str) -> list[str]:
    asked, by = long_day(turn.asked_on, language), long_day(turn.answer_by, language)
    lines = ["", words["turn"].format(n=turn.number, asked=asked, by=by)]
    for one in turn.answers:
        lines.append(
            words["answer"].format(
                n=one.number,
                day=long_day(one.on, language),
                at=one.at,
                how=words[one.how],
                who=one.by or words["unnamed"],
                decision=words[one.decision],
            )
        )
        lines += _quoted(one.comment)
        for said in one.verdicts:
            decided = words["verdict"].format(
                item=said.item, number=said.number, decision=words[said.decision]
            )
            lines += [f"  {decided}", *(f"  {line}" for line in _quoted(said.comment))]
        lines += [
            f"  {words['file'].format(name=name, sha256=sha256)}" for name, sha256 in one.files
        ]
    if turn.closed == "withdrawn" and turn.closed_on:
        lines.append(words["withdrawn"].format(day=long_day(turn.closed_on, language)))
    elif not turn.answers:
        lines.append(words["nothing"])
    return lines
