from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.workspaces.brand import (
    CONTRAST,
    LOGO_BYTES,
    ColourRefused,
    LogoRefused,
    checked_colour,
    checked_logo,
)

OURS = "#0B6158"


class BrandForm(forms.Form):
    """One colour and a logo for the papers."""

    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy("For the rule at the top and section numbers; dark enough to read."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("PNG or JPEG, at most 1 MB. It stands where your name stands now."),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Without a logo"), required=False)

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_logo:
            del self.fields["no_logo"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def clean_accent(self) -> str:
        text = str(self.cleaned_data["accent"])
        try:
            return checked_colour(text)
        except ColourRefused as refused:
            if not refused.contrast:
                raise ValidationError(
                    _("%(value)s is no colour; expected one such as #0B6158.") % {"value": text}
                ) from refused
            raise ValidationError(
                _("%(value)s has a contrast of %(contrast)s on white; expected at least %(least)s.")
                % {
                    "value": text,
                    "contrast": f"{refused.contrast:.1f}",
                    "least": f"{CONTRAST:.1f}",
                }
            ) from refused

    def clean_logo(self) -> bytes | None:
        upload: File[bytes] | None = self.cleaned_data.get("logo")
        if upload is None:
            return None
        try:
            return checked_logo(upload.read(LOGO_BYTES + 1))
        except LogoRefused as refused:
            raise ValidationError(
                _("This is no PNG or JPEG picture of at most 1 MB and 4 million pixels.")
            ) from refused
