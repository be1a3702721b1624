"""Questions about clients that other apps ask."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from clientdesk.outbox.enqueueing import Recipient
from clients.models import Agreement, Client, Contact, Project, Stop
from clients.rules.delivery import Delivery, Rest, delivery
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


def deliveries(projects: Iterable[Project], *, today: date) -> dict[int, Delivery]:
    """By project id, the agreed day and the one to expect after the stops until `today`.

    Of those that have an agreed day; two queries. What was delivered is moved by nothing later.
    """
    dated = [project for project in projects if project.delivery_on]
    client_ids = {project.client_id for project in dated}
    countries = dict(Client.objects.filter(pk__in=client_ids).values_list("pk", "country"))
    rests: defaultdict[tuple[int, int | None], list[Rest]] = defaultdict(list)
    for stop in Stop.objects.filter(client_id__in=client_ids):
        rest = Rest(stop.pk, stop.begun_on, stop.ended_on)
        rests[stop.client_id, stop.project_id].append(rest)
    return {
        project.pk: delivery(
            [*rests[project.client_id, None], *rests[project.client_id, project.pk]],
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
