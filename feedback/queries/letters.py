"""The facts the letters about answers state, as they are at this moment, and their texts' names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clientdesk.calendars import working_days_between
from clientdesk.dates import counted_minutes, counted_working_days, long_day
from clients.models import Project
from clients.queries import deliveries, recipients_of
from clients.rules.delivery import REQUEST, Delivery
from feedback.models import Request, Round
from feedback.queries.links import answer_links, project_link

LADDER = frozenset({"before", "kind", "cannot_go_on", "date_moves"})
DATED = frozenset({"ask", "before", "kind", "cannot_go_on", "date_moves"})
"""These speak of a delivery day; their lines in a digest do as well."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands: what waits for it, and what it does to a delivery.

    `delivery` is None unless the work of a dated project, not delivered yet, cannot go on.
    """

    waits: str
    project: Project | None
    delivery: Delivery | None
    own_days: int

    @property
    def moved(self) -> bool:
        return self.delivery is not None and self.delivery.days > 0


def standing_of(request: Request, delivery: Delivery | None) -> Standing:
    """`delivery` is that of its project, if it has one."""
    project = request.project
    blocked = project if request.blocking and project and not project.delivered_on else None
    delivery = delivery if blocked is not None else None
    own = sum(
        shift.days
        for shift in (delivery.shifts if delivery else ())
        if (shift.cause.kind, shift.cause.id) == (REQUEST, request.pk)
    )
    return Standing(request.blocks or (blocked.name if blocked else ""), project, delivery, own)


def base_text(rung: str, *, is_late: bool) -> str:
    """A rung of the owner's own name reminds, kindly."""
    return rung if rung in LADDER else ("kind" if is_late else "before")


def text_name(base: str, standing: Standing) -> str:
    """Which text a letter uses: none speaks of a day, a project or a delay that is not there."""
    waits = f"{base}_waits" if standing.waits else f"{base}_plain"
    if standing.delivery is None:
        if base == "date_moves" and standing.project is None:
            return "date_moves_plain"
        return waits
    if base == "ask":
        return base
    if base == "before":
        return waits if standing.moved else base
    if base == "kind":
        return base if standing.moved else "kind_keeps"
    if base == "cannot_go_on":
        return base if standing.moved else waits
    if not standing.own_days:
        return waits
    return base if standing.own_days == standing.delivery.days else "date_moves_among"


def line_name(text: str) -> str:
    """The text of one paragraph in a digest that serves this letter."""
    base = next(name for name in sorted(DATED, key=len, reverse=True) if text.startswith(name))
    if base in ("ask", "before"):
        return f"{base}_line"
    speaks_of_days = text in DATED or text == "date_moves_among"
    return f"{base}_line" if speaks_of_days else f"{base}_plain_line"


def facts_of_many(
    requests: Sequence[Request],
    *,
    bases: Mapping[int, str],
    emails: Mapping[int, str],
    now: datetime,
) -> dict[int, dict[str, str]]:
    """By request id: every placeholder the texts know, in the client's language.

    `bases` names by request id the letter (ask, before, kind, cannot_go_on, date_moves), `emails`
    to whom its links are given. Clients, projects and workspaces must be loaded; links are made
    where there are none. `now` gives the local day that is counted to.
    """
    rounds = {
        one.request_id: one for one in Round.objects.filter(request__in=requests, closed_on=None)
    }
    links = answer_links(
        list(rounds.values()),
        emails={one.pk: emails[request_id] for request_id, one in rounds.items()},
        now=now,
    )
    recipients = recipients_of({request.client_id for request in requests})
    moved = _deliveries(requests, now)
    found: dict[int, dict[str, str]] = {}
    for request in requests:
        standing = standing_of(request, moved.get(request.project_id or 0))
        text = text_name(bases[request.pk], standing)
        recipient = recipients.get(request.client_id)
        with_page = request.project is not None and bases[request.pk] == "date_moves"
        found[request.pk] = facts_for(
            request,
            text=text,
            standing=standing,
            today=request.workspace.local_today(now),
            contact_name=recipient.name if recipient else "",
            answer_link=links[rounds[request.pk].pk],
            project_link=project_link(request.project, email=emails[request.pk], now=now)
            if with_page and request.project
            else "",
        )
    return found


def _deliveries(requests: Sequence[Request], now: datetime) -> dict[int, Delivery]:
    """By project id; the requests are of one workspace."""
    projects = {request.project_id: request.project for request in requests if request.project}
    if not projects:
        return {}
    return deliveries(list(projects.values()), today=requests[0].workspace.local_today(now))


def facts_for(
    request: Request,
    *,
    text: str,
    standing: Standing,
    today: date,
    contact_name: str,
    answer_link: str,
    project_link: str,
    language: str = "",
) -> dict[str, str]:
    """The facts of one letter, in `language`, or the client's."""
    client = request.client
    language = language or client.language
    language = "hr" if language == "hr" else "en"
    delivery = standing.delivery
    # What an answer in time keeps is the day that is to be expected now.
    keeps = (delivery.expected if text == "ask" else delivery.agreed) if delivery else None
    waited = working_days_between(request.asked_on, today, client.country)
    return {
        "text": text,
        "contact_name": contact_name or client.name,
        "client_name": client.name,
        "sender_name": request.workspace.sender_name or request.workspace.name,
        "request_title": request.title,
        "asked_on": long_day(request.asked_on, language),
        "answer_by": long_day(request.answer_by, language),
        "answer_link": answer_link,
        "minutes_words": counted_minutes(request.minutes_needed, language),
        "waits": standing.waits,
        "project": request.project.name if request.project else "",
        "milestone": request.project.name if request.project else "",
        "delivery_date": long_day(keeps, language) if keeps else "",
        "forecast_date": long_day(delivery.expected, language) if delivery else "",
        "days_waiting": counted_working_days(waited, language),
        "days_own": counted_working_days(standing.own_days, language),
        "project_link": project_link,
    }


def several(
    requests: Sequence[Request], facts: Mapping[int, Mapping[str, str]], text: str = "ask_several"
) -> dict[str, str]:
    """The facts of one letter about all of these, of one client; `text` names its words."""
    first = min(requests, key=lambda request: (request.answer_by, request.pk))
    language = "hr" if first.client.language == "hr" else "en"
    minutes = sum(request.minutes_needed for request in requests)
    points = (
        f"{one['request_title']} ({one['answer_by']})\n{one['answer_link']}"
        for one in (facts[request.pk] for request in requests)
    )
    return {
        **facts[first.pk],
        "text": text,
        "count": str(len(requests)),
        "requests": "\n\n".join(points),
        "minutes_words": counted_minutes(minutes, language),
    }
