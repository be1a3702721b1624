"""Public addresses: of one round of one request, and of one project. Only hashes are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel
from clients.models import Project
from feedback.models.requests import Round


class PublicLink(TenantModel):
    """`nonce` makes the token together with the installation's secret; `email` got it."""

    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class AnswerLink(PublicLink):
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"link to {self.round_id}"


class AnswerCode(TenantModel):
    """A code sent by mail for a sensitive request; good for a while, a few tries and one use."""

    link = models.ForeignKey(AnswerLink, on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code for {self.link_id}"


class ProjectShare(TenantModel):
    """What a client sees on the page of a project; the owner's hours are never on it."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="share")
    shows_clock = models.BooleanField(_("the clock"), default=True)
    shows_forecast = models.BooleanField(_("the delivery forecast"), default=True)
    shows_requests = models.BooleanField(_("the open requests"), default=True)
    shows_chances = models.BooleanField(_("the chances missed"), default=True)

    def __str__(self) -> str:
        return f"share of {self.project_id}"


class ProjectLink(PublicLink):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"link to project {self.project_id}"
