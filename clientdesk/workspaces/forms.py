import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.reference import COUNTRIES, CURRENCIES


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


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


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
