"""A request's ladder as its page shows it: what was, what is, what comes; a letter to review."""

from dataclasses import dataclass
from datetime import date

from clientdesk.ladder import Effect, walk
from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.letters import letter_text
from clients.queries import deliveries, recipients_of
from feedback.models import AnswerStep, Pause, Request
from feedback.queries.climbing import Climb, climb_of
from feedback.queries.letters import base_text, facts_for, standing_of, text_name

LOOK_AHEAD_YEARS = 2
LINK = "…/a/…"
PROJECT_LINK = "…/p/…"


@dataclass(frozen=True, slots=True)
class Rung:
    """One row: `step` where it was come to, else planned for the day `on`."""

    name: str
    effect: str
    on: date | None
    automatic: bool
    step: AnswerStep | None = None
    round_number: int = 1

    @property
    def for_owner(self) -> bool:
        """It waits for its owner, or could not be sent."""
        return self.step is not None and self.step.state in ("review", "stuck")


@dataclass(frozen=True, slots=True)
class RequestLadder:
    """Rungs of all rounds, in their order; `rests` since when work for it is stopped."""

    rungs: list[Rung]
    review: AnswerStep | None
    pause: Pause | None
    rests: date | None

    @property
    def ahead(self) -> list[Rung]:
        return [rung for rung in self.rungs if rung.step is None]


def ladder_of(request: Request, *, today: date) -> RequestLadder:
    """Six queries; its client, project and workspace must be loaded."""
    steps = list(
        AnswerStep.objects.filter(request=request)
        .select_related("round", "workspace")
        .order_by("round__number", "due_on", "pk")
    )
    rungs = [
        Rung(one.rung, one.effect, one.climbed_on or one.due_on, True, one, one.round.number)
        for one in steps
    ]
    climb = climb_of(request)
    if climb is None:
        return RequestLadder(rungs, None, None, None)
    held = climb.held(on=today)
    return RequestLadder(
        rungs=[*rungs, *_ahead(climb, today)],
        review=next((s for s in steps if s.state in ("review", "stuck")), None),
        pause=_running_pause(request, today),
        rests=held[1].first if held and held[0] == "rest" else None,
    )


def _ahead(climb: Climb, today: date) -> list[Rung]:
    facts = climb.as_if_climbed(on=today)
    last = date(max(today, facts.due_on).year + LOOK_AHEAD_YEARS, 12, 31)
    number = climb.request.round_number
    return [
        Rung(
            step.rung.name,
            step.rung.effect,
            step.on,
            step.rung.automatic and step.rung.effect != Effect.TASK,
            round_number=number,
        )
        for step in walk(climb.ladder, facts, first=today, last=last)
    ]


def _running_pause(request: Request, today: date) -> Pause | None:
    return Pause.objects.filter(
        request=request, first__lte=today, until__gte=today, lifted_at=None
    ).first()


def review_letters(step: AnswerStep, *, today: date) -> list[tuple[str, Letter]]:
    """What the step would send today: in the client's language, then in the owner's.

    Nothing is stored: the links in it stand for those that the letter will carry.
    """
    if step.effect == Effect.TASK:
        return []
    request = step.request
    project = request.project
    moved = deliveries([project], today=today) if project else {}
    standing = standing_of(request, moved.get(request.project_id or 0))
    recipient = recipients_of({request.client_id}).get(request.client_id)
    base = base_text(step.rung, is_late=request.answer_by < today)
    letters: list[tuple[str, Letter]] = []
    for language in dict.fromkeys((request.client.language, request.workspace.language)):
        facts = facts_for(
            request,
            text=text_name(base, standing),
            standing=standing,
            today=today,
            contact_name=recipient.name if recipient else "",
            answer_link=LINK,
            project_link=PROJECT_LINK,
            language=language,
        )
        text = letter_text("feedback", facts["text"], language, step.workspace)
        letters.append((language, text.filled(facts)))
    return letters
