"""What the owner has chosen about money."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import VatCategory
from clientdesk.workspaces.models import TenantModel, validate_one_line


class MoneySettings(TenantModel):
    """One row a workspace; a workspace without one goes by the defaults below."""

    class Resume(models.TextChoices):
        BY_ITSELF = "auto", _("by itself, with a letter")
        ASK = "ask", _("when I confirm it")

    thanks = models.BooleanField(
        _("Thank for each payment in full"),
        default=False,
        help_text=_("A short letter when an invoice is paid."),
    )
    resume = models.CharField(
        _("After payment in full work resumes"),
        max_length=4,
        choices=Resume.choices,
        default=Resume.BY_ITSELF,
    )
    stale_after_days = models.PositiveSmallIntegerField(
        _("Automatic steps wait when payments were not looked at for so many days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Left empty, they never wait."),
    )
    # The owner's word that the bank was looked at, where there was no payment to enter.
    books_checked_at = models.DateTimeField(null=True, blank=True)
    interest_margin_bp = models.PositiveIntegerField(
        _("points over the reference rate"), default=800
    )
    vat_category = models.CharField(
        _("VAT on new lines"),
        max_length=2,
        choices=VatCategory.choices,
        default=VatCategory.STANDARD,
    )
    vat_bp = models.PositiveIntegerField(_("VAT rate"), default=0)
    vat_note = models.CharField(
        _("legal note"), max_length=300, blank=True, validators=[validate_one_line]
    )
    legal_note = models.TextField(_("small print on invoices"), max_length=600, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace",), name="one_money_settings"),
            models.CheckConstraint(
                condition=Q(vat_category="S") | Q(vat_bp=0), name="default_rate_fits_category"
            ),
        )

    def __str__(self) -> str:
        return f"money settings of {self.workspace_id}"


class ReferenceRate(TenantModel):
    """The owner's own entry in the table of reference rates; it goes before the bundled one of the
    same day. Hundredths of a per cent."""

    since = models.DateField(_("valid from"))
    rate_bp = models.IntegerField(_("rate"))
    source = models.CharField(_("source"), max_length=300, validators=[validate_one_line])
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-since",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "since"),
                name="one_rate_a_day",
                violation_error_message=_("There is a rate from this day already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rate_bp} from {self.since}"
