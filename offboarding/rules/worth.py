"""What a client brings for each hour, and what staying or leaving would mean. Pure.

Amounts are minor units of one currency, never summed across currencies; time is minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

NEEDS_MINUTES = 300
"""Below five logged hours a rate for each hour says nothing."""


@dataclass(frozen=True, slots=True)
class Worth:
    """One client in one period; `received` by currency, `rate` what is agreed for an hour."""

    received: Mapping[str, int] = field(default_factory=dict)
    work: int = 0
    chasing: int = 0
    revision: int = 0
    days_lost: int = 0
    agreed_rate: int | None = None
    currency: str = "EUR"

    @property
    def minutes(self) -> int:
        return self.work + self.chasing + self.revision

    @property
    def has_enough(self) -> bool:
        return self.minutes >= NEEDS_MINUTES

    @property
    def beside_the_work(self) -> int:
        """Minutes that went into chasing and revisions."""
        return self.chasing + self.revision

    @property
    def has_one_currency(self) -> bool:
        return set(self.received) <= {self.currency}

    @property
    def per_hour(self) -> int | None:
        """Money received over all hours; None below five hours, or with several currencies."""
        if not self.has_enough or not self.has_one_currency:
            return None
        return per_hour(self.received.get(self.currency, 0), self.minutes)

    @property
    def at_agreed_rate(self) -> int | None:
        """What the same hours would bring at the rate agreed."""
        if self.agreed_rate is None:
            return None
        return nearest(Fraction(self.minutes * self.agreed_rate, 60))

    @property
    def less(self) -> int | None:
        """By how much that is more than what came in; 0 where it is not."""
        if self.at_agreed_rate is None or not self.has_one_currency:
            return None
        return max(0, self.at_agreed_rate - self.received.get(self.currency, 0))

    @property
    def shares(self) -> tuple[Fraction, Fraction, Fraction]:
        """Of all hours: work, revisions, chasing; they sum to one, or are all none."""
        if not self.minutes:
            return Fraction(0), Fraction(0), Fraction(0)
        return (
            Fraction(self.work, self.minutes),
            Fraction(self.revision, self.minutes),
            Fraction(self.chasing, self.minutes),
        )


def nearest(value: Fraction) -> int:
    """Half up, for amounts that are not negative."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def per_hour(received: int, minutes: int) -> int:
    """Minor units for each hour; raises ZeroDivisionError without any time."""
    return nearest(Fraction(received * 60, minutes))


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the next 90 days are taken to be like, to be changed by the owner.

    `hours` is minutes spent on the client; `paid` the share in per cent of what comes in now that
    will come in again; `elsewhere` the rate for an hour with others; `filled` the share in per cent
    of the freed hours that others would take.
    """

    minutes: int
    paid: int
    elsewhere: int
    filled: int


@dataclass(frozen=True, slots=True)
class Outlook:
    stay: int
    leave: int
    freed: int

    @property
    def difference(self) -> int:
        """What leaving brings more, or less where it is below nothing."""
        return self.leave - self.stay


def outlook(received: int, assumed: Assumptions) -> Outlook:
    """The next 90 days from the last: staying brings what came in, leaving what others pay.

    Leaving costs nothing else here and staying changes nothing: both stand on the page as words.
    """
    return Outlook(
        stay=nearest(Fraction(received * assumed.paid, 100)),
        leave=nearest(Fraction(assumed.minutes * assumed.elsewhere * assumed.filled, 6_000)),
        freed=assumed.minutes,
    )
