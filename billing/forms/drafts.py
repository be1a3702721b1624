"""Money as typed by a person: amounts in the currency of the document, read back in minor units."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input, plain_helper, read_amount
from billing.models import Invoice
from billing.operations.drafts import NewLine
from clientdesk.money import from_minor
from clientdesk.workspaces.models import validate_one_line
from clientdesk.workspaces.reference import CURRENCIES
from clients.models import Client

LINES_SHOWN, LINES_AT_MOST = 4, 200


class DraftForm(forms.Form):
    """The head of an invoice."""

    client = forms.ModelChoiceField(queryset=Client.objects.none(), label=gettext_lazy("Client"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES)
    description = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        validators=[validate_one_line],
    )
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["client"]
        # self.fields are plain Fields to the types; this one is a ModelChoiceField.
        field.queryset = Client.objects.active().order_by("name")  # type: ignore[attr-defined]
        self.fields["once_key"].initial = uuid4().hex
        self.helper = plain_helper(
            Layout(Div("client", "currency", css_class="pair"), "description", "once_key")
        )


class LineForm(forms.Form):
    description = forms.CharField(
        label=gettext_lazy("What"),
        max_length=300,
        required=False,
        validators=[validate_one_line],
    )
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"),
        max_digits=12,
        decimal_places=3,
        initial=Decimal(1),
        required=False,
        validators=[MinValueValidator(Decimal("0.001"))],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=20,
        required=False,
        validators=[validate_one_line],
    )
    price = forms.CharField(
        label=gettext_lazy("Price"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )
    vat_rate = forms.DecimalField(
        label=gettext_lazy("VAT %"),
        max_digits=5,
        decimal_places=2,
        initial=Decimal(0),
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            classes = f"ctl {field.widget.attrs.get('class', '')}".strip()
            field.widget.attrs["class"] = classes

    def is_blank(self) -> bool:
        return not (self["description"].value() or self["price"].value())

    def read(self, currency: str) -> NewLine | None:
        """The line, None where it was left blank; errors stand at their fields."""
        if not self.is_valid() or self.is_blank():
            return None
        cleaned = self.cleaned_data
        if not cleaned["description"]:
            self.add_error("description", _("Say what this line is for."))
        try:
            price = read_amount(cleaned["price"], currency)
        except forms.ValidationError as error:
            self.add_error("price", error)
        if self.errors:
            return None
        return NewLine(
            description=cleaned["description"],
            quantity=cleaned["quantity"] or Decimal(1),
            unit=cleaned["unit"],
            price_minor=price,
            vat_rate=cleaned["vat_rate"] or Decimal(0),
        )


Lines = forms.BaseFormSet[LineForm]
LineFormSet: type[Lines] = forms.formset_factory(
    LineForm, extra=0, min_num=LINES_SHOWN, max_num=LINES_AT_MOST
)


def line_initial(invoice: Invoice) -> list[dict[str, Any]]:
    """The lines of a draft as a person would type them."""
    return [
        {
            "description": line.description,
            "quantity": (Decimal(line.quantity_milli) / 1000).normalize(),
            "unit": line.unit,
            "price": str(from_minor(line.price_minor, invoice.currency)),
            "vat_rate": (Decimal(line.vat_bp) / 100).normalize(),
        }
        for line in invoice.lines.all()
    ]


def read_lines(forms_: Sequence[LineForm], currency: str) -> list[NewLine]:
    return [line for form in forms_ if (line := form.read(currency)) is not None]


class IssueForm(forms.Form):
    issued_on = forms.DateField(label=gettext_lazy("Invoice date"), widget=day_input())
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("Left empty, it follows the agreement."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(Layout(Div("issued_on", "due_on", css_class="pair")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        issued_on, due_on = cleaned.get("issued_on"), cleaned.get("due_on")
        if issued_on and due_on and due_on < issued_on:
            self.add_error(
                "due_on",
                _("%(due)s lies before the invoice date; expected %(issued)s or later.")
                % {"due": due_on, "issued": issued_on},
            )
        return cleaned
