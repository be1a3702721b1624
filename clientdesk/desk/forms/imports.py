from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms import helper

MEGABYTE = 1024 * 1024
# The dry run must fit into a request; more comes in with the command import_csv.
LARGEST = 5 * MEGABYTE
KINDS = [
    ("clients", gettext_lazy("Clients")),
    ("invoices", gettext_lazy("Invoices")),
    ("payments", gettext_lazy("Payments")),
    ("interactions", gettext_lazy("Entries of the log")),
]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"), choices=KINDS, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("At most 5 MB; larger files come in with the command import_csv."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                _("The file has %(size)s MB; expected at most %(most)s MB."),
                params={
                    "size": -(-(file.size or 0) // MEGABYTE),
                    "most": LARGEST // MEGABYTE,
                },
            )
        return file
