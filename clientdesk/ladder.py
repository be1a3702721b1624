"""The one ladder that everything overdue climbs. Pure.

1. Never early: a rung is never climbed before its day, due day plus offset.
2. Never twice: a rung that was climbed is behind.
3. One at a time, in order, at distance: between two rungs at least the difference of their offsets
   passes, so after an outage the next rung goes out once and the rest follow.
4. A payment dated on or before a rung's day suppresses it. A hold suspends; afterwards the climb
   goes on where it was. A day that is no working day in the client's country rolls forward.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from clientdesk.calendars import add_working_days, roll_forward

ONE_DAY = timedelta(days=1)
NAME = re.compile(r"[a-z][a-z_]{0,38}")


class Effect(StrEnum):
    MAIL = "mail"
    STOP = "stop"  # a letter, and work stops when it has gone
    TASK = "task"  # for the owner; no letter


class Calendar(StrEnum):
    CLIENT = "client"
    NONE = "none"


class Counted(StrEnum):
    """In which days offsets are: invoices go by the calendar, answers by working days."""

    CALENDAR = "calendar"
    WORKING = "working"


EFFECT_OF = {
    "reminder": Effect.MAIL,
    "stop_work": Effect.STOP,
    "final": Effect.MAIL,
    "decide": Effect.TASK,
    "before": Effect.MAIL,
    "kind": Effect.MAIL,
    "cannot_go_on": Effect.MAIL,
    "date_moves": Effect.MAIL,
}
"""The known names: their letters say what they do, so none can do anything else."""
MANNERS = ("review", *Effect)


def name_of(typed: str, known: Mapping[str, str]) -> str:
    """What is kept of a rung's name as somebody types it; "" where nothing fitting is left.

    `known` are the names that letters belong to, with the words a page has for them.
    """
    typed = " ".join(typed.split()).casefold()
    for name, label in known.items():
        if typed in (name, label.casefold()):
            return name
    plain = unicodedata.normalize("NFKD", typed.replace("đ", "d")).encode("ascii", "ignore")
    name = re.sub(r"[ _-]+", "_", plain.decode()).strip("_")
    return name if NAME.fullmatch(name) else ""


class LadderInvalid(ValueError):
    """The text is no ladder; it says which rung, what it holds and what was expected."""


@dataclass(frozen=True, slots=True)
class Rung:
    """`offset` in days from the due date, of the kind its ladder counts, negative before it.

    Not automatic means its owner reviews it.
    """

    name: str
    offset: int
    effect: Effect
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Ladder:
    rungs: tuple[Rung, ...]
    calendar: Calendar = Calendar.CLIENT
    counted: Counted = Counted.CALENDAR


@dataclass(frozen=True, slots=True)
class Climbed:
    rung: str
    on: date


@dataclass(frozen=True, slots=True)
class Hold:
    """Both days included; `until` None is a hold without an end so far."""

    first: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """What the ladder knows of one overdue thing; `started_on` None means from the due date."""

    due_on: date
    country: str = ""
    started_on: date | None = None
    climbed: tuple[Climbed, ...] = ()
    holds: tuple[Hold, ...] = ()
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    rung: Rung
    on: date


def _position(ladder: Ladder, overdue: Overdue) -> tuple[int, Climbed | None]:
    """How many rungs are behind, and the last climb. A rung the ladder lost leaves its day."""
    names = [rung.name for rung in ladder.rungs]
    behind = [names.index(c.rung) for c in overdue.climbed if c.rung in names]
    last = max(overdue.climbed, key=lambda climbed: climbed.on, default=None)
    return max(behind, default=-1) + 1, last


def _out_of_holds(day: date, holds: tuple[Hold, ...]) -> date | None:
    """`day`, or the first day after the holds that cover it; None under one without an end."""
    moved = True
    while moved:
        moved = False
        for hold in holds:
            if hold.first <= day and (hold.until is None or day <= hold.until):
                if hold.until is None:
                    return None
                day, moved = hold.until + ONE_DAY, True
    return day


def _free_day(day: date, ladder: Ladder, overdue: Overdue) -> date | None:
    """The first day from `day` on that is outside holds and, by the calendar, a working day."""
    while True:
        free = _out_of_holds(day, overdue.holds)
        if free is None or ladder.calendar == Calendar.NONE:
            return free
        rolled = roll_forward(free, overdue.country)
        if rolled == free:
            return free
        day = rolled


def next_step(
    ladder: Ladder, overdue: Overdue, *, not_before: date | None = None
) -> NextStep | None:
    """The next rung and the earliest day, not before `not_before`, that it may be climbed.

    None where the ladder is at its end, a hold has none, it was settled on or before that day, or
    the day lies past the last one that a date can name.
    """
    first, last = _position(ladder, overdue)
    for index in range(first, len(ladder.rungs)):
        try:
            on = _day_of(ladder, index, overdue, last, not_before)
        except OverflowError:  # one such row must not end the sweep of the others
            return None
        if on is None or (overdue.settled_on is not None and overdue.settled_on <= on):
            return None
        if not _lapses(ladder, ladder.rungs[index], overdue, on):
            return NextStep(rung=ladder.rungs[index], on=on)
    return None


def _after(day: date, days: int, ladder: Ladder, overdue: Overdue) -> date:
    if ladder.counted == Counted.WORKING and ladder.calendar != Calendar.NONE:
        return add_working_days(day, days, overdue.country)
    return day + timedelta(days=days)


def _day_of(
    ladder: Ladder, index: int, overdue: Overdue, last: Climbed | None, not_before: date | None
) -> date | None:
    """The first free day for this rung, after the one climbed last."""
    rung = ladder.rungs[index]
    earliest = [_after(overdue.due_on, rung.offset, ladder, overdue)]
    if last is not None:
        distance = rung.offset - _offset_behind(ladder, index, last) if index else 1
        earliest.append(_after(last.on, distance, ladder, overdue))
    earliest += [day for day in (overdue.started_on, not_before) if day is not None]
    return _free_day(max(earliest), ladder, overdue)


def _offset_behind(ladder: Ladder, index: int, last: Climbed) -> int:
    """Of the rung climbed last; where the ladder lost it, of the one before this."""
    offsets = {rung.name: rung.offset for rung in ladder.rungs[:index]}
    return offsets.get(last.rung, ladder.rungs[index - 1].offset)


def _lapses(ladder: Ladder, rung: Rung, overdue: Overdue, on: date) -> bool:
    """Whether a rung before the due day has nothing to say any more, or not yet had."""
    if rung.offset >= 0:
        return False
    own_day = _after(overdue.due_on, rung.offset, ladder, overdue)
    started = overdue.started_on is not None and own_day <= overdue.started_on
    return started or on > overdue.due_on


def due_step(ladder: Ladder, overdue: Overdue, *, today: date) -> NextStep | None:
    """The rung to climb today, or None. One whose day was missed waits for a free day as well."""
    step = next_step(ladder, overdue, not_before=today)
    return step if step is not None and step.on == today else None


def walk(ladder: Ladder, overdue: Overdue, *, first: date, last: date) -> Iterator[NextStep]:
    """The steps that daily sweeps from `first` to `last` climb, each on its day."""
    while (step := next_step(ladder, overdue, not_before=first)) and step.on <= last:
        yield step
        overdue = replace(overdue, climbed=(*overdue.climbed, Climbed(step.rung.name, step.on)))


def parse_ladder(
    text: str,
    *,
    calendar: Calendar = Calendar.CLIENT,
    counted: Counted = Counted.CALENDAR,
) -> Ladder:
    """ "reminder:3,stop_work:10:review,decide:33" as a ladder. Raises LadderInvalid.

    A name of one's own is a letter, or says what it is: "pause_now:12:stop:review".
    """
    rungs: list[Rung] = []
    for position, part in enumerate(text.split(","), start=1):
        name, _, rest = part.strip().partition(":")
        offset, *manners = rest.split(":")
        where = f"step {position}, {part.strip()!r}"
        if not NAME.fullmatch(name):
            raise LadderInvalid(f"{where}: expected a name of small letters and _, e.g. reminder:3")
        if not re.fullmatch(r"-?[0-9]{1,3}", offset):
            raise LadderInvalid(f"{where}: expected days after the due date, e.g. {name}:3")
        chosen = [Effect(manner) for manner in manners if manner in set(Effect)]
        if set(manners) - set(MANNERS) or len(set(manners)) < len(manners) or len(chosen) > 1:
            raise LadderInvalid(
                f"{where}: expected nothing or :review, and one of :mail, :stop, :task after the "
                "days"
            )
        effect = EFFECT_OF.get(name, chosen[0] if chosen else Effect.MAIL)
        if chosen and chosen[0] != effect:
            raise LadderInvalid(f"{where}: expected {effect} for {name}, or another name")
        if any(rung.name == name for rung in rungs):
            raise LadderInvalid(f"{where}: {name} stands there twice; expected each name once")
        if rungs and int(offset) <= rungs[-1].offset:
            raise LadderInvalid(f"{where}: expected more days than {rungs[-1].offset} before it")
        rungs.append(Rung(name, int(offset), effect, automatic="review" not in manners))
    return Ladder(tuple(rungs), calendar, counted)


def format_ladder(ladder: Ladder) -> str:
    """The text that `parse_ladder` reads back."""
    return ",".join(_format(rung) for rung in ladder.rungs)


def _format(rung: Rung) -> str:
    said = rung.effect == EFFECT_OF.get(rung.name, Effect.MAIL)
    effect = "" if said else f":{rung.effect}"
    return f"{rung.name}:{rung.offset}{effect}{'' if rung.automatic else ':review'}"


MONEY_DEFAULT = parse_ladder("reminder:3,stop_work:10:review,final:19:review,decide:33")
ANSWERS_DEFAULT = parse_ladder(
    "before:-2,kind:1,cannot_go_on:4,date_moves:9", counted=Counted.WORKING
)
