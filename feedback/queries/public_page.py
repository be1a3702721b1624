"""The page of a project as its client reads it: what the owner shares, in the client's words.

Hours are never read here, so they cannot be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clientdesk.calendars import working_days_between
from clientdesk.workspaces.models import Workspace
from clients.models import Contact, Project, Stop
from clients.rules.delivery import REQUEST, STOP, Cause
from feedback.models import MissedChance, Request, Round
from feedback.queries.faces import Facts, facts_of
from feedback.queries.project_page import (
    LATELY,
    Moved,
    Outlook,
    delivery_of,
    moved_by,
    outlook_of,
    share_of,
)
from feedback.rules.clock import Court
from feedback.rules.clock_face import Face, Named
from feedback.rules.day_words import Days
from feedback.rules.project_words import ClientVoice


@dataclass(frozen=True, slots=True)
class Needed:
    """Something the owner waits for; `round` is what an answer is to."""

    round: int
    anchor: str
    title: str
    state: str
    is_late: bool
    said: str
    icon: str


@dataclass(frozen=True, slots=True)
class Why:
    title: str
    came: str
    days: str


@dataclass(frozen=True, slots=True)
class Forecast:
    agreed: str
    """Empty where the delivery has not moved."""
    expected: str
    heading: str
    sentence: str
    before: Sequence[Why]
    """Causes of long ago, folded away under `before_said`."""
    before_said: str
    why: Sequence[Why]
    total: str


@dataclass(frozen=True, slots=True)
class Missed:
    title: str
    evidence: str
    day: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    project: Project
    owner: str
    lede: str
    voice: ClientVoice
    words: dict[str, str]
    needed: Sequence[Needed] | None
    face: Face | None
    forecast: Forecast | None
    missed: Sequence[Missed]
    calendar: str


WORDS = (
    "waiting_for", "nothing_open", "whose_move", "delivery", "why", "came", "days", "moves_by",
    "missed", "kept", "object", "answer",
)  # fmt: skip
ICONS = {"access": "key-round", "material": "image", "choice": "list-checks"}


def public_page(project: Project, workspace: Workspace, *, email: str, today: date) -> PublicPage:
    """What the link of `email` shows on `today`; its client must be loaded. At most eight
    queries."""
    voice = ClientVoice(project.client.language)
    days = Days(voice.language, today)
    person = Contact.objects.filter(client=project.client_id, email=email).first()
    contact = (person.name if person else "") or project.client.name
    share, facts = share_of(project), facts_of(project, today=today)
    owner = workspace.sender_name or workspace.name
    rounds = _open_rounds(project)
    titles = _titles(facts) if share.shows_requests or share.shows_forecast else {}
    shown = {one.request_id for one in rounds} if share.shows_requests else set()
    causes = _causes(facts, titles, shown, voice)
    knows_move = share.shows_clock or share.shows_requests
    return PublicPage(
        project=project,
        owner=owner,
        lede=_lede(project, facts, rounds, contact, voice, days, knows_move=knows_move),
        voice=voice,
        words={name: voice.say(name) for name in WORDS},
        needed=[_needed(one, facts, voice, days) for one in rounds]
        if share.shows_requests
        else None,
        face=facts.face(
            causes,
            names=(owner, voice.say("you", client=project.client.name)),
            voice=voice,
        )
        if share.shows_clock and facts.clock.elapsed
        else None,
        forecast=_forecast(project, facts, causes, voice, days) if share.shows_forecast else None,
        missed=_missed(project, days) if share.shows_chances else [],
        calendar=voice.calendar(project.client.country),
    )


def _open_rounds(project: Project) -> list[Round]:
    rounds = Round.objects.filter(
        request__project=project, request__state=Request.State.OPEN, closed_on=None
    )
    return list(rounds.select_related("request").order_by("answer_by", "pk"))


def _titles(facts: Facts) -> dict[int, str]:
    ids = {one.request_id for one in facts.asked}
    return dict(Request.objects.filter(pk__in=ids).values_list("pk", "title"))


def _causes(
    facts: Facts, titles: dict[int, str], shown: set[int], voice: ClientVoice
) -> dict[Cause, Named]:
    causes = {
        Cause(REQUEST, pk): Named(title, f"#r{pk}" if pk in shown else "")
        for pk, title in titles.items()
    }
    for rest in facts.rests:
        said = "rested" if rest.cause.clients else "rested_ours"
        causes[rest.cause] = Named(voice.say(said))
    return causes


def _lede(
    project: Project,
    facts: Facts,
    rounds: Sequence[Round],
    contact: str,
    voice: ClientVoice,
    days: Days,
    *,
    knows_move: bool,
) -> str:
    def say(phrase: str, day: date) -> str:
        return voice.say(phrase, contact=contact, day=days.long(day))

    if project.delivered_on:
        return say("lede_delivered", project.delivered_on)
    if facts.move is None:
        return say("lede_to_come", project.started_on)
    if not knows_move:
        return voice.say("lede_plain", contact=contact)
    if facts.move.court == Court.STOPPED:
        since = facts.move.hard_since or facts.move.since
        unpaid = Stop.objects.running().filter(
            pk__in={r.cause.id for r in facts.rests if r.cause.kind == STOP},
            reason=Stop.Reason.UNPAID,
        )
        return say("lede_unpaid" if unpaid.exists() else "lede_stopped", since)
    if facts.move.is_ours:
        return say("lede_ours", facts.move.since)
    blocking = sum(1 for one in rounds if one.request.blocking)
    return voice.count("lede_theirs", blocking, contact=contact)


def _needed(one: Round, facts: Facts, voice: ClientVoice, days: Days) -> Needed:
    asked = one.request
    late = working_days_between(one.answer_by, facts.today, facts.country)
    by = days.whole(one.answer_by) if voice.language == "en" else ""
    by = by or days.long(one.answer_by)
    said = [
        asked.detail.strip().partition("\n")[0][:160],
        voice.say("was_due" if late else "is_due", day=by),
        voice.count("minutes", asked.minutes_needed),
    ]
    title = asked.title
    if one.number > 1:
        title = f"{title}, {voice.say('round', n=one.number)}"
    return Needed(
        round=one.pk,
        anchor=f"r{asked.pk}",
        title=title,
        state=voice.count("late", late) if late else voice.say("in_time"),
        is_late=bool(late),
        said=" ".join(filter(None, said)),
        icon=ICONS.get(asked.kind, "hourglass"),
    )


def _forecast(
    project: Project, facts: Facts, causes: dict[Cause, Named], voice: ClientVoice, days: Days
) -> Forecast | None:
    moves = delivery_of(project, facts)
    if moves is None:
        return None
    agreed = days.long(moves.agreed)
    expected = days.long(moves.expected)
    outlook = outlook_of(project, facts)
    why = [_why(one, voice, days) for one in moved_by(moves, facts, causes)]
    return Forecast(
        agreed=agreed if moves.days else "",
        expected=expected if moves.days else voice.say("as_agreed", day=agreed),
        heading=voice.say("agreed", day=agreed),
        sentence=_sentence(outlook, voice, days),
        before=why[:-LATELY],
        before_said=voice.count("earlier", len(why[:-LATELY])),
        why=why[-LATELY:],
        total=f"+{moves.days}" if moves.days else "",
    )


def _sentence(outlook: Outlook | None, voice: ClientVoice, days: Days) -> str:
    if outlook is None or not outlook.grows:
        return ""
    return voice.say("stays", day=days.long(outlook.today))


def _why(moved: Moved, voice: ClientVoice, days: Days) -> Why:
    said = days.short

    if moved.round and moved.round.closed_on:
        came = voice.say(
            "came_on", came=said(moved.round.closed_on), by=said(moved.round.answer_by)
        )
    elif moved.round:
        came = voice.say("open_by", by=said(moved.round.answer_by))
    elif moved.last:
        came = voice.say("rested_from", first=said(moved.first), last=said(moved.last))
    else:
        came = voice.say("rests_since", first=said(moved.first))
    same = "same_day" if moved.shift.lasted == 1 else "same_days"
    own = f"+{moved.shift.days}" if moved.shift.days else voice.say(same)
    return Why(moved.named.title, came, own)


def _missed(project: Project, days: Days) -> list[Missed]:
    chances = MissedChance.objects.filter(project=project, struck_at=None)
    return [
        Missed(one.title, one.evidence, days.short(one.missed_on))
        for one in chances.order_by("missed_on", "pk")
    ]
