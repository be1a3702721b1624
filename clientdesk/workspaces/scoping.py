"""Workspace scoping: every query of tenant data is filtered, or raises.

The filter reads the active workspace when the SQL is compiled, not when the queryset is built, so
a queryset or a ModelForm made at import is as safe as one made in a view.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

T = TypeVar("T", bound=models.Model)
_current: ContextVar[int | None] = ContextVar("workspace_id", default=None)


class OutsideWorkspace(Exception):
    """Tenant data was queried while no workspace was active."""


class ForeignRow(Exception):
    """Rows of different workspaces met in one operation."""


@contextmanager
def acting_in(workspace_id: int) -> Iterator[None]:
    """Make `workspace_id` the active workspace until the block is left, however it is left."""
    token = _current.set(workspace_id)
    try:
        yield
    finally:
        _current.reset(token)


def active_workspace_id() -> int | None:
    """The active workspace, if there is one."""
    return _current.get()


def current_workspace_id() -> int:
    """The active workspace. Raises OutsideWorkspace where none is."""
    if (workspace_id := _current.get()) is None:
        raise OutsideWorkspace
    return workspace_id


def check_same_workspace(workspace_id: int, *rows: models.Model | None) -> None:
    """Raise ForeignRow unless every given row belongs to `workspace_id`; None is passed over.

    Joins and forward keys are not filtered by the manager, so operations ask this first.
    """
    for row in rows:
        if row is not None and getattr(row, "workspace_id", None) != workspace_id:
            raise ForeignRow(f"{row._meta.label} {row.pk} is not in workspace {workspace_id}")


class CurrentWorkspaceId(models.Value):
    """Read when the SQL is compiled, so a queryset built at import is safe too."""

    def __init__(self) -> None:
        super().__init__(None, output_field=models.BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (current_workspace_id(),)


class WorkspaceManager(models.Manager[T]):
    def get_queryset(self) -> models.QuerySet[T]:
        return super().get_queryset().filter(workspace_id=CurrentWorkspaceId())
