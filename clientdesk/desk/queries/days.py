"""The days of a desk that belong into a calendar: what is due, and what was promised."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from billing.models import Invoice
from clients.models import Interaction, Project
from feedback.models import Request

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 500


@dataclass(frozen=True, slots=True)
class Day:
    """`key` stays the same while the day moves, so that a calendar moves it too."""

    key: str
    on: date
    kind: str
    who: str
    what: str
    path: str


def days_of(slug: str, *, today: date, work: bool, money: bool) -> list[Day]:
    """From 90 days back to 400 ahead, at most 500 of a kind; four queries."""
    span = (today - BACK, today + AHEAD)
    found: list[Day] = []
    if money:
        due = Invoice.objects.issued().filter(settled_on=None, due_on__range=span)
        for one in due.select_related("client").order_by("due_on", "pk")[:MOST]:
            path = reverse("billing:invoice", args=[slug, one.number])
            found.append(
                Day(f"invoice-{one.pk}", one.due_on or today, "due", one.client.name,
                    one.number or "", path)
            )  # fmt: skip
    if not work:
        return found
    asked = Request.objects.open().filter(answer_by__range=span).select_related("client")
    for request in asked.order_by("answer_by", "pk")[:MOST]:
        path = reverse("feedback:request", args=[slug, request.pk])
        found.append(
            Day(f"request-{request.pk}", request.answer_by, "answer", request.client.name,
                request.title, path)
        )  # fmt: skip
    logged = Interaction.objects.filter(follow_up_on__range=span, follow_up_done_at=None)
    for entry in logged.select_related("client").order_by("follow_up_on", "pk")[:MOST]:
        path = reverse("desk:client", args=[slug, entry.client.slug])
        found.append(
            Day(f"follow-up-{entry.pk}", entry.follow_up_on or today, "follow_up",
                entry.client.name, entry.summary, path)
        )  # fmt: skip
    projects = Project.objects.filter(delivered_on=None, client__archived_at=None).filter(
        Q(forecast_on__range=span) | Q(forecast_on=None, delivery_on__range=span)
    )
    for project in projects.select_related("client").order_by("pk")[:MOST]:
        on = project.forecast_on or project.delivery_on
        path = reverse("feedback:project", args=[slug, project.client.slug, project.pk])
        if on:
            found.append(
                Day(f"project-{project.pk}", on, "delivery", project.client.name, project.name,
                    path)
            )  # fmt: skip
    return found
