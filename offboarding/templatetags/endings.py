"""The tasks of an ending as a page says and colours them."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from offboarding.rules.gates import Gate, State
from offboarding.rules.reasons import Support

register = template.Library()
TITLES = {
    "reason": n_("Reason"),
    "payments": n_("Payments current"),
    "report": n_("Final report"),
    "evidence": n_("Evidence"),
    "handover": n_("Hand over the accounts"),
    "message": n_("Ending message"),
    "archive": n_("Archive"),
}
STATES = {
    State.DONE: (n_("Done"), "ok", "circle-check"),
    State.OVERRIDDEN: (n_("Passed by"), "stop", "flag"),
    State.READY: (n_("Can be done"), "accent", "pencil"),
    State.WAITING: (n_("Waiting for payment"), "wait", "hourglass"),
    State.LOCKED: (n_("Cannot start yet"), "plain", "lock"),
}
REASONS = {
    "answers": n_("answer within the agreed time"),
    "rounds": n_("approve within the agreed rounds"),
    "access": n_("give access to the accounts the work needs"),
    "pay": n_("pay within the agreed terms"),
    "own": n_("in your own words"),
}
SLIPS = {
    "insult": n_("an insult"),
    "threat": n_("a threat"),
    "shout": n_("shouting"),
    "blame": n_("blame without a fact"),
}


@register.filter
def gate_title(gate: Gate) -> str:
    return _(TITLES[gate.task])


@register.filter
def task_title(task: str) -> str:
    return _(TITLES[task])


@register.filter
def gate_state(gate: Gate) -> str:
    return _(STATES[gate.state][0])


@register.filter
def gate_tone(gate: Gate) -> str:
    return STATES[gate.state][1]


@register.simple_tag
def gate_icon(gate: Gate) -> str:
    return STATES[gate.state][2]


@register.filter
def reason_words(reason: str) -> str:
    return _(REASONS[reason])


@register.filter
def slip_words(why: str) -> str:
    return _(SLIPS[why])


@register.filter
def any_facts(supports: Sequence[Support]) -> bool:
    return any(one.facts for one in supports)


@register.filter
def first_supported(supports: Sequence[Support]) -> str:
    """The reason whose facts are proposed to begin with."""
    return next((str(one.reason) for one in supports if one.facts), "")
