from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.workspaces.models import CLIENT_LANGUAGES


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReportForm(forms.Form):
    """What the report covers. Without a day it goes from the beginning, and until today."""

    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Empty: from the first day that anything is known of."),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Empty: until today."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=CLIENT_LANGUAGES)
    interim = forms.BooleanField(
        label=gettext_lazy("An interim report: the work goes on, nothing is handed over"),
        required=False,
    )
    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, beginning: date, today: date, language: str = "en", **kwargs: Any
    ) -> None:
        initial = {"language": language, "once_key": str(uuid4())}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.beginning, self.today = beginning, today
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("first", "last", css_class="pair"),
            "language",
            "interim",
            "once_key",
        )

    def clean(self) -> dict[str, Any]:
        """`first` and `last` are days afterwards, whatever was left empty."""
        cleaned = super().clean() or self.cleaned_data
        if "first" not in cleaned or "last" not in cleaned:
            return cleaned
        last = cleaned["last"] or self.today
        if last > self.today:
            self.add_error("last", _("A report cannot tell what has not happened yet."))
            return cleaned
        first = cleaned["first"] or min(self.beginning, last)
        if first > last:
            self.add_error("last", _("The period ends before it begins."))
        return {**cleaned, "first": first, "last": last}


class DoneForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=CLIENT_LANGUAGES)
    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, language: str = "en", **kwargs: Any) -> None:
        initial = {"language": language, "once_key": str(uuid4())}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("language", "once_key")
