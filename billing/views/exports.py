"""The invoices as a table for other programs: the same figures as the pages show."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse

from billing.queries.exports import COLUMNS, invoice_rows
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clientdesk.workspaces.scoping import acting_in


class _Echo:
    """Gives back what a CSV writer writes."""

    def write(self, text: str) -> str:
        return text


@needs(Can.SEE_MONEY)
def invoices_csv(request: WorkspaceRequest, workspace: str) -> StreamingHttpResponse:
    """UTF-8 with header, ISO dates, decimal point; one row for each issued invoice."""
    pk = request.workspace.pk

    def rows() -> Iterator[str]:
        # Written after the view has returned, when no workspace is active any more.
        with acting_in(pk):
            writer: Any = csv.writer(_Echo())
            yield "\ufeff" + writer.writerow(COLUMNS)
            for row in invoice_rows():
                yield writer.writerow(row)

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="invoices-{workspace}.csv"'
    return response
