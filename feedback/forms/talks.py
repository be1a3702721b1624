"""The letter about working together, and what came of it."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client, Project
from feedback.forms.asking import bare_helper
from feedback.models import Talk


class TalkForm(forms.ModelForm[Talk]):
    class Meta:
        model = Talk
        fields = ("language", "project", "facts", "proposal", "answer_by")
        widgets = {
            "answer_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "facts": forms.Textarea(attrs={"rows": 7}),
            "proposal": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "facts": gettext_lazy("One a line, from what is recorded. Facts only, no judgement."),
            "proposal": gettext_lazy("What would let you do what they hired you for."),
        }

    def __init__(self, *args: Any, client: Client, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        projects = Project.objects.filter(client=client).order_by("delivered_on", "-started_on")
        # self.fields are plain Fields to the types; this one is a ModelChoiceField.
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        self.fields["language"].label = _("Language")
        self.fields["project"].label = _("Project")
        self.fields["project"].empty_label = _("no project in particular")  # type: ignore[attr-defined]
        self.helper = bare_helper(
            Div("language", "project", css_class="pair"), "facts", "proposal", "answer_by"
        )

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day < self.today:
            raise forms.ValidationError(
                _("%(day)s is past; expected %(today)s or a day after it."),
                params={"day": day, "today": self.today},
            )
        return day


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What was agreed, or what they said. It stays in the record."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("outcome", summary=False)
