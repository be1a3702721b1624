"""A story with something of everything, for the tests of the report."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from clientdesk.calendars import working_days_between
from clients.rules.delivery import rest, working_days
from feedback.rules import clock as rules
from offboarding.queries.clocks import COURTS
from offboarding.rules.facts import (
    Account,
    Achieved,
    Asked,
    Billed,
    Court,
    Delivery,
    Facts,
    Missed,
    Moved,
    ProjectTime,
    Received,
    Rest,
    Spent,
    Sum,
    Work,
)

FIRST, LAST = date(2025, 2, 24), date(2025, 6, 6)


def _asked(number: int, title: str, asked: date, by: date, answered: date | None) -> Asked:
    late = working_days_between(by, answered or LAST, "HR")
    return Asked(number, title, asked, by, answered, False, late)


ASKED = (
    _asked(
        1, "Fotografije jelovnika i sale", date(2025, 3, 4), date(2025, 3, 7), date(2025, 3, 10)
    ),
    _asked(2, "Administrator access", date(2025, 3, 4), date(2025, 3, 10), date(2025, 3, 14)),
    _asked(3, "Approve the guideline", date(2025, 3, 24), date(2025, 3, 26), date(2025, 3, 28)),
    _asked(4, "Approve round 2", date(2025, 3, 31), date(2025, 4, 2), date(2025, 4, 2)),
    _asked(5, "April calendar, 24 posts", date(2025, 4, 3), date(2025, 4, 7), date(2025, 4, 10)),
    _asked(6, "Access to the Facebook page", date(2025, 5, 21), date(2025, 5, 26), None),
    _asked(7, "Terrace campaign, 6 posts", date(2025, 5, 27), date(2025, 6, 2), None),
)
RESTS = (Rest("unpaid", "2025-031", date(2025, 5, 5), date(2025, 5, 21), 12),)


def _days() -> tuple[tuple[date, Court], ...]:
    told = rules.clock(
        first=FIRST,
        last=LAST,
        country="HR",
        asked=[rules.Asked(a.number, a.asked_on, a.answer_by, a.answered_on) for a in ASKED],
        rests=[rest(1, one.begun_on, one.ended_on) for one in RESTS],
    )
    return tuple(
        (day, COURTS[span.court])
        for span in told.spans
        for day in working_days(span.first, span.last, "HR")
    )


def rich_facts() -> Facts:
    return Facts(
        client="Bistro Čarobnjak đ.o.o.",
        sender="Jana Novak Šuma",
        sender_where="Ilica 142, 10000 Zagreb · jana@studio.example",
        first=FIRST,
        last=LAST,
        made_on=LAST,
        achieved=(
            Achieved("Online bookings", "a month", Decimal(41), Decimal(112), LAST, "Widget"),
            Achieved("Reach of a week on Instagram", "", Decimal(4600), Decimal(14800), LAST, ""),
            Achieved("Followers", "", Decimal(2310), Decimal(3480), LAST, ""),
            Achieved("Hours until a guest is answered", "h", Decimal("9.5"), Decimal(2), LAST, ""),
        ),
        deliveries=(
            Delivery(
                "Audit and plan", "22 pages", FIRST, date(2025, 3, 14), None, date(2025, 3, 21), 5
            ),
            Delivery("Visual guideline", "", FIRST, date(2025, 3, 26), None, date(2025, 4, 2), 5),
            Delivery("Terrace campaign", "", FIRST, date(2025, 5, 16), date(2025, 7, 8), None, 35),
            Delivery("Handover", "", FIRST, date(2025, 6, 6), None, date(2025, 6, 5), -1),
        ),
        work=tuple(
            Work(date(2025, 3, day), f"Objave za tjedan {day}, s fotografijama", 95)
            for day in range(3, 22)
        ),
        spent=(
            Spent("work", 58, 5400),
            Spent("meeting", 7, 420),
            Spent("call", 21, 315),
            Spent("email", 44, 260),
            Spent("problem", 3, 90),
        ),
        asked=ASKED,
        rests=RESTS,
        clock=_days(),
        projects=(
            ProjectTime(
                "Terrace campaign",
                FIRST,
                LAST,
                40,
                14,
                5,
                12,
                date(2025, 5, 16),
                date(2025, 6, 11),
                17,
                (Moved("April calendar, 24 posts", 5), Moved("", 12)),
            ),
        ),
        missed=(
            Missed("Easter campaign", "The printer’s day was 8 April.", date(2025, 4, 8), "April"),
        ),
        billed=(
            _billed("2025-006", date(2025, 2, 3), date(2025, 2, 17), 112500, date(2025, 2, 14)),
            _billed("2025-014", date(2025, 3, 3), date(2025, 3, 17), 147500, date(2025, 3, 20)),
            _billed("2025-022", date(2025, 3, 24), date(2025, 4, 7), 120000, date(2025, 4, 16)),
            _billed("2025-031", date(2025, 4, 9), date(2025, 4, 23), 154000, date(2025, 5, 20)),
            replace(
                _billed("2025-035", date(2025, 5, 2), date(2025, 5, 16), 145625), paid_minor=60625
            ),
            _billed("2025-041", date(2025, 6, 6), date(2025, 6, 20), 87000),
            _billed("2025-027", date(2025, 4, 2), date(2025, 5, 2), 18400, date(2025, 6, 4), "USD"),
        ),
        received=(
            Received(date(2025, 3, 20), "2025-014", "EUR", 147500, "HR00 2025-014"),
            Received(date(2025, 5, 20), "2025-031", "EUR", 154000, ""),
            Received(date(2025, 6, 4), "2025-027", "USD", 18400, "wire"),
        ),
        sums=(Sum("EUR", 766625, 594625, 172000), Sum("USD", 18400, 18400, 0)),
        accounts=(
            Account("Instagram", "@bistro", "Administrator", "Administrator", FIRST, LAST),
            Account("Google", "Bistro, Ilica 1", "Manager", "Manager", date(2025, 3, 14), LAST),
            Account("Facebook", "bistro", "Administrator", "", None, None),
        ),
        record_number=409,
        record_head="882ccf32fd4252819b1cf0aa73e1d5b0c1a2f3e4d5c6b7a8990a1b2c3d4e5f60",
        record_entries=164,
    )


def _billed(
    number: str,
    issued: date,
    due: date,
    total: int,
    settled: date | None = None,
    currency: str = "EUR",
) -> Billed:
    days = (settled - due).days if settled else (LAST - due).days if due < LAST else None
    paid = total if settled else 0
    what = f"Mjesečna briga {issued.month}/{issued.year}"
    return Billed(number, what, issued, due, currency, total, paid, settled, days)
