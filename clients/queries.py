"""Questions about clients that other apps ask."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from clientdesk.outbox.enqueueing import Recipient
from clients.models import Agreement, Client, Contact
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
