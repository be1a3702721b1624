"""The ladder for answers: a row for each step, a pause, and why a step is left out."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.ladder import (
    EFFECT_OF,
    Calendar,
    Counted,
    Effect,
    Ladder,
    Rung,
    format_ladder,
    name_of,
)
from clientdesk.workspaces.models import validate_one_line
from feedback.forms.asking import bare_helper, day_input
from feedback.operations.ladders import LONGEST

MOST_ROWS, FREE_ROWS = 12, 2
EARLIEST, LATEST = -99, 999  # working days
KNOWN = {
    "before": gettext_lazy("Before"),
    "kind": gettext_lazy("Kind reminder"),
    "cannot_go_on": gettext_lazy("We cannot go on"),
    "date_moves": gettext_lazy("The date moves"),
}
MANNERS = [
    ("auto", gettext_lazy("a letter, by itself")),
    ("review", gettext_lazy("a letter, I read it first")),
    ("task", gettext_lazy("a task for you")),
]
CALENDARS = [
    ("client", gettext_lazy("on working days of the client’s country")),
    ("none", gettext_lazy("on any day")),
]


class SkipForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is left out"), max_length=300, validators=[validate_one_line]
    )


class PauseForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("Until"), widget=day_input())
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, validators=[validate_one_line]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("until", "reason")


def name_on_page(name: str) -> str:
    """The name of a rung as its owner reads and types it."""
    return str(KNOWN.get(name) or name.replace("_", " ").capitalize())


def name_in_ladder(typed: str) -> str:
    """What is kept of a typed name; "" where nothing fitting is left of it."""
    return name_of(typed, {name: str(label) for name, label in KNOWN.items()})


class RungForm(forms.Form):
    """One step; a row without a name is no step."""

    name = forms.CharField(label=gettext_lazy("Step"), max_length=60, required=False)
    offset = forms.IntegerField(label=gettext_lazy("Working days"), required=False)
    manner = forms.ChoiceField(label=gettext_lazy("What happens"), choices=MANNERS)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("Expected a whole number of working days from %(from)s to %(to)s.")
        self.fields["offset"].error_messages["invalid"] = said % {"from": EARLIEST, "to": LATEST}

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        typed, days = found.get("name", ""), found.get("offset")
        if not typed:
            return found
        name = name_in_ladder(typed)
        if not name:
            self.add_error(
                "name",
                _("“%(name)s”: expected up to 39 letters and spaces, e.g. Second reminder.")
                % {"name": typed},
            )
        elif EFFECT_OF.get(name) == Effect.STOP:
            self.add_error("name", _("Only the ladder for money stops work. Choose another name."))
        if "offset" not in self.errors and (days is None or not EARLIEST <= days <= LATEST):
            self.add_error(
                "offset",
                _("Expected a whole number of working days from %(from)s to %(to)s.")
                % {"from": EARLIEST, "to": LATEST},
            )
        fixed = EFFECT_OF.get(name)
        if fixed == Effect.MAIL and found.get("manner") == "task":
            self.add_error("manner", _("This step is a letter. For a task choose another name."))
        return {**found, "name": name}

    @property
    def is_step(self) -> bool:
        return bool(self.cleaned_data.get("name"))

    def rung(self) -> Rung:
        found = self.cleaned_data
        task = found["manner"] == "task"
        effect = EFFECT_OF.get(found["name"], Effect.TASK if task else Effect.MAIL)
        return Rung(found["name"], found["offset"], effect, found["manner"] != "review")


class BaseRows(forms.BaseFormSet[RungForm]):
    """The rows together: each name and each day once, at least one step."""

    def clean(self) -> None:
        steps = [form for form in self.forms if form.is_valid() and form.is_step]
        for field, said in (
            ("name", _("This step stands there twice: expected each name once.")),
            ("offset", _("Another step comes on this day: expected another day.")),
        ):
            seen: set[object] = set()
            for form in steps:
                value = form.cleaned_data[field]
                if value in seen:
                    form.add_error(field, said)
                seen.add(value)
        if all(form.is_valid() for form in self.forms):
            if not steps:
                raise forms.ValidationError(_("A ladder has at least one step."))
            length = len(format_ladder(self.ladder(Calendar.CLIENT)))
            if length > LONGEST:
                raise forms.ValidationError(
                    _("%(length)s characters written out: expected at most %(most)s.")
                    % {"length": length, "most": LONGEST}
                )

    def ladder(self, calendar: Calendar) -> Ladder:
        """In the order of the days."""
        rungs = sorted(
            (form.rung() for form in self.forms if form.is_step), key=lambda rung: rung.offset
        )
        return Ladder(tuple(rungs), calendar, Counted.WORKING)


# The factory's type does not say that it makes a subclass of `formset`.
Rows = cast(
    type[BaseRows],
    forms.formset_factory(
        RungForm, formset=BaseRows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    ),
)


def rows_of(ladder: Ladder) -> Sequence[dict[str, Any]]:
    """Its steps as rows, and free ones below."""
    rows: list[dict[str, Any]] = [
        {
            "name": name_on_page(rung.name),
            "offset": rung.offset,
            "manner": "task"
            if rung.effect == Effect.TASK
            else ("auto" if rung.automatic else "review"),
        }
        for rung in ladder.rungs
    ]
    free = min(FREE_ROWS, MOST_ROWS - len(rows))
    return [*rows, *({"name": "", "offset": "", "manner": "auto"} for _ in range(free))]


class CalendarForm(forms.Form):
    calendar = forms.ChoiceField(
        label=gettext_lazy("Letters leave"),
        choices=CALENDARS,
        widget=forms.Select(attrs={"class": "ctl"}),
    )


class SampleForm(forms.Form):
    """The day of an answer for which the steps are shown."""

    answer_by = forms.DateField(
        label=gettext_lazy("An answer due on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "ctl"}, format="%Y-%m-%d"),
        required=False,
    )

    def day(self, otherwise: date) -> date:
        return (self.cleaned_data.get("answer_by") if self.is_valid() else None) or otherwise
