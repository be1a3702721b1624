"""The form about sending and money."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import plain_helper
from billing.models import MoneySettings
from billing.operations.choices import MOST_STALE_DAYS


def _hours(first: int, last: int) -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(first, last + 1)]


class ChoicesForm(forms.Form):
    send_from = forms.TypedChoiceField(
        label=gettext_lazy("Automatic mail leaves from"), choices=_hours(0, 23), coerce=int
    )
    send_until = forms.TypedChoiceField(
        label=gettext_lazy("until"), choices=_hours(1, 24), coerce=int
    )
    thanks = forms.BooleanField(
        label=gettext_lazy("Thank for each payment in full"),
        required=False,
        help_text=gettext_lazy("A short letter when an invoice is paid."),
    )
    resume = forms.ChoiceField(
        label=gettext_lazy("After payment in full, stopped work resumes"),
        choices=MoneySettings.Resume.choices,
        widget=forms.RadioSelect,
    )
    stale_after_days = forms.IntegerField(
        label=gettext_lazy("Wait when nobody looked at payments for so many days"),
        required=False,
        help_text=gettext_lazy(
            "Automatic letters about money wait then, and Today says so. Left empty, they never "
            "wait."
        ),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(
            Layout(
                Div("send_from", "send_until", css_class="pair field"),
                "thanks",
                "resume",
                "stale_after_days",
            )
        )
        whole = _("Expected a whole number of days from 1 to %(most)s, or nothing.") % {
            "most": MOST_STALE_DAYS
        }
        field = self.fields["stale_after_days"]
        field.error_messages["invalid"] = whole
        field.widget.attrs["min"], field.widget.attrs["max"] = 1, MOST_STALE_DAYS
        self.whole = whole

    def clean_stale_after_days(self) -> int | None:
        days: int | None = self.cleaned_data["stale_after_days"]
        if days is not None and not 1 <= days <= MOST_STALE_DAYS:
            raise forms.ValidationError(self.whole)
        return days

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        first, last = found.get("send_from"), found.get("send_until")
        if first is not None and last is not None and last <= first:
            self.add_error(
                "send_until", _("Expected an hour after %(hour)s.") % {"hour": f"{first:02}:00"}
            )
        return found
