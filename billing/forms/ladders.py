"""The ladder's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from billing.forms.common import plain_helper


class SkipForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why it is left out"), max_length=300)


class LadderForm(forms.Form):
    """One rung a line: its name, its day, and whether the owner reads it first."""

    rungs = forms.CharField(
        label=gettext_lazy("Steps"),
        max_length=400,
        help_text=gettext_lazy(
            "Name and days after the due date, parted by commas; “:review” where you read it first."
        ),
    )
    calendar = forms.ChoiceField(
        label=gettext_lazy("Free days"),
        choices=[
            ("client", gettext_lazy("the client’s country: a step moves on to a working day")),
            ("none", gettext_lazy("none, every day counts")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
