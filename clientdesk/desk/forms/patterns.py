from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import validate_one_line


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it says nothing about this client"),
        max_length=300,
        validators=[validate_one_line],
        help_text=_("It stays in the record, with your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("reason")
