"""Taking an invoice back, and how documents are numbered."""

from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input, plain_helper
from billing.models import MoneySettings, Series
from clientdesk.workspaces.models import validate_one_line


class CreditForm(forms.Form):
    """The head of a credit note; its lines are the invoice's, changed as they need to be."""

    issued_on = forms.DateField(label=gettext_lazy("Date"), widget=day_input())
    reason = forms.CharField(
        label=gettext_lazy("Reason, as the client reads it"),
        max_length=300,
        validators=[validate_one_line],
    )
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once_key"].initial = uuid4().hex
        self.helper = plain_helper(Layout(Div("issued_on", "reason", css_class="pair"), "once_key"))


class SeriesForm(forms.ModelForm[Series]):
    class Meta:
        model = Series
        fields = ("kind", "code", "pattern", "is_default")
        help_texts = {
            "code": gettext_lazy("A short name for yourself, e.g. 2 or shop."),
            "pattern": gettext_lazy(
                "{n} counts, {n:3} with three digits, {year} and {yy} write the year; "
                "e.g. {year}-{n:3}, or {n}/1/1 for number, premises and device."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(
            Layout(Div("kind", "code", css_class="pair"), "pattern", "is_default")
        )


class InvoicingForm(forms.ModelForm[MoneySettings]):
    """What new invoices say of VAT, and the small print."""

    vat_rate = forms.DecimalField(
        label=gettext_lazy("VAT % on new lines"),
        max_digits=5,
        decimal_places=2,
        required=False,
        min_value=0,
        max_value=100,
    )

    class Meta:
        model = MoneySettings
        fields = ("vat_category", "vat_note", "legal_note")
        help_texts = {
            "vat_note": gettext_lazy("Left empty, the usual words of your country stand there."),
            "legal_note": gettext_lazy("At the foot of every invoice: register, court, owner."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_rate"].initial = self.instance.vat_bp / 100 or None
        self.helper = plain_helper(
            Layout(Div("vat_category", "vat_rate", css_class="pair"), "vat_note", "legal_note")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rate = cleaned.get("vat_rate") or 0
        if rate and cleaned.get("vat_category") != "S":
            self.add_error(
                "vat_rate",
                gettext_lazy("A rate goes with VAT only; expected nothing here."),
            )
        # The row's own column, for the check that the database makes as well.
        self.instance.vat_bp = int(rate * 100)
        return cleaned
