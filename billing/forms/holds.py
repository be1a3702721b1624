"""Holding the ladder, sharing out what is open, deciding at its end."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input, plain_helper, read_amount
from billing.models import Hold, Invoice
from billing.operations.plans import MOST, NewInstalment
from clientdesk.calendars import month_day
from clientdesk.money import from_minor
from clientdesk.workspaces.models import validate_one_line

ROWS = 3


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Why"), choices=Hold.Kind.choices)
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("A promise names its day. Left empty, it rests until you lift it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=300,
        validators=[validate_one_line],
    )
    whole_client = forms.BooleanField(
        label=gettext_lazy("For all invoices of this client"), required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = plain_helper(
            Layout(Div("kind", "until", css_class="pair"), "reason", "whole_client")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if cleaned.get("kind") == Hold.Kind.PROMISE and not until and "until" not in self.errors:
            self.add_error("until", _("A promise names the day by which it will be paid."))
        if until and until < self.today:
            self.add_error(
                "until",
                _("%(until)s has passed; expected %(today)s or later.")
                % {"until": until, "today": self.today},
            )
        return cleaned


class RestForm(forms.Form):
    """Why the ladders of several invoices rest, and until when."""

    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("Left empty, they rest until you lift it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, validators=[validate_one_line]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = plain_helper(Layout("until", "reason"))

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(
                _("%(until)s has passed; expected %(today)s or later."),
                params={"until": until, "today": self.today},
            )
        return until


class PlanForm(forms.Form):
    """How an amount is shared out: so many rows, each with a day and an amount."""

    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=300, required=False, validators=[validate_one_line]
    )

    def __init__(
        self, *args: Any, invoice: Invoice, today: date, rows: int = ROWS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invoice, self.today, self.rows = invoice, today, min(max(rows, 1), MOST)
        shares = _shares(invoice.balance_minor, self.rows)
        for n in range(1, self.rows + 1):
            due = forms.DateField(
                label=_("Instalment %(n)s due on") % {"n": n},
                widget=day_input(),
                required=True,
                initial=_months_on(today, n),
            )
            amount = forms.CharField(
                label=_("Amount, %(currency)s") % {"currency": invoice.currency},
                max_length=30,
                required=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
                initial=str(from_minor(shares[n - 1], invoice.currency)),
            )
            self.fields[f"due_{n}"], self.fields[f"amount_{n}"] = due, amount
        pairs = [Div(f"due_{n}", f"amount_{n}", css_class="pair") for n in range(1, self.rows + 1)]
        self.helper = plain_helper(Layout(*pairs, "note"))

    def instalments(self) -> list[NewInstalment]:
        """What was typed; errors stand at their fields. Call it on a valid form."""
        found: list[NewInstalment] = []
        for n in range(1, self.rows + 1):
            due_on, amount = self.cleaned_data[f"due_{n}"], self.cleaned_data[f"amount_{n}"]
            try:
                found.append(NewInstalment(due_on, read_amount(amount, self.invoice.currency)))
            except forms.ValidationError as error:
                self.add_error(f"amount_{n}", error)
        return found


def _shares(total: int, parts: int) -> list[int]:
    """`total` in equal parts; what does not divide goes to the first ones."""
    share, rest = divmod(total, parts)
    return [share + (1 if n < rest else 0) for n in range(parts)]


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return month_day(year, month + 1, day.day)


class ReasonForm(forms.Form):
    """One line that says why; it goes into the record."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, validators=[validate_one_line]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
