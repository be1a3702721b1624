"""What the patterns of a client rest on, from rows; each a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from clients.models import Client, Interaction, ManagedAccount
from clients.queries import agreement_on
from feedback.models import Decision, Request, RequestEntry, Round, Talk, Verdict
from feedback.rules.controlling import Approval, Control, Looked, Withheld, controlling
from feedback.rules.unresponsive import LOOKS_BACK, Answering, Put, unresponsive

A_YEAR = timedelta(days=365)
SENT_BACK = (Decision.CHANGES, Decision.REJECTED)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What feedback knows of a client: how they answer, and how they hold on to the work."""

    answering: Answering
    control: Control
    chased: int
    revised: int
    talk: Talk | None
    """The latest letter about it; minutes are those of all their requests."""


def patterns_of(client: Client, *, today: date) -> Patterns:
    """Eight queries. What was asked more than a year ago is let rest."""
    minutes = RequestEntry.objects.filter(request__client=client).aggregate(
        chased=_minutes(Interaction.Spent.CHASING), revised=_minutes(Interaction.Spent.REVISION)
    )
    return Patterns(
        answering=answering_of(client, today=today),
        control=control_of(client, today=today),
        chased=minutes["chased"],
        revised=minutes["revised"],
        talk=Talk.objects.filter(client=client).exclude(state=Talk.State.DROPPED).first(),
    )


def _minutes(spent_on: str) -> Sum:
    return Sum("interaction__minutes", filter=Q(interaction__spent_on=spent_on), default=0)


def answering_of(client: Client, *, today: date) -> Answering:
    """How long their answers take. What was taken back is left out."""
    rows = (
        Round.objects.filter(request__client=client, asked_on__gt=today - A_YEAR)
        .exclude(closed=Round.Closed.WITHDRAWN)
        .filter(Q(closed_on__isnull=False) | Q(answer_by__lt=today))
        .order_by("-asked_on", "-request_id")
        .values_list("request_id", "request__title", "asked_on", "answer_by", "closed_on")
    )
    agreement = agreement_on(client, today)
    return unresponsive(
        [Put(*row) for row in rows[:LOOKS_BACK]],
        client_id=client.pk,
        agreed=agreement.answer_days if agreement else None,
        country=client.country,
        today=today,
    )


def control_of(client: Client, *, today: date) -> Control:
    """Approvals with what became of their items, and the access that is withheld."""
    return controlling(
        _approvals(client, today=today),
        withheld_of(client, today=today),
        client_id=client.pk,
        country=client.country,
        today=today,
    )


def withheld_of(client: Client, *, today: date) -> list[Withheld]:
    """Accounts that the work needs by now and has no access to, the longest missed first."""
    accounts = ManagedAccount.objects.filter(
        client=client, needed_on__lte=today, given_on=None, handed_over_on=None
    ).order_by("needed_on", "pk")
    return [
        Withheld(one.pk, str(one), one.needed_on, one.blocks) for one in accounts if one.needed_on
    ]


def open_access_requests(client: Client) -> dict[int, Request]:
    """By account id, the open request that asks for access to it."""
    asked = Request.objects.open().filter(client=client, account__isnull=False)
    return {request.account_id: request for request in asked if request.account_id}


def _approvals(client: Client, *, today: date) -> list[Approval]:
    requests = list(
        Request.objects.filter(client=client, kind=Request.Kind.APPROVAL)
        .exclude(state=Request.State.DRAFT)
        .filter(asked_on__gt=today - A_YEAR)
        .order_by("asked_on", "pk")
    )
    ids = [request.pk for request in requests]
    rounds: defaultdict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for request_id, asked_on, closed_on in (
        Round.objects.filter(request__in=ids)
        .order_by("number")
        .values_list("request_id", "asked_on", "closed_on")
    ):
        rounds[request_id].append((asked_on, closed_on))
    items = _items(ids)
    return [
        Approval(
            request.pk,
            request.title,
            request.round_number,
            request.rounds_agreed,
            items.get(request.pk, []),
            rounds[request.pk],
        )
        for request in requests
    ]


def _items(request_ids: list[int]) -> dict[int, list[Looked]]:
    """By request id, the items that were looked at, with what they came back with."""
    # The last answer of a round is the one that holds.
    holds: dict[tuple[int, int, int], tuple[str, str]] = {}
    for request_id, item_id, number, decision, comment, said in (
        Verdict.objects.filter(version__item__request__in=request_ids)
        .order_by("answer__round__number", "answer__number", "pk")
        .values_list(
            "version__item__request_id",
            "version__item_id",
            "answer__round__number",
            "decision",
            "comment",
            "answer__comment",
        )
    ):
        holds[request_id, item_id, number] = decision, comment or said
    returns: defaultdict[int, dict[int, list[str]]] = defaultdict(dict)
    for (request_id, item_id, _), (decision, comment) in holds.items():
        came_back = returns[request_id].setdefault(item_id, [])
        if decision in SENT_BACK:
            came_back.append(comment)
    return {
        request_id: [Looked(item_id, tuple(said)) for item_id, said in items.items()]
        for request_id, items in returns.items()
    }
