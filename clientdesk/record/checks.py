from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Critical
from django.db import connections

from clientdesk.record import triggers


def guards_are_there(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The record's triggers, for `check --database default`; calm before the first migrate."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if triggers.has_tables(connection) and not triggers.installed(connection):
            problems.append(
                Critical(
                    "The database would let the record be rewritten: its triggers are missing.",
                    hint="Run manage.py migrate; it puts them back.",
                    id="record.C001",
                )
            )
    return problems
