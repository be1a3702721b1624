from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership


class MailForm(forms.ModelForm[Membership]):
    """What one member gets by mail. Answers are told to owners only."""

    class Meta:
        model = Membership
        fields = ("daily_mail", "answer_mail")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.role != Role.OWNER:
            del self.fields["answer_mail"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)
