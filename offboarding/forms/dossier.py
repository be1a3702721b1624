from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import CLIENT_LANGUAGES
from offboarding.rules.dossier import Part


class DossierForm(forms.Form):
    """What goes in besides the record, which is always in it."""

    parts = forms.MultipleChoiceField(
        label=_("What goes in"),
        choices=[
            (str(Part.MESSAGES), _("Messages, exactly as they were sent")),
            (str(Part.INVOICES), _("Invoices, credit notes, statements")),
            (str(Part.REPORTS), _("Reports")),
            (str(Part.FILES), _("Files: items, answers, attachments")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What you leave out is counted in the index."),
    )
    language = forms.ChoiceField(label=_("Language of the index"), choices=CLIENT_LANGUAGES)
    once_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        initial = {"language": language, "parts": list(Part), "once_key": str(uuid4())}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("parts", "language", "once_key")
