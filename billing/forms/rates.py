"""A reference rate as its owner types it."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input, plain_helper
from clientdesk.workspaces.models import validate_one_line


class RateForm(forms.Form):
    since = forms.DateField(
        label=gettext_lazy("Valid from"),
        widget=day_input(),
        help_text=gettext_lazy("1 January or 1 July: it holds for that half-year."),
    )
    percent = forms.DecimalField(
        label=gettext_lazy("Rate, %"), max_digits=5, decimal_places=2, min_value=-5, max_value=50
    )
    source = forms.CharField(
        label=gettext_lazy("Where it stands"), max_length=300, validators=[validate_one_line]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(Layout(Div("since", "percent", css_class="pair"), "source"))

    def clean_since(self) -> Any:
        day = self.cleaned_data["since"]
        if (day.month, day.day) not in ((1, 1), (7, 1)):
            raise forms.ValidationError(
                _("%(day)s; expected 1 January or 1 July of a year.") % {"day": day}
            )
        return day
