"""Questions about clients that other apps ask."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from django.db.models import QuerySet

from clientdesk.outbox.enqueueing import Recipient
from clients.models import Agreement, Client, Contact, Project, Stop
from clients.rules.delivery import Delay, Delivery, delivery, rest
from clients.rules.quicklog import plain


def recipients_of(client_ids: Collection[int]) -> dict[int, Recipient]:
    """By client id, to whom letters go: the primary contact, else the first with an address.

    Clients that nobody can write to are left out.
    """
    recipients: dict[int, Recipient] = {}
    contacts = (
        Contact.objects.filter(client_id__in=client_ids)
        .exclude(email="")
        .order_by("client_id", "-is_primary", "pk")
        .values_list("client_id", "email", "name", "client__language")
    )
    for client_id, email, name, language in contacts:
        recipients.setdefault(client_id, Recipient(email=email, name=name, language=language))
    return recipients


def agreement_on(client: Client, day: date) -> Agreement | None:
    """The terms in force on `day`: the latest that are valid by then."""
    return (
        Agreement.objects.filter(client=client, valid_from__lte=day).order_by("-valid_from").first()
    )


class DelaySource(Protocol):
    """What an app above knows of days lost, by project id; for these projects, in few queries."""

    def __call__(self, projects: Collection[Project]) -> Mapping[int, Sequence[Delay]]: ...


_delay_sources: list[DelaySource] = []


def register_delays(source: DelaySource) -> None:
    """An app above says which days its rows cost a project: clients know no request."""
    if source not in _delay_sources:
        _delay_sources.append(source)


def rests_of(projects: Collection[Project]) -> dict[int, list[Delay]]:
    """By project id, the stops of its client's work and its own; one query."""
    rests: defaultdict[tuple[int, int | None], list[Delay]] = defaultdict(list)
    for stop in Stop.objects.filter(client_id__in={project.client_id for project in projects}):
        delay = rest(
            stop.pk, stop.begun_on, stop.ended_on, clients=stop.reason in Stop.CLIENTS_REASONS
        )
        rests[stop.client_id, stop.project_id].append(delay)
    return {
        project.pk: [*rests[project.client_id, None], *rests[project.client_id, project.pk]]
        for project in projects
    }


def deliveries(projects: Iterable[Project], *, today: date) -> dict[int, Delivery]:
    """By project id, the agreed day and the one to expect after all that cost days until `today`.

    Of those that have an agreed day; a fixed number of queries. What was delivered is moved by
    nothing later.
    """
    dated = [project for project in projects if project.delivery_on]
    if not dated:
        return {}
    countries = dict(
        Client.objects.filter(pk__in={project.client_id for project in dated}).values_list(
            "pk", "country"
        )
    )
    delays = rests_of(dated)
    for source in _delay_sources:
        for project_id, found in source(dated).items():
            delays[project_id].extend(found)
    return {
        project.pk: delivery(
            delays[project.pk],
            start=project.started_on,
            agreed=project.delivery_on,
            today=min(today, project.delivered_on or today),
            country=countries[project.client_id],
        )
        for project in dated
        if project.delivery_on
    }


def found_by(words: str, clients: QuerySet[Client]) -> list[int]:
    """The ids of those called that, by name, reference or a person there, in their order.

    Marks and capitals make no difference, which the two databases would each see otherwise.
    """
    people: dict[int, str] = {}
    for client_id, name, email in Contact.objects.values_list("client_id", "name", "email"):
        people[client_id] = f"{people.get(client_id, '')}\n{name}\n{email}"
    wanted = plain(words)
    return [
        pk
        for pk, name, reference in clients.values_list("pk", "name", "reference")
        if wanted in plain(f"{name}\n{reference}\n{people.get(pk, '')}")
    ]
