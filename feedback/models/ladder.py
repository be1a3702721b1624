"""How far a request has climbed the ladder for answers, by which rungs, and what pauses it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clients.models import Client
from feedback.models.requests import Request, Round


class AnswerStep(TenantModel):
    """A rung that one round of a request has come to, and what became of it."""

    class State(models.TextChoices):
        REVIEW = "review", _("Needs your review")
        QUEUED = "queued", _("Waits in the outbox")
        SENT = "sent", _("Sent")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        SUPPRESSED = "suppressed", _("Not needed")
        STUCK = "stuck", _("Not sent")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    rung = models.CharField(max_length=40)
    effect = models.CharField(max_length=8)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    # The day that counts for the distance to the next rung: sent, done or skipped on.
    climbed_on = models.DateField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "rung"), name="rung_of_round_climbed_once"),
        )
        indexes = (
            models.Index(
                fields=("workspace", "due_on"),
                condition=Q(state__in=("review", "stuck")),
                name="answer_steps_for_the_owner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}/{self.rung}"


class Pause(TenantModel):
    """Reminders of one request rest from `first` to `until`, both included. The clock goes on.

    Lifting sets `until` to the day before; one lifted on its first day holds nothing.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="pauses")
    first = models.DateField(_("from"))
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_one_line])
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("first", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("first")) | Q(lifted_at__isnull=False),
                name="pause_ends_after_begin",
                violation_error_message=_("A pause cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} from {self.first}"


class AnswersLadder(TenantModel):
    """Rungs as text, in working days from the answer-by day; a client's own go first."""

    client = models.OneToOneField(
        Client, on_delete=models.PROTECT, related_name="answers_ladder", null=True, blank=True
    )
    rungs = models.CharField(max_length=400)
    calendar = models.CharField(max_length=8, default="client")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace",), condition=Q(client=None), name="one_answers_ladder"
            ),
        )

    def __str__(self) -> str:
        return self.rungs
