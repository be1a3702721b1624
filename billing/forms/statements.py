from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms.common import day_input, plain_helper
from clientdesk.workspaces.models import CLIENT_LANGUAGES


class StatementForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=day_input())
    until = forms.DateField(label=_("Until"), widget=day_input())
    language = forms.ChoiceField(label=_("Language"), choices=CLIENT_LANGUAGES)
    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, since: date, today: date, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        # A key for this page: sent twice, it is one statement.
        self.initial = {
            "since": since, "until": today, "language": language, "once_key": uuid4().hex,
        }  # fmt: skip
        self.helper = plain_helper(
            Layout("once_key", Row(Column("since"), Column("until"), Column("language")))
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until > self.today:
            self.add_error("until", _("The statement ends today at the latest."))
        elif since and until and until < since:
            self.add_error("until", _("The period cannot end before it begins."))
        return cleaned
