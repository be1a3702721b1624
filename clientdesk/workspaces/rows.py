"""Writing many rows at once, each with values of its own.

`bulk_update` writes them as one CASE for each row and column, which takes longer than the letters
themselves; this is the plain statement, prepared once and run for each row.
"""

from collections.abc import Iterable, Sequence

from django.db import connections, models, router

from clientdesk.workspaces.scoping import (
    active_workspace_id,
    check_same_workspace,
    current_workspace_id,
)


def write_rows(rows: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Save these fields of rows of one tenant model, which are rows of the active workspace.

    Raises OutsideWorkspace. Rows of another workspace are left alone.
    """
    if not rows:
        return
    workspace_id = current_workspace_id()
    model = type(rows[0])
    using = router.db_for_write(model)
    connection = connections[using]
    known = {column.name: column for column in model._meta.concrete_fields}
    columns = [known[name] for name in fields]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(str(column.column))} = %s" for column in columns)
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {assigned} "
        f"WHERE {quote('id')} = %s AND {quote('workspace_id')} = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                (
                    *(
                        column.get_db_prep_save(getattr(row, column.attname), connection)
                        for column in columns
                    ),
                    row.pk,
                    workspace_id,
                )
                for row in rows
            ],
        )


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one tenant model whose new ids nobody asks for.

    Raises ForeignRow where one is not of the active workspace, while there is an active one.
    """
    if not rows:
        return
    active = active_workspace_id()
    if active is not None:
        check_same_workspace(active, *rows)
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    columns = [c for c in model._meta.concrete_fields if not c.primary_key]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.column)) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [
                    column.get_db_prep_save(column.pre_save(row, True), connection)
                    for column in columns
                ]
                for row in rows
            ],
        )
