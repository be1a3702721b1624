"""Writing many rows at once, each with values of its own.

`bulk_update` writes them as one CASE for each row and column, which takes longer than the letters
themselves; this is the plain UPDATE, prepared once and run for each row.
"""

from collections.abc import Iterable, Sequence

from django.db import connections, models, router

from clientdesk.workspaces.scoping import current_workspace_id


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
