from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import CLIENT_LANGUAGES
from offboarding.forms.report import day_input
from offboarding.queries.spans import Span
from offboarding.rules.dossier import Part


class DossierForm(forms.Form):
    """What goes in besides the record, which is always in it."""

    parts = forms.MultipleChoiceField(
        label=_("What goes in"),
        choices=[
            (str(Part.MESSAGES), _("Messages, exactly as they were sent")),
            (str(Part.ANSWERS), _("Questions with every answer and version")),
            (str(Part.INVOICES), _("Invoices, credit notes, a statement of account")),
            (str(Part.REPORTS), _("Reports")),
            (str(Part.FILES), _("Files: items, answers, attachments")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What you leave out is counted in the index."),
    )
    language = forms.ChoiceField(label=_("Language of the index"), choices=CLIENT_LANGUAGES)
    first = forms.DateField(
        label=_("From"),
        required=False,
        widget=day_input(),
        help_text=_("Empty: from the beginning."),
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=day_input(), help_text=_("Empty: until today.")
    )
    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        initial = {"language": language, "parts": list(Part), "once_key": str(uuid4())}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "parts", Div("first", "last", css_class="pair"), "language", "once_key"
        )

    def clean(self) -> dict[str, Any]:
        """The period does not end before it begins."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error(
                "last",
                gettext("%(day)s lies before the first day, %(first)s.")
                % {"day": last.isoformat(), "first": first.isoformat()},
            )
        return cleaned

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])
