"""Numbers: how they are written, and the last one given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line


class Series(TenantModel):
    """How the numbers of one kind of document are written, e.g. "{year}-{n:3}" or "{n}/1/1"."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoices")
        CREDIT_NOTE = "credit", _("Credit notes")

    kind = models.CharField(_("for"), max_length=8, choices=Kind.choices, default=Kind.INVOICE)
    code = models.CharField(_("series"), max_length=20, validators=[validate_one_line])
    pattern = models.CharField(_("pattern"), max_length=60, validators=[validate_one_line])
    is_default = models.BooleanField(_("used where nothing else is chosen"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "code")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "kind", "code"), name="series_once"),
            models.UniqueConstraint(
                fields=("workspace", "kind"),
                condition=Q(is_default=True),
                name="one_default_series_per_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.pattern}"


class Counter(TenantModel):
    """The last number given in a series and year; its row is locked while one is given."""

    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "series", "year"), name="counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
