"""What is needed from clients, what came back, and how the asking climbs."""

from feedback.models.answers import Answer, AnswerFile, Decision, Verdict
from feedback.models.ladder import AnswersLadder, AnswerStep, Pause
from feedback.models.links import AnswerCode, AnswerLink, ProjectLink, ProjectShare
from feedback.models.requests import (
    Item,
    MissedChance,
    Request,
    RequestEntry,
    RequestQuerySet,
    Round,
    Version,
)
from feedback.models.talks import Talk

__all__ = [
    "Answer",
    "AnswerCode",
    "AnswerFile",
    "AnswerLink",
    "AnswerStep",
    "AnswersLadder",
    "Decision",
    "Item",
    "MissedChance",
    "Pause",
    "ProjectLink",
    "ProjectShare",
    "Request",
    "RequestEntry",
    "RequestQuerySet",
    "Round",
    "Talk",
    "Verdict",
    "Version",
]
