"""Where work rests, the agreed delivery moves: by each working day of it, counted once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from clientdesk.calendars import add_working_days, working_days_between

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rest:
    """Work rests from `begun_on` and goes on from the morning of `ended_on`; None: it rests yet."""

    stop_id: int
    begun_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """`expected` lies `days` working days after `agreed`; `stops` are the ids of what moved it."""

    agreed: date
    expected: date
    days: int
    stops: tuple[int, ...] = ()


def _last_day(rest: Rest, today: date) -> date:
    """The last day of it that is over or running: nobody knows how long it will last."""
    return today if rest.ended_on is None else min(today, rest.ended_on - ONE_DAY)


def _together(rests: Iterable[Rest], start: date, today: date) -> list[tuple[date, date]]:
    """The spans from `start` to `today` in which work rested, both days included, none twice."""
    spans: list[tuple[date, date]] = []
    for rest in sorted(rests, key=lambda rest: (rest.begun_on, rest.stop_id)):
        first, last = max(rest.begun_on, start), _last_day(rest, today)
        if last < first:
            continue
        if spans and first <= spans[-1][1] + ONE_DAY:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def delivery(
    rests: Iterable[Rest], *, start: date, agreed: date, today: date, country: str
) -> Delivery:
    """When work begun on `start` and agreed for `agreed` is to be expected, seen on `today`.

    It takes as many working days as were agreed; those on which it rested, for the client or for
    the project, do not count. A rest that begins after the expected day moves nothing.
    """
    rests = tuple(rests)
    expected = agreed
    for first, last in _together(rests, start, today):
        # Of a rest that reaches the expected day every day moves it, also those beyond.
        if working_days_between(first - ONE_DAY, min(last, expected), country):
            rested = working_days_between(first - ONE_DAY, last, country)
            expected = add_working_days(expected, rested, country)
    moving = tuple(
        rest.stop_id
        for rest in sorted(rests, key=lambda rest: (rest.begun_on, rest.stop_id))
        if expected > agreed
        and working_days_between(
            max(rest.begun_on, start) - ONE_DAY, min(_last_day(rest, today), expected), country
        )
    )
    return Delivery(agreed, expected, working_days_between(agreed, expected, country), moving)
