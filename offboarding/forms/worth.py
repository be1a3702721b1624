"""The period that is looked at, and what the next 90 days are taken to be like."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.money import from_minor, to_minor

LONGEST = timedelta(days=366 * 10)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "ctl"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From"), widget=_day())
    last = forms.DateField(label=gettext_lazy("To"), widget=_day())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("The period ends before it begins."))
        if first and last and last - first > LONGEST:
            self.add_error("first", _("Expected at most ten years."))
        return cleaned

    def period(self, otherwise: tuple[date, date]) -> tuple[date, date]:
        if not self.is_valid():
            return otherwise
        return self.cleaned_data["first"], self.cleaned_data["last"]


class AssumptionsForm(forms.Form):
    hours = forms.DecimalField(
        label=gettext_lazy("Hours for this client in 90 days"), min_value=0, max_value=2_000
    )
    paid = forms.IntegerField(
        label=gettext_lazy("Of what came in, comes in again, in per cent"),
        min_value=0,
        max_value=200,
    )
    elsewhere = forms.DecimalField(
        label=gettext_lazy("An hour with others brings"), min_value=0, max_value=1_000_000
    )
    filled = forms.IntegerField(
        label=gettext_lazy("Of the freed hours others take, in per cent"),
        min_value=0,
        max_value=100,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        for field in self.fields.values():
            field.widget.attrs["class"] = "ctl num"

    @staticmethod
    def initial_of(minutes: int, rate: int, currency: str) -> dict[str, Any]:
        return {
            "hours": round(minutes / 60, 1),
            "paid": 100,
            "elsewhere": from_minor(rate, currency),
            "filled": 50,
        }

    @property
    def rate(self) -> int:
        return to_minor(self.cleaned_data["elsewhere"], self.currency)
