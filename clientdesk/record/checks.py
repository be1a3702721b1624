from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Critical
from django.db import connections

from clientdesk import guards


def guards_are_there(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The triggers, for `check --database default`; calm before the first migrate."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        for one in guards.every():
            if one.has_tables(connection) and one.missing(connection):
                problems.append(
                    Critical(
                        "The database would let itself be rewritten: its triggers are missing"
                        f" ({one.what} not guarded).",
                        hint="Run manage.py migrate; it puts them back.",
                        id="record.C001",
                    )
                )
    return problems
