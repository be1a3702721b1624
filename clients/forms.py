"""Forms of clients and what belongs to them, laid out by crispy."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.money import AmountInvalid, from_minor, parse_amount
from clientdesk.workspaces.forms import check_numbers, offer_what_stands
from clientdesk.workspaces.models import validate_one_line
from clientdesk.workspaces.reference import countries, currencies
from clients.models import (
    Agreement,
    Client,
    Contact,
    Interaction,
    ManagedAccount,
    Project,
    Result,
    Stop,
)
from clients.operations.clients import NAMESAKE


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def helper(*fields: Any) -> FormHelper:
    crispy = FormHelper()
    crispy.form_tag = False
    crispy.disable_csrf = True
    if fields:
        crispy.layout = Layout(*fields)
    return crispy


def pair(*fields: str) -> Div:
    return Div(*fields, css_class="pair")


class ClientForm(forms.ModelForm[Client]):
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        choices=lambda: [("", _("not known")), *countries()],
        help_text=gettext_lazy("Its public holidays decide when letters go out."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)

    class Meta:
        model = Client
        fields = (
            "name", "reference", "country", "language", "currency", "address", "tax_id", "vat_id",
            "note",
        )  # fmt: skip
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].required = False
        offer_what_stands(self, "country", "currency")
        self.helper = helper(
            "name",
            pair("reference", "currency"),
            pair("country", "language"),
            "address",
            pair("tax_id", "vat_id"),
            "note",
        )

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        taken = Client.objects.filter(reference=reference).exclude(pk=self.instance.pk)
        if reference and taken.exists():
            raise forms.ValidationError(_("Another client has this reference already."))
        return reference or self.instance.reference

    def clean(self) -> dict[str, Any]:
        return check_numbers(self, super().clean() or {})


class NewClientForm(ClientForm):
    namesake: Client | None = None
    contact_name = forms.CharField(
        label=gettext_lazy("Person there"),
        max_length=120,
        required=False,
        validators=[validate_one_line],
    )
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail"),
        required=False,
        help_text=gettext_lazy("Letters go here; without it nothing goes out by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "name",
            pair("contact_name", "email"),
            pair("country", "language"),
            pair("currency", "reference"),
        )
        for field in ("address", "tax_id", "vat_id", "note"):
            del self.fields[field]

    def clean_name(self) -> str:
        """Two clients of one name could not be told apart; it may also be a form sent twice."""
        name: str = self.cleaned_data["name"]
        self.namesake = Client.objects.active().filter(name=name).first()
        if self.namesake:
            raise forms.ValidationError(NAMESAKE)
        return name


class ContactForm(forms.ModelForm[Contact]):
    class Meta:
        model = Contact
        fields = ("name", "email", "phone", "role", "is_primary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(pair("name", "role"), pair("email", "phone"), "is_primary")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and not cleaned.get("email"):
            self.add_error("name", _("Expected a name or an e-mail address."))
        if cleaned.get("is_primary") and not cleaned.get("email"):
            self.add_error("email", _("Letters need an address to go to."))
        return cleaned

    def validate_constraints(self) -> None:
        """One primary contact a client: the operation moves the mark before it saves."""


class AgreementForm(forms.ModelForm[Agreement]):
    rate = forms.CharField(
        label=gettext_lazy("Hourly rate"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "r"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)

    class Meta:
        model = Agreement
        fields = (
            "valid_from", "payment", "payment_days", "payment_day", "answer_days", "rounds",
            "currency", "late_terms",
        )  # fmt: skip
        widgets = {
            "valid_from": day_input(),
            "payment": forms.RadioSelect,
            "late_terms": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_what_stands(self, "currency")
        if self.instance.hourly_rate_minor is not None:
            self.fields["rate"].initial = str(
                from_minor(self.instance.hourly_rate_minor, self.instance.currency)
            )
        self.helper = helper(
            "valid_from",
            "payment",
            pair("payment_days", "payment_day"),
            pair("answer_days", "rounds"),
            pair("rate", "currency"),
            "late_terms",
        )

    def clean_payment_day(self) -> int | None:
        day: int | None = self.cleaned_data["payment_day"]
        if day is not None and not 1 <= day <= 31:
            raise forms.ValidationError(
                _("%(day)s is no day of the month; expected 1 to 31.") % {"day": day}
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("payment") == Agreement.Payment.DAY_OF_MONTH and (
            "payment_day" not in self.errors and cleaned.get("payment_day") is None
        ):
            self.add_error("payment_day", _("Expected a day of the month, 1 to 31."))
        cleaned["hourly_rate_minor"] = None
        if cleaned.get("rate"):
            text = cleaned["rate"]
            try:
                cleaned["hourly_rate_minor"] = parse_amount(
                    text,
                    cleaned.get("currency", "EUR"),
                    decimal_comma=text.rfind(",") > text.rfind("."),
                )
            except AmountInvalid as error:
                self.add_error("rate", str(error))
        return cleaned


class ProjectForm(forms.ModelForm[Project]):
    class Meta:
        model = Project
        fields = ("name", "description", "started_on", "delivery_on", "delivered_on")
        widgets = {
            "started_on": day_input(),
            "delivery_on": day_input(),
            "delivered_on": day_input(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = pair("started_on", "delivery_on")
        if self.instance.delivered_on is None:
            # Work under way is delivered by its own button; only a wrong day is corrected here.
            del self.fields["delivered_on"]
            self.helper = helper("name", "description", days)
        else:
            self.fields["delivered_on"].help_text = _("Empty: it is under way again.")
            self.helper = helper("name", "description", days, "delivered_on")


class AccountForm(forms.ModelForm[ManagedAccount]):
    class Meta:
        model = ManagedAccount
        fields = (
            "platform",
            "handle",
            "access_needed",
            "access_given",
            "given_on",
            "handed_over_on",
        )
        widgets = {"given_on": day_input(), "handed_over_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            pair("platform", "handle"),
            pair("access_needed", "access_given"),
            pair("given_on", "handed_over_on"),
        )


class ResultForm(forms.ModelForm[Result]):
    class Meta:
        model = Result
        fields = ("metric", "unit", "before", "after", "measured_on", "project", "note")
        widgets = {"measured_on": day_input(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.label = _("Project")
        field.queryset, field.empty_label = client.projects.all(), _("of none in particular")
        self.helper = helper(
            pair("metric", "unit"), pair("before", "after"), pair("measured_on", "project"), "note"
        )


class InteractionForm(forms.ModelForm[Interaction]):
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    class Meta:
        model = Interaction
        fields = (
            "kind", "happened_at", "summary", "body", "minutes", "follow_up_on", "tags", "project",
            "despite_stop",
        )  # fmt: skip
        widgets = {
            "happened_at": moment_input(),
            "follow_up_on": day_input(),
            "body": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, client: Client | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = client.projects.all() if client else Project.objects.none()
        field: Any = self.fields["project"]
        field.label = _("Project")
        field.queryset, field.empty_label = projects, _("of none in particular")
        if not (self.instance.despite_stop or self.data.get("despite_stop")):
            self.fields["despite_stop"].widget = forms.HiddenInput()
        if not self.instance.pk:
            self.fields["once_key"].initial = uuid4().hex
        self.helper = helper(
            pair("kind", "happened_at"),
            "summary",
            "despite_stop",
            "body",
            pair("minutes", "follow_up_on"),
            pair("tags", "project"),
            "once_key",
        )

    def ask_why(self) -> None:
        """Show the field for the reason of work on a stopped day."""
        self.fields["despite_stop"].widget = forms.TextInput()

    def clean_happened_at(self) -> datetime:
        """The field shows no seconds; left alone, it leaves those of the entry alone."""
        happened_at: datetime = self.cleaned_data["happened_at"]
        before = self.instance.happened_at if self.instance.pk else None
        if before and before.replace(second=0, microsecond=0) == happened_at:
            return before
        return happened_at


class LogForm(InteractionForm):
    """The quick log, read and open to correction."""

    client = forms.ModelChoiceField(
        queryset=Client.objects.none(),
        label=gettext_lazy("Client"),
        empty_label=gettext_lazy("which client?"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, client=None, **kwargs)
        field = self.fields["client"]
        # self.fields are plain Fields to the types; this one is a ModelChoiceField.
        field.queryset = Client.objects.active().order_by("name")  # type: ignore[attr-defined]
        del self.fields["project"]
        self.helper = helper(
            pair("client", "kind"),
            "summary",
            "despite_stop",
            "body",
            pair("happened_at", "minutes"),
            pair("follow_up_on", "tags"),
            "once_key",
        )


class StopForm(forms.Form):
    project = forms.ModelChoiceField(
        queryset=Project.objects.none(),
        required=False,
        label=gettext_lazy("What rests"),
        empty_label=gettext_lazy("all work for the client"),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Stop.Reason.choices)
    cause = forms.CharField(
        label=gettext_lazy("Because of"),
        max_length=200,
        validators=[validate_one_line],
        help_text=gettext_lazy("The invoice number, the question, or your own words."),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.queryset = client.projects.filter(delivered_on=None)
        self.helper = helper()


class ResumeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why work goes on"), max_length=200, validators=[validate_one_line]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class AttachForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()
