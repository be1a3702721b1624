"""The ladder as a newcomer chooses it: in one click, to be changed at leisure."""

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientdesk.ladder import Ladder, parse_ladder


@dataclass(frozen=True, slots=True)
class Manner:
    """How firmly one asks for late money. `rungs` in days after the due date."""

    name: str
    label: str | Promise
    words: str | Promise
    rungs: str

    @property
    def ladder(self) -> Ladder:
        return parse_ladder(self.rungs)


MANNERS = {
    manner.name: manner
    for manner in (
        Manner(
            "usual",
            _("Kind, then firm"),
            _("Most begin here. Anything that hurts waits for your review."),
            "reminder:3,stop_work:10:review,final:19:review,decide:33",
        ),
        Manner(
            "patient",
            _("Patient"),
            _("For clients you have known for long, or who always pay at the end of the month."),
            "reminder:7,stop_work:21:review,final:35:review,decide:50",
        ),
        Manner(
            "brisk",
            _("Brisk"),
            _("For small sums and short jobs, when waiting costs more than asking."),
            "reminder:1,stop_work:6:review,final:12:review,decide:20",
        ),
    )
}


class MannerForm(forms.Form):
    manner = forms.ChoiceField(
        label=_("How do you want to ask?"),
        choices=lambda: [(m.name, m.label) for m in MANNERS.values()],
        widget=forms.RadioSelect,
        initial="usual",
    )
