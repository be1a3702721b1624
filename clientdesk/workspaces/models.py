"""Users, workspaces and who belongs to them; the base of every tenant row."""

import re
import zoneinfo
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.access import CAPABILITIES, Can, Role
from clientdesk.workspaces.scoping import WorkspaceManager

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
CLIENT_LANGUAGES = [("en", _("English")), ("hr", _("Croatian"))]


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(value)s is no time zone; expected a name such as Europe/Zagreb."),
            params={"value": value},
        )


def validate_one_line(value: str) -> None:
    """Refuse line breaks and control characters: in a mail header they become poison."""
    if CONTROL.search(value):
        raise ValidationError(_("Line breaks and control characters are not possible here."))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[validate_one_line])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Workspace(models.Model):
    """One business on the desk."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="Europe/Zagreb",
        validators=[validate_time_zone],
    )
    country = models.CharField(_("country"), max_length=3, default="HR")
    language = models.CharField(_("language"), max_length=2, choices=CLIENT_LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    sender_name = models.CharField(
        _("name under letters"),
        max_length=120,
        blank=True,
        validators=[validate_one_line],
    )
    email = models.EmailField(_("reply address"), blank=True)
    legal_name = models.CharField(
        _("legal name"), max_length=200, blank=True, validators=[validate_one_line]
    )
    address = models.TextField(_("address for invoices"), max_length=500, blank=True)
    tax_id = models.CharField(
        _("tax number"), max_length=40, blank=True, validators=[validate_one_line]
    )
    vat_id = models.CharField(
        _("VAT number"), max_length=40, blank=True, validators=[validate_one_line]
    )
    iban = models.CharField(_("IBAN"), max_length=42, blank=True, validators=[validate_one_line])
    # Local hours: automatic mail leaves from `send_from` until `send_until`, 24 being midnight.
    send_from = models.PositiveSmallIntegerField(_("automatic mail leaves from"), default=7)
    send_until = models.PositiveSmallIntegerField(_("until"), default=21)
    # Raised when a letter's words are changed: what was put together before is worded anew.
    letters_version = models.PositiveIntegerField(default=0)
    is_sample = models.BooleanField(default=False)
    sending_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(send_from__lt=F("send_until")) & Q(send_until__lte=24),
                name="sending_hours_are_a_span",
                violation_error_message=_("The hours begin before they end, within one day."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def local_today(self, at: datetime) -> date:
        """The calendar day of the instant `at` in this workspace's time zone."""
        return at.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()


class TenantModel(models.Model):
    """A row that belongs to one workspace; `unscoped` is the exception that grep finds."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")

    objects = WorkspaceManager()
    unscoped = models.Manager()  # noqa: DJ012 -- a manager too, though its name is not objects

    class Meta:
        abstract = True


class Brand(TenantModel):
    """How the business looks on its papers. `accent` is #RRGGBB, `logo` a PNG."""

    accent = models.CharField(_("colour"), max_length=7, blank=True)
    logo = models.BinaryField(blank=True, default=b"")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace",), name="one_brand"),)

    def __str__(self) -> str:
        return self.accent or "plain"


class Membership(models.Model):
    """A user's place in a workspace. Not scoped: it is what decides the scope."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField()
    daily_mail = models.BooleanField(
        _("the day in one mail, on working mornings"),
        default=True,
        help_text=_("Who is late, what is next, and the head of the record."),
    )
    answer_mail = models.BooleanField(
        _("a mail at once when a client answers"),
        default=True,
    )
    last_daily_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user"),
                name="one_membership_per_user_and_workspace",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id} as {self.role}"

    def can(self, capability: Can) -> bool:
        return capability in CAPABILITIES[self.role]


class Invitation(TenantModel):
    """An open place, offered by e-mail; the token is kept as its hash only."""

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class CalendarLink(TenantModel):
    """A secret address under which one member's calendar program reads the days of the desk."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user"),
                condition=Q(revoked_at=None),
                name="one_calendar_per_member",
            ),
        )

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class Tally(models.Model):
    """How often something was tried within a window of time; see clientdesk.workspaces.limits.

    Not scoped: it counts before anybody knows which workspace is meant. `key` is a hash.
    """

    key = models.CharField(max_length=64)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "since"), name="tally_once"),)

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
