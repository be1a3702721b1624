"""Letters without their marks: whoever types c finds č, on both databases alike."""

import sqlite3
import unicodedata
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

FOLD = "clientdesk_fold"
# What no decomposition takes apart.
STROKED = {"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ı": "i"}


def _plain(sign: str) -> str:
    if sign in STROKED:
        return STROKED[sign]
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() and base.isalpha() else sign


# One sign for one, Latin-1 and Latin Extended-A: what PostgreSQL's translate() can do as well.
MARKED = "".join(
    sign for sign in map(chr, range(0xC0, 0x180)) if sign in STROKED or _plain(sign) != sign
)
PLAIN = "".join(_plain(sign) for sign in MARKED)
TABLE = str.maketrans(MARKED, PLAIN)


def fold(text: str) -> str:
    """Without marks and in small letters."""
    return unicodedata.normalize("NFC", text).translate(TABLE).lower()


class Folded(models.Func):
    """A text column as `fold` would give it; compare it with a folded text."""

    output_field = models.TextField()
    function = FOLD
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(
            compiler,
            connection,
            template=f"LOWER(TRANSLATE(%(expressions)s, '{MARKED}', '{PLAIN}'))",
            **context,
        )


def teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Called for each new connection: SQLite knows only ASCII's letters by itself."""
    if connection.vendor != "sqlite":
        return
    raw: sqlite3.Connection = connection.connection
    raw.create_function(
        FOLD, 1, lambda text: None if text is None else fold(text), deterministic=True
    )
