"""Whose move it was, working day by working day. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from clientdesk.calendars import is_working_day, working_days_between
from offboarding.rules.facts import Asked, Court, Rest

ONE_DAY = timedelta(days=1)


def late_days(answer_by: date, answered_on: date | None, *, last: date, country: str) -> int:
    """Working days after the answer-by day until the answer, or until `last` where none came."""
    return working_days_between(answer_by, min(answered_on or last, last), country)


def rested_days(begun_on: date, ended_on: date | None, *, last: date, country: str) -> int:
    """Working days without work: from the first day on, the day it went on is a day of work."""
    until = ended_on - ONE_DAY if ended_on else last
    return working_days_between(begun_on - ONE_DAY, min(until, last), country)


def clock(
    *, first: date, last: date, country: str, asked: Sequence[Asked], rests: Iterable[Rest]
) -> tuple[tuple[date, Court], ...]:
    """Every working day and whose it was; overlapping requests count once.

    The day of asking is ours, the day of answering is the client's.
    """
    stops = [(rest.begun_on, rest.ended_on) for rest in rests]
    days = []
    day = first
    while day <= last:
        if is_working_day(day, country):
            days.append((day, _court(day, asked, stops)))
        day += ONE_DAY
    return tuple(days)


def _court(day: date, asked: Sequence[Asked], stops: Sequence[tuple[date, date | None]]) -> Court:
    if any(begun <= day and (ended is None or day < ended) for begun, ended in stops):
        return Court.STOPPED
    waiting = [
        one
        for one in asked
        if not one.withdrawn
        and one.asked_on < day
        and (one.answered_on is None or day <= one.answered_on)
    ]
    if any(one.answer_by < day for one in waiting):
        return Court.LATE
    return Court.ASKED if waiting else Court.OURS
