"""Money as typed by a person: amounts in the currency of the document, read back in minor units."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms.common import day_input, plain_helper, read_amount
from billing.models import Invoice, LineBase, MoneySettings, Series, VatCategory
from billing.operations.drafts import Heading, NewLine
from clientdesk.money import from_minor
from clientdesk.workspaces.forms import offer_what_stands
from clientdesk.workspaces.models import validate_one_line
from clientdesk.workspaces.reference import currencies
from clients.models import Client, Project

LINES_SHOWN, LINES_AT_MOST = 4, 200


class ProjectChoice(forms.ModelChoiceField[Project]):
    """A project with its client's name: the list is for all clients, as no script narrows it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.client.name}: {obj.name}"


class DraftForm(forms.Form):
    """The head of an invoice."""

    client = forms.ModelChoiceField(queryset=Client.objects.none(), label=gettext_lazy("Client"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)
    description = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        validators=[validate_one_line],
    )
    delivered_from = forms.DateField(
        label=gettext_lazy("Delivered from"), widget=day_input(), required=False
    )
    delivered_until = forms.DateField(
        label=gettext_lazy("Delivered until"), widget=day_input(), required=False
    )
    buyer_reference = forms.CharField(
        label=gettext_lazy("The client’s order number"),
        max_length=60,
        required=False,
        validators=[validate_one_line],
    )
    series = forms.ChoiceField(label=gettext_lazy("Number series"), required=False)
    project = ProjectChoice(
        queryset=Project.objects.none(), label=gettext_lazy("Project"), required=False
    )
    stops = forms.ChoiceField(
        label=gettext_lazy("If it stays unpaid, it stops"),
        choices=Invoice.Stops.choices,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note on the invoice"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_what_stands(self, "currency")
        client, project = self.fields["client"], self.fields["project"]
        # self.fields are plain Fields to the types; these are choices.
        client.queryset = Client.objects.active().order_by("name")  # type: ignore[attr-defined]
        project.queryset = (  # type: ignore[attr-defined]
            Project.objects.filter(delivered_on=None, client__archived_at=None)
            .select_related("client")
            .order_by("client__name", "name")
        )
        codes = list(
            Series.objects.filter(kind=Series.Kind.INVOICE)
            .order_by("-is_default", "code")
            .values_list("code", flat=True)
        )
        self.fields["series"].choices = [("", "")] + [(code, code) for code in codes]  # type: ignore[attr-defined]
        more = ["buyer_reference"]
        if len(codes) > 1:
            more.append("series")
        else:
            del self.fields["series"]
        self.fields["once_key"].initial = uuid4().hex
        self.helper = plain_helper(
            Layout(
                Div("client", "currency", css_class="pair"),
                "description",
                Div("delivered_from", "delivered_until", css_class="pair"),
                Div("project", "stops", css_class="pair"),
                Div(*more, css_class="pair"),
                "note",
                "once_key",
            )
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("delivered_from"), cleaned.get("delivered_until")
        if first and last and last < first:
            self.add_error(
                "delivered_until",
                _("%(last)s lies before its beginning; expected %(first)s or later.")
                % {"last": last, "first": first},
            )
        project = cleaned.get("project")
        if project and cleaned.get("client") and project.client_id != cleaned["client"].pk:
            self.add_error(
                "project",
                _("%(name)s is a project of another client.") % {"name": project.name},
            )
        if cleaned.get("stops") == Invoice.Stops.PROJECT and not project:
            self.add_error("stops", _("Choose the project whose work would stop."))
        return cleaned

    def heading(self) -> Heading:
        """What was typed above and below the lines. Call it on a valid form."""
        cleaned = self.cleaned_data
        return Heading(
            description=cleaned["description"],
            project=cleaned["project"],
            stops=cleaned["stops"] or Invoice.Stops.CLIENT,
            delivered_from=cleaned["delivered_from"],
            delivered_until=cleaned["delivered_until"],
            buyer_reference=cleaned["buyer_reference"],
            note=cleaned["note"],
            series=cleaned.get("series", ""),
        )


def head_initial(invoice: Invoice) -> dict[str, Any]:
    """The head of a draft as the form shows it."""
    names = (
        "currency", "description", "delivered_from", "delivered_until", "buyer_reference",
        "series", "stops", "note",
    )  # fmt: skip
    head = {name: getattr(invoice, name) for name in names}
    return {**head, "client": invoice.client_id, "project": invoice.project_id}


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
    discount = forms.DecimalField(
        label=gettext_lazy("Discount %"),
        max_digits=5,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )
    vat_rate = forms.DecimalField(
        label=gettext_lazy("VAT %"),
        max_digits=5,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )
    vat_category = forms.ChoiceField(
        label=gettext_lazy("Kind of VAT"),
        choices=[("", gettext_lazy("as the rate says")), *VatCategory.choices],
        required=False,
    )
    vat_note = forms.CharField(
        label=gettext_lazy("Legal note, if there is no VAT"),
        max_length=300,
        required=False,
        validators=[validate_one_line],
    )
    detail = forms.CharField(
        label=gettext_lazy("More about it"),
        max_length=300,
        required=False,
        validators=[validate_one_line],
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
            detail=cleaned["detail"],
            quantity=cleaned["quantity"] or Decimal(1),
            unit=cleaned["unit"],
            price_minor=price,
            discount=cleaned["discount"] or Decimal(0),
            vat_rate=cleaned["vat_rate"] or Decimal(0),
            vat_category=cleaned["vat_category"],
            vat_note=cleaned["vat_note"],
        )


Lines = forms.BaseFormSet[LineForm]
LineFormSet: type[Lines] = forms.formset_factory(
    LineForm, extra=0, min_num=LINES_SHOWN, max_num=LINES_AT_MOST
)


def _plain(hundredths: int) -> Decimal:
    return (Decimal(hundredths) / 100).normalize()


def vat_initial(chosen: MoneySettings) -> dict[str, Any]:
    """What a new line says of VAT, as the owner has chosen."""
    if not chosen.vat_bp and chosen.vat_category == VatCategory.STANDARD:
        return {}
    return {
        "vat_rate": _plain(chosen.vat_bp),
        "vat_category": "" if chosen.vat_bp else chosen.vat_category,
        "vat_note": chosen.vat_note,
    }


def line_initial(lines: Iterable[LineBase], currency: str) -> list[dict[str, Any]]:
    """Lines as a person would type them."""
    return [
        {
            "description": line.description,
            "detail": line.detail,
            "quantity": (Decimal(line.quantity_milli) / 1000).normalize(),
            "unit": line.unit,
            "price": str(from_minor(line.price_minor, currency)),
            "discount": _plain(line.discount_bp) if line.discount_bp else None,
            "vat_rate": _plain(line.vat_bp),
            "vat_category": "" if line.vat_bp else line.vat_category,
            "vat_note": line.vat_note,
        }
        for line in lines
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
