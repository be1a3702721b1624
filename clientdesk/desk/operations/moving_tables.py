"""What a workspace is made of, table by table, and how rows become lines of text and back.

Nothing is listed by hand that Django knows: a new table of an app is in the next export. By hand
are only the places where a row names another in its text.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from clientdesk.workspaces.models import Membership, TenantModel, User, Workspace

FORMAT = 1
MANIFEST = "manifest.json"
# What the kind of a document or job is called that an export leaves out: itself.
EXPORT = "workspace_export"
# Computed by the database from other rows.
DERIVED = frozenset({"billing.Tally"})
# What the rows of a table are called where text names one, e.g. "invoice:12" in the record.
NOUNS = {
    "account": "clients.ManagedAccount",
    "agreement": "clients.Agreement",
    "chance": "feedback.MissedChance",
    "client": "clients.Client",
    "contact": "clients.Contact",
    "credit_note": "billing.CreditNote",
    "document": "documents.Document",
    "ending": "offboarding.Ending",
    "interaction": "clients.Interaction",
    "invoice": "billing.Invoice",
    "message": "outbox.Message",
    "project": "clients.Project",
    "request": "feedback.Request",
    "result": "clients.Result",
    "stop": "clients.Stop",
    "talk": "feedback.Talk",
}
# What the facts of letters and the parameters of jobs call a row's number, besides the nouns.
FACTS = {
    "answer": "feedback.Answer",
    "code": "feedback.AnswerCode",
    "invitation": "workspaces.Invitation",
    "link": "feedback.AnswerLink",
    "member": "workspaces.Membership",
    "requests": "feedback.Request",
    "round": "feedback.Round",
    "rounds": "feedback.Round",
    "step": "billing.Step",
}
# The same word, for letters of one kind.
FACTS_OF_KIND = {"feedback.rung": {"step": "feedback.AnswerStep"}}
# Columns of JSON with such words, and columns of plain text in which nouns stand with a number.
JSON_TEXTS = frozenset({("outbox.Part", "facts_json"), ("documents.Job", "params")})
TEXTS = JSON_TEXTS | {
    ("clients.Dismissal", "facts"),
    ("documents.Document", "subject"),
    ("record.Entry", "subject"),
}
NAMED = re.compile(rf"\b({'|'.join(NOUNS)}):(\d+)\b")

Moved = Callable[[str, int], int]


@cache
def tables() -> dict[str, type[models.Model]]:
    """Every table with rows of a workspace, by label."""
    owned: list[type[models.Model]] = [
        Membership,
        *(m for m in apps.get_models() if issubclass(m, TenantModel)),
    ]
    return {m._meta.label: m for m in owned if m._meta.label not in DERIVED}


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All but the workspace, which is the one that is exported or imported."""
    return [f for f in model._meta.concrete_fields if f.name != "workspace"]


def workspace_columns() -> list[models.Field[Any, Any]]:
    return [f for f in Workspace._meta.concrete_fields if not f.primary_key]


def schema() -> dict[str, list[str]]:
    """What an import compares: the same tables with the same columns."""
    here = {label: [f.attname for f in columns(model)] for label, model in tables().items()}
    here[Workspace._meta.label] = [f.attname for f in workspace_columns()]
    return here


def to_json(field: models.Field[Any, Any], value: Any) -> Any:
    """A JSON value that `from_json` turns back into the same."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(field, models.DateField):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(field: models.Field[Any, Any], value: Any) -> Any:
    """Raises ValidationError, ValueError or TypeError for what is no value of the field."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value, validate=True)
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    return plain.to_python(value)


def points_at(field: models.Field[Any, Any]) -> str | None:
    """The label of the table whose row the column names by its number."""
    if field.primary_key:
        return str(field.model._meta.label)
    if field.name == "client_ref":
        return NOUNS["client"]
    related = field.related_model
    if not isinstance(related, type) or related is User:
        return None
    return str(related._meta.label)


def points_at_user(field: models.Field[Any, Any]) -> bool:
    return field.related_model is User


def moved_text(label: str, row: Mapping[str, Any], name: str, moved: Moved) -> str:
    """The text of one of TEXTS with the rows it names called by their new numbers."""
    text = str(row[name])
    if (label, name) in JSON_TEXTS:
        return _moved_facts(text, str(row["kind"]), moved)
    return NAMED.sub(lambda m: f"{m[1]}:{moved(NOUNS[m[1]], int(m[2]))}", text)


def _moved_facts(text: str, kind: str, moved: Moved) -> str:
    said = json.loads(text)
    labels = {**NOUNS, **FACTS, **FACTS_OF_KIND.get(kind, {})}
    for name, value in said.items():
        if name in labels and isinstance(value, int):
            said[name] = moved(labels[name], value)
        elif name in labels and isinstance(value, list):
            said[name] = [moved(labels[name], one) for one in value]
    compact = None if ": " in text else (",", ":")
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=compact)
