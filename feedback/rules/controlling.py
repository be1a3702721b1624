"""Whether a client's hold on the work keeps it from being done: a finding with its facts. Pure.

Days are working days of the client's country.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clientdesk.calendars import working_days_between
from clientdesk.findings import Fact, Finding, Reference, State

NAME = "controlling"
NEEDS = 5  # items
WORDS_OF_SUBSTANCE = 3
SIGNS_NEEDED = 2


class Sign(StrEnum):
    ROUNDS = "rounds"
    CHANGES = "changes"
    WAITING = "waiting"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Looked:
    """One item that was laid before the client: the comments it came back with, in order."""

    item_id: int
    returns: tuple[str, ...] = ()

    @property
    def came_back(self) -> bool:
        return bool(self.returns)

    @property
    def without_substance(self) -> bool:
        """Sent back without saying what is wrong."""
        return any(len(said.split()) < WORDS_OF_SUBSTANCE for said in self.returns)

    @property
    def tweaked(self) -> bool:
        """Sent back without a word of substance, or again and again."""
        return self.without_substance or len(self.returns) > 1


@dataclass(frozen=True, slots=True)
class Approval:
    """One request with items: `rounds` are the days on which it lay with the client."""

    request_id: int
    title: str
    rounds_used: int
    rounds_agreed: int
    items: Sequence[Looked]
    rounds: Sequence[tuple[date, date | None]]

    @property
    def beyond(self) -> int:
        """Rounds more than were agreed."""
        return max(0, self.rounds_used - self.rounds_agreed)

    @property
    def came_back(self) -> int:
        """Items that came back at least once."""
        return sum(item.came_back for item in self.items)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Access that the work needs and does not have."""

    account_id: int
    name: str
    since: date
    blocks: str


@dataclass(frozen=True, slots=True)
class Control:
    """The finding, and the figures that its sentences name.

    Of `items`, `changed` came back, `tweaked` of them in a way that helps nobody; for approval
    `waiting` of `elapsed` days. `signs` are those that hold.
    """

    finding: Finding
    signs: frozenset[Sign]
    approvals: Sequence[Approval]
    withheld: Sequence[Withheld]
    items: int
    changed: int
    tweaked: int
    bare: int
    waiting: int
    elapsed: int

    @property
    def rounds_used(self) -> int:
        return sum(one.rounds_used for one in self.approvals)

    @property
    def rounds_agreed(self) -> int:
        return sum(one.rounds_agreed for one in self.approvals)

    @property
    def beyond(self) -> Sequence[Approval]:
        """The requests that took more rounds than were agreed."""
        return [one for one in self.approvals if one.beyond]


def days_waiting(
    rounds: Iterable[tuple[date, date | None]], *, country: str, today: date
) -> tuple[int, int]:
    """Days on which anything lay with the client for approval, and all days since the first.

    A day counts once however much lay there, and from the day after it was asked, as on the clock.
    """
    spans = sorted((asked, min(closed or today, today)) for asked, closed in rounds)
    if not spans:
        return 0, 0
    waited, reached = 0, spans[0][0]
    for asked, until in spans:
        begin = max(asked, reached)
        if until > begin:
            waited += working_days_between(begin, until, country)
            reached = until
    return waited, working_days_between(spans[0][0], today, country)


def controlling(
    approvals: Collection[Approval],
    withheld: Sequence[Withheld],
    *,
    client_id: int,
    country: str,
    today: date,
) -> Control:
    """Stands on at least five items when two of four signs hold.

    The signs: more rounds used than agreed, all taken together; a third of the items sent back
    without substance or again and again; something waiting for approval on half of all days; access
    withheld that the work needs. It shows the requests that went beyond their rounds, those with
    items so sent back, and the accounts.
    """
    looked = [item for one in approvals for item in one.items]
    waiting, elapsed = days_waiting(
        [round_ for one in approvals for round_ in one.rounds], country=country, today=today
    )
    tweaked = sum(item.tweaked for item in looked)
    used, agreed = (
        sum(one.rounds_used for one in approvals),
        sum(one.rounds_agreed for one in approvals),
    )
    signs = frozenset(
        sign
        for sign, holds in (
            (Sign.ROUNDS, used > agreed),
            (Sign.CHANGES, bool(looked) and 3 * tweaked >= len(looked)),
            (Sign.WAITING, elapsed > 0 and 2 * waiting >= elapsed),
            (Sign.ACCESS, bool(withheld)),
        )
        if holds
    )
    facts = (
        *(
            Fact(one.title, Reference("request", one.request_id), one.rounds_used)
            for one in approvals
            if one.beyond or any(item.tweaked for item in one.items)
        ),
        *(
            Fact(
                one.name,
                Reference("account", one.account_id),
                working_days_between(one.since, today, country),
                so_far=True,
            )
            for one in withheld
        ),
    )
    if len(looked) < NEEDS:
        state = State.NOT_ENOUGH_HISTORY
    else:
        holds = len(signs) >= SIGNS_NEEDED and bool(facts)
        state = State.STANDS if holds else State.DOES_NOT_STAND
    return Control(
        finding=Finding(NAME, client_id, state, needs=NEEDS, seen=len(looked), facts=facts),
        signs=signs,
        approvals=list(approvals),
        withheld=list(withheld),
        items=len(looked),
        changed=sum(item.came_back for item in looked),
        tweaked=tweaked,
        bare=sum(item.without_substance for item in looked),
        waiting=waiting,
        elapsed=elapsed,
    )
