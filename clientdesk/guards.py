"""Triggers by which the database itself refuses what must never happen, whoever asks.

Not in migrations, but after each `migrate`: SQLite drops a table's triggers when it rebuilds the
table for an alteration, so an old migration could not keep them there. On SQLite they are taken off
before a migration that has something to do, since one that reads another table would stop that
table's rebuild.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# name: (table, moment, per what, function[, when])
PostgresTriggers = Mapping[str, tuple[str, ...]]


class TriggersMissing(Exception):
    """The database would let happen what it has to refuse."""


@dataclass(frozen=True, slots=True)
class After:
    """A PostgreSQL trigger after a whole statement, which sees all rows it touched."""

    table: str
    event: str
    referencing: str
    function: str


@dataclass(frozen=True, slots=True)
class Guards:
    """The triggers of one app. `what` is what they guard, as an error says it.

    The statements of `…_then` are run whenever the triggers are put in place.
    """

    what: str
    tables: tuple[str, ...]
    sqlite: Mapping[str, str]
    functions: Mapping[str, str]
    postgres: PostgresTriggers
    postgres_after: Mapping[str, After] = field(default_factory=dict)
    sqlite_then: tuple[str, ...] = ()
    postgres_then: tuple[str, ...] = ()

    def has_tables(self, connection: BaseDatabaseWrapper) -> bool:
        there = connection.introspection.table_names()
        return all(name in there for name in self.tables)

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Put the triggers in place, replacing older ones. Tables must exist."""
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            self.remove(connection)
            if connection.vendor == "sqlite":
                for name, body in self.sqlite.items():
                    cursor.execute(_sqlite(name, body))
                for statement in self.sqlite_then:
                    cursor.execute(statement)
                return
            for function, body in self.functions.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger"
                    f" LANGUAGE plpgsql AS $${body}$$"
                )
            for name, (table, moment, each, function, *when) in self.postgres.items():
                condition = f" WHEN ({when[0]})" if when else ""
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {moment} ON {table}"
                    f" FOR EACH {each}{condition} EXECUTE FUNCTION {function}()"
                )
            for name, after in self.postgres_after.items():
                cursor.execute(
                    f"CREATE TRIGGER {name} AFTER {after.event} ON {after.table}"
                    f" REFERENCING {after.referencing}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {after.function}()"
                )
            for statement in self.postgres_then:
                cursor.execute(statement)

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers away: for a migration, or a test that empties its database."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name in self.sqlite:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                return
            for name, (table, *_) in self.postgres.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for name, after in self.postgres_after.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {after.table}")

    def missing(self, connection: BaseDatabaseWrapper) -> set[str]:
        """Names of the triggers that are not there, or not as they are written here."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                there = {(name, sql) for name, sql in cursor.fetchall()}
                return {n for n, body in self.sqlite.items() if (n, _sqlite(n, body)) not in there}
            # Disabled triggers ('D') and those for replicas only ('R') count as missing.
            cursor.execute(
                """SELECT t.tgname, p.prosrc
                   FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                   WHERE t.tgenabled IN ('O', 'A')
                     AND t.tgrelid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)""",
                [list(self.tables)],
            )
            found = dict(cursor.fetchall())
            wanted = {
                name: function
                for name, (_table, _moment, _each, function, *_) in self.postgres.items()
            }
            wanted |= {name: after.function for name, after in self.postgres_after.items()}
            return {
                name
                for name, function in wanted.items()
                if found.get(name) != self.functions[function]
            }

    def require(self, connection: BaseDatabaseWrapper) -> None:
        """Called at the start of web and worker processes. Raises TriggersMissing."""
        if not self.has_tables(connection):
            raise TriggersMissing("the database is not set up; run manage.py migrate")
        if names := self.missing(connection):
            raise TriggersMissing(
                f"{self.what} not guarded ({', '.join(sorted(names))}); run manage.py migrate"
            )


def _sqlite(name: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {body}"


_all: dict[str, Guards] = {}


def register(guards: Guards) -> Guards:
    """Make an app's guards known: they are installed after each migrate, and checked."""
    _all[guards.what] = guards
    return guards


def every() -> list[Guards]:
    return list(_all.values())
