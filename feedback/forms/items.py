"""The items of a request as they are typed: a title, a text, a picture, a day, a channel."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.documents.models import Document
from clientdesk.documents.operations import UPLOAD_LIMIT
from clientdesk.documents.sniffing import sniff
from clientdesk.workspaces.models import validate_one_line
from feedback.forms.asking import day_input
from feedback.models import Version
from feedback.operations.putting import PICTURE, TypedItem

ITEMS_SHOWN, ITEMS_AT_MOST = 2, 60


class ItemForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=160, required=False, validators=[validate_one_line]
    )
    channel = forms.CharField(
        label=gettext_lazy("Channel"), max_length=80, required=False,
        validators=[validate_one_line],
    )  # fmt: skip
    planned_on = forms.DateField(
        label=gettext_lazy("Planned for"), widget=day_input(), required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    picture = forms.FileField(
        label=gettext_lazy("Picture"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )  # fmt: skip
    kept = forms.IntegerField(widget=forms.HiddenInput, required=False)
    without = forms.BooleanField(label=gettext_lazy("without this picture"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "channel", "planned_on", "text", "picture"):
            attrs = self.fields[name].widget.attrs
            attrs["class"] = f"ctl {attrs.get('class', '')}".strip()

    def clean_picture(self) -> UploadedFile[bytes] | None:
        upload: UploadedFile[bytes] | None = self.cleaned_data["picture"]
        if upload is None:
            return None
        name, size = upload.name or "", upload.size or 0
        if size > UPLOAD_LIMIT:
            raise forms.ValidationError(
                _("“%(name)s” has %(size)s MB; a picture has at most %(limit)s MB."),
                params={
                    "name": name,
                    "size": f"{size / 1_048_576:.1f}",
                    "limit": UPLOAD_LIMIT // 1_048_576,
                },
            )
        head = upload.read(1_024)
        upload.seek(0)
        if not (sniff(head, name) or "").startswith("image/"):
            raise forms.ValidationError(
                _("“%(name)s” cannot be shown in a browser; send it as JPEG or PNG."),
                params={"name": name},
            )
        return upload

    def clean_kept(self) -> Document | None:
        pk = self.cleaned_data["kept"]
        return Document.objects.filter(pk=pk, kind=PICTURE).first() if pk else None

    def is_blank(self) -> bool:
        return not (
            self["title"].value() or self["text"].value() or self["picture"].value()
            or self["kept"].value()
        )  # fmt: skip

    @property
    def shown_picture(self) -> int | None:
        """The id of the picture that the item has already."""
        value = self["kept"].value()
        return int(value) if str(value or "").isdecimal() else None

    def read(self, number: int) -> TypedItem | None:
        """The item, None where it was left blank; errors stand at their fields."""
        if not self.is_valid() or self.is_blank():
            return None
        cleaned = self.cleaned_data
        title = cleaned["title"]
        if not title:
            # A text or a picture says enough; the client reads "Item 2" above it.
            title = _("Item %(n)s") % {"n": number}
        return TypedItem(
            title=title,
            text=cleaned["text"].replace("\r\n", "\n"),
            planned_on=cleaned["planned_on"],
            channel=cleaned["channel"],
            upload=cleaned["picture"],
            kept=None if cleaned["without"] else cleaned["kept"],
        )


Items = forms.BaseFormSet[ItemForm]
ItemFormSet: type[Items] = forms.formset_factory(
    ItemForm, extra=0, min_num=ITEMS_SHOWN, max_num=ITEMS_AT_MOST, absolute_max=ITEMS_AT_MOST
)


def item_initial(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Items as a person would type them."""
    return [
        {
            "title": one.title,
            "text": one.text,
            "channel": one.channel,
            "planned_on": one.planned_on,
            "kept": one.picture_id,
        }
        for one in versions
    ]


def read_items(forms_: Sequence[ItemForm]) -> list[TypedItem]:
    found = (form.read(number) for number, form in enumerate(forms_, start=1))
    return [item for item in found if item is not None]
