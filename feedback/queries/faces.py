"""The facts of drawn clocks: of one project, and of all that is under way for a client."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from clientdesk.workspaces.models import Workspace
from clients.models import Client, Project, Stop
from clients.queries import rests_of
from clients.rules.delivery import REQUEST, STOP, Cause, Delay, working_days
from feedback.models import Request
from feedback.queries.clock import asked_of
from feedback.queries.owner_voice import OwnerVoice
from feedback.rules.clock import Asked, Clock, clock
from feedback.rules.clock_face import Face, Named, Voice, face
from feedback.rules.moves import Move, whose_move


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the clock of a project is drawn from; `move` None: delivered, or not begun."""

    clock: Clock
    asked: Sequence[Asked]
    rests: Sequence[Delay]
    move: Move | None
    country: str
    today: date

    def face(
        self,
        causes: Mapping[Cause, Named],
        *,
        names: tuple[str, str],
        voice: Voice,
        aside: str = "",
    ) -> Face:
        return face(
            self.clock,
            move=self.move,
            days=working_days(self.clock.first, self.clock.last, self.country),
            today=self.today,
            causes=causes,
            names=names,
            aside=aside,
            voice=voice,
        )


def facts_of(project: Project, *, today: date) -> Facts:
    """Its client must be loaded. Two queries."""
    asked = asked_of([project]).get(project.pk, [])
    rests = rests_of([project])[project.pk]
    return _facts(
        project.started_on,
        min(today, project.delivered_on or today),
        project.client.country,
        asked,
        rests,
        today,
        is_running=project.delivered_on is None and project.started_on <= today,
    )


def clients_facts(client: Client, *, today: date) -> Facts | None:
    """Of all work for a client that is under way; None where none is. Three queries."""
    projects = list(Project.objects.filter(client=client, delivered_on=None, started_on__lte=today))
    if not projects:
        return None
    asked = [one for rounds in asked_of(projects).values() for one in rounds]
    rests = {delay for delays in rests_of(projects).values() for delay in delays}
    first = min(project.started_on for project in projects)
    ordered = sorted(rests, key=lambda delay: delay.rank)
    return _facts(first, today, client.country, asked, ordered, today, is_running=True)


def _facts(
    first: date,
    last: date,
    country: str,
    asked: Sequence[Asked],
    rests: Sequence[Delay],
    today: date,
    *,
    is_running: bool,
) -> Facts:
    counted = clock(first=first, last=last, country=country, asked=asked, rests=rests)
    move = whose_move(counted, asked=asked, rests=rests, today=today) if is_running else None
    return Facts(counted, asked, rests, move, country, today)


def causes_for_owner(
    asked: Collection[Asked], rests: Collection[Delay], workspace: Workspace, client: Client
) -> dict[Cause, Named]:
    """What requests and stops are called, and their pages on the desk; two queries."""
    titles = Request.objects.filter(pk__in={one.request_id for one in asked}).values_list(
        "pk", "title"
    )
    causes = {
        Cause(REQUEST, pk): Named(
            title, reverse("feedback:request", kwargs={"workspace": workspace.slug, "pk": pk})
        )
        for pk, title in titles
    }
    work = reverse("desk:client_work", kwargs={"workspace": workspace.slug, "slug": client.slug})
    stops = {stop.pk: stop for stop in Stop.objects.filter(pk__in={r.cause.id for r in rests})}
    for rest in rests:
        if rest.cause.kind == STOP and rest.cause.id in stops:
            stop = stops[rest.cause.id]
            said = stop.cause or str(stop.get_reason_display())
            causes[rest.cause] = Named(said, f"{work}#w4")
    return causes


def clients_face(client: Client, workspace: Workspace, *, today: date) -> Face | None:
    """The clock on the page of a client, for its owner. None where no project is under way."""
    facts = clients_facts(client, today=today)
    if facts is None or not facts.clock.elapsed:
        return None
    voice = OwnerVoice()
    causes = causes_for_owner(facts.asked, facts.rests, workspace, client)
    return facts.face(causes, names=(voice.say("you_name"), client.name), voice=voice)
