"""What SQLite leaves to its users: PostgreSQL's autovacuum does this by itself."""

from django.db import DatabaseError, connection

LOOKED_AT = 1_000  # rows of an index that are enough to know it by
MANY = 100


def keep_statistics(*, written: int) -> None:
    """After work that has written so many rows: where they are many, let SQLite look at itself.

    Without that it takes the first index that fits, and reads a whole workspace where a few rows
    were asked for. It takes some hundredths of a second.
    """
    if written < MANY or connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            cursor.execute("ANALYZE")
    except DatabaseError:  # somebody else writes; there will be another time
        return
