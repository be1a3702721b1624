"""What is needed from a client, in rounds, each with its own dates and its items' versions."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clientdesk.workspaces.scoping import WorkspaceManager
from clients.models import Client, Interaction, ManagedAccount, Project


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> "RequestQuerySet":
        return self.filter(state=Request.State.OPEN)

    def late(self, *, on: date) -> "RequestQuerySet":
        """Open past the answer-by day on the day `on`."""
        return self.open().filter(answer_by__lt=on)

    def drafts(self) -> "RequestQuerySet":
        return self.filter(state=Request.State.DRAFT)

    def your_move(self) -> "RequestQuerySet":
        """Answered, and the answer not dealt with yet."""
        return self.filter(state=Request.State.ANSWERED, handled_on=None)

    def due_a_step(self, *, on: date) -> "RequestQuerySet":
        """Open, with a rung of the ladder whose day has come."""
        return self.filter(next_step_on__lte=on)


RequestManager = WorkspaceManager.from_queryset(RequestQuerySet)


class Request(TenantModel):
    """One thing needed. Its dates and state are those of the present round (see Round)."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        APPROVAL = "approval", _("Approval")
        CHOICE = "choice", _("Choice")
        MATERIAL = "material", _("Files")
        ACCESS = "access", _("Access")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Waiting for client")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="requests")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
    )
    # The account an access request is about.
    account = models.ForeignKey(
        ManagedAccount, on_delete=models.PROTECT, related_name="requests", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    title = models.CharField(_("what you need"), max_length=160, validators=[validate_one_line])
    detail = models.TextField(_("details"), blank=True)
    blocks = models.CharField(
        _("what waits for it"), max_length=160, blank=True, validators=[validate_one_line]
    )
    blocking = models.BooleanField(
        _("the project cannot go on without it"),
        default=True,
        help_text=_("Its days then count on the project's clock and move the delivery."),
    )
    minutes_needed = models.PositiveSmallIntegerField(_("minutes it takes to answer"), default=2)
    needs_code = models.BooleanField(
        _("ask for a code by e-mail"),
        default=False,
        help_text=_("For sensitive matters: only who reads the client's mail can answer."),
    )
    rounds_agreed = models.PositiveSmallIntegerField(_("rounds agreed"), default=1)
    round_number = models.PositiveSmallIntegerField(default=1)
    # Of a draft: the day it was written, and the day that is meant.
    asked_on = models.DateField(_("asked on"))
    answer_by = models.DateField(_("answer by"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    # The latest answer in words, for lists and reports; all of them are Answer rows.
    answer = models.TextField(_("answer"), blank=True)
    decision = models.CharField(max_length=10, blank=True)
    # The day its owner had dealt with the answer; until then it is the owner's move.
    handled_on = models.DateField(null=True, blank=True)
    nudges = models.PositiveSmallIntegerField(default=0)
    last_nudged_on = models.DateField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    next_step_automatic = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField()
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    # The types' plugin says Self of the right side, which is Request here.
    objects: ClassVar[RequestManager["Request"]] = RequestManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("answer_by", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "once_key"), name="request_once"),
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("asked_on")),
                name="answer_by_after_asked",
                violation_error_message=_("The answer cannot be due before it was asked for."),
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answered_on__isnull=False)
                | (~Q(state="answered") & Q(answered_on=None)),
                name="answered_means_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(next_step_on=None), name="only_open_requests_climb"
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "answer_by"),
                condition=Q(state="open"),
                name="open_requests_by_day",
            ),
            models.Index(
                fields=("workspace", "next_step_on"),
                condition=Q(next_step_on__isnull=False),
                name="requests_due_a_step",
            ),
            models.Index(
                fields=("workspace", "answered_on"),
                condition=Q(state="answered", handled_on=None),
                name="answers_to_deal_with",
            ),
            models.Index(fields=("workspace", "project"), name="requests_by_project"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == Request.State.OPEN


class Round(TenantModel):
    """One time of asking: from `asked_on` the ball is with the client until `closed_on`.

    The clock reads these rows and nothing else of a request.
    """

    class Closed(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    asked_on = models.DateField(_("asked on"))
    answer_by = models.DateField(_("answer by"))
    closed_on = models.DateField(_("answered on"), null=True, blank=True)
    closed = models.CharField(max_length=10, choices=Closed.choices, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("request", "number")
        constraints = (
            models.UniqueConstraint(fields=("request", "number"), name="round_once"),
            models.UniqueConstraint(
                fields=("request",), condition=Q(closed_on=None), name="one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("asked_on")), name="round_due_after_asked"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed="")
                | (Q(closed_on__gte=F("asked_on")) & ~Q(closed="")),
                name="round_closed_after_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}, round {self.number}"


class Item(TenantModel):
    """One of the things to approve, or to choose from; what it shows is its latest version."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("request", "position")
        constraints = (
            models.UniqueConstraint(fields=("request", "position"), name="item_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.request_id}, {self.position}"


class Version(TenantModel):
    """An item as it was at one time. Never changed once asked: an edit is a new version."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # The round in which it was first shown.
    round_number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("title"), max_length=160, validators=[validate_one_line])
    text = models.TextField(_("text"), blank=True)
    picture = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    channel = models.CharField(
        _("channel"), max_length=80, blank=True, validators=[validate_one_line]
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("item", "number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="version_of_item_once"),
        )

    def __str__(self) -> str:
        return self.title


class RequestEntry(TenantModel):
    """An entry of the log that a request caused: chasing its answer, or revising its items."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="entries")
    interaction = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, related_name="caused_by"
    )

    def __str__(self) -> str:
        return f"{self.interaction_id} for {self.request_id}"


class MissedChance(TenantModel):
    """Something that did not happen because an answer was missing: a campaign not run, a price."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="missed_chances")
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="missed_chances", null=True, blank=True
    )
    title = models.CharField(_("what was missed"), max_length=160, validators=[validate_one_line])
    evidence = models.TextField(_("how one can tell"), blank=True)
    missed_on = models.DateField(_("on"))
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    # Noted by mistake; it stays in the record.
    struck_at = models.DateTimeField(null=True, blank=True)
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    class Meta:
        ordering = ("missed_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "once_key"), name="missed_chance_once"),
        )

    def __str__(self) -> str:
        return self.title
