"""The rungs of the ladder for answers as a person says them."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

register = template.Library()

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
