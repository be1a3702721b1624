"""The rungs of the ladder for answers as a person says them."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

register = template.Library()
TITLES = {
    "before": n_("Before"),
    "kind": n_("Kind reminder"),
    "cannot_go_on": n_("We cannot go on"),
    "date_moves": n_("The date moves"),
}

SAID = {
    "before": n_("a reminder while there is time"),
    "kind": n_("a kind reminder"),
    "cannot_go_on": n_("“We cannot go on without your answer”"),
    "date_moves": n_("“The delivery date moves”"),
}


@register.filter
def answer_rung(name: str) -> str:
    """A rung of the owner's own is called what they called it."""
    return _(SAID[name]) if name in SAID else name.replace("_", " ")


@register.filter
def rung_title(name: str) -> str:
    """A rung as a row of a ladder is headed."""
    return _(TITLES[name]) if name in TITLES else name.replace("_", " ").capitalize()
