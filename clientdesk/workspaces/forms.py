from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.identifiers import checked_iban, checked_tax_id, checked_vat_id
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.reference import countries, currencies, time_zones


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in time_zones()]


def offer_what_stands(form: forms.BaseForm, *names: str) -> None:
    """Let the choices `names` keep what is stored, though nobody would be offered it anew.

    A file may have brought a currency that is history, or a country that is none.
    """
    for name in names:
        field = form.fields[name]
        stored = form.get_initial_for_field(field, name)
        # form.fields are plain Fields to the types; these are ChoiceFields.
        offered = list(field.choices)  # type: ignore[attr-defined]
        if stored and stored not in dict(offered):
            field.choices = [(stored, stored), *offered]  # type: ignore[attr-defined]


def check_numbers(form: forms.ModelForm[Any], cleaned: dict[str, Any]) -> dict[str, Any]:
    """Tax and VAT numbers, by the country chosen in the same form; errors stand at their fields.

    What was there before and was not touched is left as it is: it may have come from a file.
    """
    country = cleaned.get("country", "")
    for name, check in (("tax_id", checked_tax_id), ("vat_id", checked_vat_id)):
        if name in cleaned and {name, "country"} & set(form.changed_data):
            try:
                cleaned[name] = check(cleaned[name], country=country)
            except forms.ValidationError as error:
                form.add_error(name, error)
    return cleaned


class WorkspaceForm(forms.ModelForm[Workspace]):
    """What a new business must say; everything else can wait."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, initial="Europe/Zagreb"
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="HR")
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)

    class Meta:
        model = Workspace
        fields = ("name", "country", "time_zone", "currency", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_what_stands(self, "country", "time_zone", "currency")


class ProfileForm(WorkspaceForm):
    """The business as its letters and invoices show it."""

    class Meta:
        model = Workspace
        fields = (
            "name",
            "sender_name",
            "email",
            "legal_name",
            "address",
            "tax_id",
            "vat_id",
            "iban",
            "country",
            "time_zone",
            "currency",
            "language",
        )

    def clean_iban(self) -> str:
        return checked_iban(self.cleaned_data["iban"])

    def clean(self) -> dict[str, Any]:
        return check_numbers(self, super().clean() or {})


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
