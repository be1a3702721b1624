"""One request as its owner reads it; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clientdesk.calendars import working_days_between
from feedback.models import (
    Answer,
    AnswerLink,
    Item,
    MissedChance,
    Request,
    RequestEntry,
    Round,
    Verdict,
    Version,
)
from feedback.queries.links import links_of
from feedback.queries.waiting import OpenRow, open_rows


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with what was said of it, the last word last."""

    version: Version
    verdicts: Sequence[Verdict]

    @property
    def verdict(self) -> Verdict | None:
        return self.verdicts[-1] if self.verdicts else None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item: what it shows now, and how it came to it."""

    item: Item
    now: ShownVersion
    before: Sequence[ShownVersion]


@dataclass(frozen=True, slots=True)
class ShownRound:
    """One time of asking; `took` and `late` in working days of the client's country."""

    round: Round
    answers: Sequence[Answer]
    took: int
    late: int


@dataclass(frozen=True, slots=True)
class RequestPage:
    request: Request
    row: OpenRow | None
    items: Sequence[ShownItem]
    rounds: Sequence[ShownRound]
    entries: Sequence[RequestEntry]
    chances: Sequence[MissedChance]
    links: Sequence[AnswerLink]

    @property
    def present(self) -> ShownRound | None:
        """The round that is asked, or was answered last; a draft has none."""
        return self.rounds[0] if self.rounds else None

    @property
    def earlier(self) -> Sequence[ShownRound]:
        return self.rounds[1:]

    @property
    def days_lost(self) -> int:
        """Working days that all its rounds were late by."""
        return sum(one.late for one in self.rounds)

    @property
    def chased(self) -> int:
        """Minutes."""
        return self._minutes("chasing")

    @property
    def revised(self) -> int:
        """Minutes."""
        return self._minutes("revision")

    def _minutes(self, spent_on: str) -> int:
        entries = (one.interaction for one in self.entries)
        return sum(one.minutes or 0 for one in entries if one.spent_on == spent_on)


def request_page(request: Request, *, today: date) -> RequestPage:
    """Its client, project and workspace must be loaded."""
    country = request.client.country
    rounds = [
        ShownRound(
            round=one,
            answers=list(one.answers.all()),
            took=working_days_between(one.asked_on, one.closed_on or today, country),
            late=working_days_between(one.answer_by, one.closed_on or today, country),
        )
        for one in Round.objects.filter(request=request)
        .prefetch_related("answers__verdicts__version", "answers__files__document")
        .order_by("-number")
    ]
    return RequestPage(
        request=request,
        row=open_rows([request], today=today)[request.pk] if request.is_open else None,
        items=shown_items(request),
        rounds=rounds,
        entries=list(
            RequestEntry.objects.filter(request=request)
            .select_related("interaction__author")
            .order_by("-interaction__happened_at", "-pk")
        ),
        chances=list(
            MissedChance.objects.filter(request=request, struck_at=None).order_by("missed_on", "pk")
        ),
        links=links_of(request),
    )


def shown_items(request: Request) -> list[ShownItem]:
    """In their order, with every version; two queries."""
    versions = list(
        Version.objects.filter(item__request=request)
        .select_related("item", "picture")
        .order_by("item__position", "number")
    )
    said: defaultdict[int, list[Verdict]] = defaultdict(list)
    for verdict in (
        Verdict.objects.filter(version__item__request=request)
        .select_related("answer__round")
        .order_by("answer__round__number", "answer__number")
    ):
        said[verdict.version_id].append(verdict)
    of_item: defaultdict[int, list[ShownVersion]] = defaultdict(list)
    items: dict[int, Item] = {}
    for version in versions:
        items[version.item_id] = version.item
        of_item[version.item_id].append(ShownVersion(version, said[version.pk]))
    return [
        ShownItem(items[pk], all_of_it[-1], all_of_it[-2::-1]) for pk, all_of_it in of_item.items()
    ]
