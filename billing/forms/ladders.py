"""The ladder's forms: a row for each step, and what to look at it by."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input
from billing.operations.ladders import LONGEST
from clientdesk.ladder import (
    EFFECT_OF,
    Calendar,
    Effect,
    Ladder,
    Rung,
    format_ladder,
    name_of,
)

MOST_ROWS = 12
MOST_DAYS = 999
LONGEST_SPAN = 3 * 366  # days

KNOWN = {
    "reminder": gettext_lazy("Reminder"),
    "stop_work": gettext_lazy("Stop-work notice"),
    "final": gettext_lazy("Final notice"),
    "decide": gettext_lazy("Decide"),
}
EFFECTS = [
    ("mail", gettext_lazy("a letter")),
    ("stop", gettext_lazy("work stops")),
    ("task", gettext_lazy("a task for you")),
]
MANNERS = [
    ("auto", gettext_lazy("by itself")),
    ("review", gettext_lazy("I read it first")),
    ("none", gettext_lazy("no letter")),
]
CALENDARS = [
    ("client", gettext_lazy("the client’s country")),
    ("none", gettext_lazy("none, every day counts")),
]


class SkipForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why it is left out"), max_length=300)


def name_on_page(name: str) -> str:
    """The name of a rung as its owner reads and types it."""
    return str(KNOWN.get(name) or name.replace("_", " ").capitalize())


def name_in_ladder(typed: str) -> str:
    """What is kept of a typed name; "" where nothing fitting is left of it."""
    return name_of(typed, {name: str(label) for name, label in KNOWN.items()})


class RungForm(forms.Form):
    """One step: its name, its day, what it does, and whether its owner reads it first."""

    name = forms.CharField(label=gettext_lazy("Step"), max_length=60)
    offset = forms.IntegerField(label=gettext_lazy("Days after due"))
    effect = forms.ChoiceField(label=gettext_lazy("Effect"), choices=EFFECTS)
    manner = forms.ChoiceField(label=gettext_lazy("Goes out"), choices=MANNERS)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Expected a name, e.g. Reminder.")
        whole = _("Expected a whole number of days from 0 to %(most)s.") % {"most": MOST_DAYS}
        self.fields["offset"].error_messages.update(required=whole, invalid=whole)

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"]
        name = name_in_ladder(typed)
        if not name:
            raise forms.ValidationError(
                _("“%(name)s”: expected up to 39 letters and spaces, e.g. Second reminder.")
                % {"name": typed}
            )
        return name

    def clean_offset(self) -> int:
        days: int = self.cleaned_data["offset"]
        if not 0 <= days <= MOST_DAYS:
            raise forms.ValidationError(
                _("“%(days)s”: expected a whole number of days from 0 to %(most)s.")
                % {"days": days, "most": MOST_DAYS}
            )
        return days

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        name, effect = found.get("name"), found.get("effect")
        fixed = EFFECT_OF.get(name or "")
        if fixed and effect and effect != fixed:
            says = dict(EFFECTS)[str(fixed)]
            self.add_error(
                "effect",
                _("%(step)s is always %(effect)s. For something else choose another name.")
                % {"step": name_on_page(name or ""), "effect": says},
            )
        elif effect in ("mail", "stop") and found.get("manner") == "none":
            self.add_error(
                "manner", _("A letter goes out by itself, or after you read it: choose one.")
            )
        return found

    def rung(self) -> Rung:
        found = self.cleaned_data
        effect = Effect(found["effect"])
        automatic = effect == Effect.TASK or found["manner"] == "auto"
        return Rung(found["name"], found["offset"], effect, automatic)


class BaseRows(forms.BaseFormSet[RungForm]):
    """The rows together: each name and each day once, at least one row."""

    def clean(self) -> None:
        names: dict[str, int] = {}
        days: dict[int, int] = {}
        for position, form in enumerate(self.forms, start=1):
            name, offset = form.cleaned_data.get("name"), form.cleaned_data.get("offset")
            if name and (first := names.setdefault(name, position)) != position:
                form.add_error(
                    "name",
                    _("%(name)s is step %(step)s already: expected each name once.")
                    % {"name": name_on_page(name), "step": first},
                )
            if offset is not None and (first := days.setdefault(offset, position)) != position:
                form.add_error(
                    "offset",
                    _("Step %(step)s comes on day %(day)s already: expected another day.")
                    % {"step": first, "day": offset},
                )
        if not self.forms:
            raise forms.ValidationError(_("A ladder has at least one step."))
        if all(form.is_valid() for form in self.forms):
            length = len(format_ladder(self.ladder(Calendar.CLIENT)))
            if length > LONGEST:
                raise forms.ValidationError(
                    _("The names are too long together: %(n)s characters, expected %(most)s.")
                    % {"n": length, "most": LONGEST}
                )

    def ladder(self, calendar: Calendar) -> Ladder:
        """The rows in the order of their days."""
        rungs = sorted((form.rung() for form in self.forms), key=lambda rung: rung.offset)
        return Ladder(tuple(rungs), calendar)


# The factory's type forgets which formset it was given.
Rows = cast(
    "type[BaseRows]",
    forms.formset_factory(
        RungForm, formset=BaseRows, extra=0, max_num=MOST_ROWS, absolute_max=20, validate_max=True
    ),
)


def rows_of(ladder: Ladder) -> list[dict[str, Any]]:
    """The rows of a ladder as the form shows them."""
    return [
        {
            "name": name_on_page(rung.name),
            "offset": rung.offset,
            "effect": str(rung.effect),
            "manner": "none"
            if rung.effect == Effect.TASK
            else "auto"
            if rung.automatic
            else "review",
        }
        for rung in ladder.rungs
    ]


def rows_as_typed(posted: QueryDict) -> list[dict[str, str]]:
    """The rows as they were typed, right or wrong: for adding one and for taking one out."""
    total = posted.get("rows-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if re.fullmatch(r"[0-9]{1,3}", total) else 0
    names = ("name", "offset", "effect", "manner")
    return [{name: posted.get(f"rows-{i}-{name}", "") for name in names} for i in range(count)]


class LookForm(forms.Form):
    """By what a ladder is looked at, and its calendar."""

    calendar = forms.ChoiceField(label=gettext_lazy("Free days"), choices=CALENDARS)
    sample = forms.ChoiceField(label=gettext_lazy("Dates shown for"), required=False)
    first = forms.DateField(label=gettext_lazy("Replay from"), widget=day_input())
    last = forms.DateField(label=gettext_lazy("to"), widget=day_input())

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any], *, samples: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["sample"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = samples

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if first and last:
            if last < first:
                self.add_error("last", _("Expected a day not before %(day)s.") % {"day": first})
            elif (last - first).days > LONGEST_SPAN:
                self.add_error("last", _("Expected at most three years after the first day."))
        return found

    def period(self, otherwise: tuple[date, date]) -> tuple[date, date]:
        """The two days, or `otherwise` where they were not given well."""
        if self.is_valid():
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return otherwise
