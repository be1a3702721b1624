"""What came back: every answer is kept, the latest of a round holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clients.models import Interaction
from feedback.models.links import AnswerLink
from feedback.models.requests import Round, Version


class Decision(models.TextChoices):
    APPROVED = "approved", _("Approved")
    CHANGES = "changes", _("Approved with changes")
    REJECTED = "rejected", _("Not to be used")
    CHOSEN = "chosen", _("Chosen")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Not possible")
    ANSWERED = "answered", _("Answered")


class Answer(TenantModel):
    """One answer to one round; a changed mind within the time for it is another row."""

    class How(models.TextChoices):
        PAGE = "page", _("on the page")
        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by phone")
        CHAT = "chat", _("by chat")
        MEETING = "meeting", _("in a meeting")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    how = models.CharField(_("how"), max_length=8, choices=How.choices)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    comment = models.TextField(_("what they said"), blank=True)
    given_by = models.CharField(max_length=160, blank=True, validators=[validate_one_line])
    given_on = models.DateField()
    given_at = models.DateTimeField()
    link = models.ForeignKey(
        AnswerLink, on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    # The log entry of the call or the mail it came by.
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="answer_of_round_once"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}, answer {self.number}"


class Verdict(TenantModel):
    """What was said about one version of an item; it speaks of no other version."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="verdicts")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="verdicts")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ("answer", "pk")
        constraints = (
            models.UniqueConstraint(fields=("answer", "version"), name="one_verdict_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.decision}"


class AnswerFile(TenantModel):
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="files")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.document_id} with {self.answer_id}"
