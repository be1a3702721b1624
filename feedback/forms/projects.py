from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Contact, Project
from feedback.models import MissedChance, ProjectShare, Request


def _helper(*fields: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


class ChanceForm(forms.ModelForm[MissedChance]):
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    file = forms.FileField(
        label=_("A file that shows it"),
        required=False,
        help_text=_("A picture of the offer, the organiser’s mail. Not shown to the client."),
    )

    class Meta:
        model = MissedChance
        fields = ("title", "missed_on", "request", "evidence")
        widgets = {
            "missed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "evidence": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {"request": _("For want of")}
        help_texts = {
            "title": _("Easter campaign not run."),
            "evidence": _("What it needed and by when, what it would have brought, who saw it."),
        }

    def __init__(self, *args: Any, project: Project, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        asked = Request.objects.filter(project=project).exclude(state=Request.State.DRAFT)
        # self.fields are plain Fields to the types; this one is a ModelChoiceField.
        self.fields["request"].queryset = asked  # type: ignore[attr-defined]
        self.fields["request"].empty_label = _("no request in particular")  # type: ignore[attr-defined]
        self.fields["once_key"].initial = uuid4().hex
        self.helper = _helper(
            "title", Div("missed_on", "request", css_class="pair"), "evidence", "file", "once_key"
        )

    def clean_missed_on(self) -> date:
        day: date = self.cleaned_data["missed_on"]
        if day > self.today:
            raise forms.ValidationError(
                _("%(day)s is still to come; expected %(today)s or a day before it."),
                params={"day": day, "today": self.today},
            )
        return day


class ShareForm(forms.ModelForm[ProjectShare]):
    class Meta:
        model = ProjectShare
        fields = ("shows_requests", "shows_clock", "shows_forecast", "shows_chances")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(*self.Meta.fields)


class LinkForm(forms.Form):
    """To whom a link is made, of the client's people."""

    email = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(client=project.client_id).exclude(email="")
        field = self.fields["email"]
        # Likewise a ChoiceField.
        field.choices = [  # type: ignore[attr-defined]
            (one.email, f"{one.name}, {one.email}" if one.name else one.email)
            for one in people.order_by("-is_primary", "name", "pk")
        ]
        self.helper = _helper("email")
