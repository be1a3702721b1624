"""Money that came in, as typed by a person."""

from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.forms.common import day_input, plain_helper, read_amount
from billing.models import Invoice
from clientdesk.money import format_money, from_minor
from clientdesk.workspaces.models import validate_one_line


class PaymentForm(forms.Form):
    paid_on = forms.DateField(label=gettext_lazy("Paid on"), widget=day_input())
    amount = forms.CharField(
        max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"})
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=120,
        required=False,
        validators=[validate_one_line],
    )
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, invoice: Invoice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice, self.today = invoice, today
        self.fields["paid_on"].initial = today
        self.fields["amount"].initial = str(from_minor(invoice.balance_minor, invoice.currency))
        self.fields["amount"].label = _("Amount, %(currency)s") % {"currency": invoice.currency}
        self.fields["once_key"].initial = uuid4().hex
        self.helper = plain_helper(
            Layout(Div("paid_on", "amount", css_class="pair"), "reference", "once_key")
        )

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > self.today:
            raise forms.ValidationError(
                _("%(day)s is still to come; expected today or a day before.") % {"day": day}
            )
        return day

    def clean_amount(self) -> int:
        amount = read_amount(self.cleaned_data["amount"], self.invoice.currency)
        if amount <= 0:
            raise forms.ValidationError(_("A payment is more than nothing."))
        if amount > self.invoice.balance_minor:
            raise forms.ValidationError(
                _("%(paid)s is more than what is open; expected at most %(open)s.")
                % {
                    "paid": format_money(amount, self.invoice.currency, get_language() or "en"),
                    "open": format_money(
                        self.invoice.balance_minor, self.invoice.currency, get_language() or "en"
                    ),
                }
            )
        return amount
