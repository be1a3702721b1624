import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.identifiers import checked_iban, checked_tax_id, checked_vat_id
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.reference import COUNTRIES, CURRENCIES


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


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
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="HR")
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)

    class Meta:
        model = Workspace
        fields = ("name", "country", "time_zone", "currency", "language")


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
