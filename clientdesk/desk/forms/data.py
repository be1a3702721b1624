from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client


class ExportForm(forms.Form):
    """Nothing to choose: an export is everything."""

    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"once_key": str(uuid4())}, **kwargs})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("once_key")


class EraseForm(forms.Form):
    """What cannot be undone is typed, not clicked."""

    reason = forms.CharField(
        label=gettext_lazy("Who asked for it, and when"),
        max_length=300,
        help_text=gettext_lazy(
            "Stays in the record, without the client's name if you leave it out."
        ),
    )
    name = forms.CharField(label=gettext_lazy("The client's name, to confirm"), max_length=160)

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("reason", "name")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if name.casefold() != self.client.name.casefold():
            raise ValidationError(
                _("Here stands “%(name)s”; expected “%(expected)s”.")
                % {"name": name, "expected": self.client.name}
            )
        return name
