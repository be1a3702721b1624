"""Who may do what: roles, capabilities, and the mark every workspace view carries."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    BOOKKEEPER = "bookkeeper", _("Bookkeeper (money only)")
    VIEWER = "viewer", _("Viewer")


class Can(StrEnum):
    SEE_DESK = "see_desk"
    SEE_WORK = "see_work"
    CHANGE_WORK = "change_work"
    SEE_MONEY = "see_money"
    CHANGE_MONEY = "change_money"
    MANAGE = "manage"


CAPABILITIES: dict[str, frozenset[Can]] = {
    Role.OWNER: frozenset(Can),
    Role.MEMBER: frozenset(Can) - {Can.MANAGE},
    Role.BOOKKEEPER: frozenset({Can.SEE_DESK, Can.SEE_MONEY, Can.CHANGE_MONEY}),
    Role.VIEWER: frozenset({Can.SEE_DESK, Can.SEE_WORK, Can.SEE_MONEY}),
}


def needs(read: Can, *, write: Can | None = None) -> Callable[[View], View]:
    """Mark a view with the capability it asks for; unsafe methods ask for `write` where given.

    The middleware enforces the mark and refuses a workspace view that carries none, so a
    forgotten decorator closes a page instead of opening it.
    """

    def mark(view: View) -> View:
        # A function's type knows no attributes of its own.
        view.needs = (read, write or read)  # type: ignore[attr-defined]
        return view

    return mark


def capability_for(view: Callable[..., Any], method: str) -> Can | None:
    marks: tuple[Can, Can] | None = getattr(view, "needs", None)
    if marks is None:
        return None
    return marks[0] if method in SAFE_METHODS else marks[1]
