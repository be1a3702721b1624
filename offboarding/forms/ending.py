"""The forms of an ending: how it begins, why, what is passed by, the letter, the handover."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.workspaces.models import validate_one_line
from offboarding.models import Ending
from offboarding.queries.endings import AccountRow
from offboarding.rules.reasons import Support

LONGEST = 10_000


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "ctl"}, format="%Y-%m-%d")


def _helper(*fields: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


class BeginForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Why it ends"),
        choices=Ending.Kind.choices,
        widget=forms.RadioSelect,
        initial=Ending.Kind.FAILURE,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day of the cooperation"),
        widget=_day_input(),
        help_text=gettext_lazy("By your agreement’s notice. It can be changed until the letter."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = _helper("kind", "ends_on")

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < self.today:
            raise forms.ValidationError(
                _("%(day)s is past; expected %(today)s or a day after it."),
                params={"day": day, "today": self.today},
            )
        return day


class ReasonForm(forms.Form):
    """One reason, and which of the recorded facts go with it; the page frames the fields itself."""

    reason = forms.ChoiceField(choices=Ending.Reason.choices)
    own_words = forms.CharField(
        label=gettext_lazy("Your failure to …"),
        max_length=300,
        required=False,
        validators=[validate_one_line],
    )
    facts = forms.MultipleChoiceField(required=False)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=_day_input())
    language = forms.ChoiceField(choices=[("en", "English"), ("hr", "hrvatski")])

    def __init__(self, *args: Any, supports: Sequence[Support], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.supports = supports
        known = [fact for one in supports for fact in one.facts]
        # self.fields are plain Fields to the types; this one is a MultipleChoiceField.
        self.fields["facts"].choices = [(fact, fact) for fact in known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == Ending.Reason.OWN and not cleaned.get("own_words"):
            self.add_error("own_words", _("Say it in your own words, after “your failure to”."))
        return cleaned


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is passed by"), max_length=300, validators=[validate_one_line]
    )


class CallOffForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("What changed"),
        max_length=300,
        required=False,
        validators=[validate_one_line],
    )


class LetterForm(forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, validators=[validate_one_line]
    )
    body = forms.CharField(
        label=gettext_lazy("Letter"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy(
            "{handover_link} becomes the address of the list of what is handed over."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("subject", "body")


class AccountForm(forms.Form):
    """What was given of one account; a field for each thing, named by it. Never a password."""

    def __init__(self, *args: Any, row: AccountRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for thing, label, tick in row.things:
            self.fields[thing] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[
                    ("", _("not yet")),
                    ("given", _("given")),
                    ("not_needed", _("not needed")),
                ],
                initial=tick.state if tick else "",
                widget=forms.Select(attrs={"class": "ctl"}),
            )

    @property
    def things(self) -> list[tuple[str, str]]:
        return [(thing, self.cleaned_data[thing]) for thing in self.fields]


class ConfirmForm(forms.Form):
    """What a client sends from the handover page."""

    name = forms.CharField(max_length=160, validators=[validate_one_line])
    note = forms.CharField(max_length=2_000, required=False, widget=forms.Textarea)
