from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Project
from feedback.models import Request


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RequestForm(forms.ModelForm[Request]):
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    class Meta:
        model = Request
        fields = ("client", "kind", "title", "detail", "project", "answer_by")
        widgets = {"answer_by": _day_input(), "detail": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # self.fields are plain Fields to the types; this one is a ModelChoiceField.
        self.fields["client"].queryset = Client.objects.active().order_by("name")  # type: ignore[attr-defined]
        projects = Project.objects.filter(delivered_on=None).select_related("client")
        if client is not None:
            projects = projects.filter(client=client)
        field = self.fields["project"]
        # Likewise.
        field.queryset = projects  # type: ignore[attr-defined]
        field.label_from_instance = lambda p: f"{p.client.name}: {p.name}"  # type: ignore[attr-defined]
        self.fields["once_key"].initial = uuid4().hex
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("client", "kind", css_class="pair"),
            "title",
            "detail",
            Div("project", "answer_by", css_class="pair"),
            "once_key",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        project, client = cleaned.get("project"), cleaned.get("client")
        if project and client and project.client_id != client.pk:
            self.add_error("project", _("This project belongs to another client."))
        return cleaned


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("What they said"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    answered_on = forms.DateField(label=_("On"), widget=_day_input())

    def __init__(self, *args: Any, asked_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_on, self.today = asked_on, today
        self.fields["answered_on"].initial = today

    def clean_answered_on(self) -> date:
        day: date = self.cleaned_data["answered_on"]
        if not self.asked_on <= day <= self.today:
            raise forms.ValidationError(
                _("%(day)s is not possible; expected a day from %(first)s to %(last)s."),
                params={"day": day, "first": self.asked_on, "last": self.today},
            )
        return day
