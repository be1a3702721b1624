"""Writing down when work is to be expected, where the letters and the report read it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from clientdesk.record import operations as record
from clients.models import Project
from clients.queries import deliveries


@transaction.atomic
def write_forecasts(
    *, project_ids: Collection[int], today: date, now: datetime, actor: str
) -> list[Project]:
    """Bring the expected delivery of these projects up to `today`; those that moved.

    Empty where nothing moved it, or where none was agreed. The same again writes nothing. What is
    delivered stays as it was.
    """
    projects = list(
        Project.objects.select_for_update(no_key=True)
        .filter(pk__in=project_ids, delivered_on=None)
        .order_by("pk")
    )
    found = deliveries(projects, today=today)
    moved = []
    for project in projects:
        new = found.get(project.pk)
        expected = new.expected if new and new.days else None
        if project.forecast_on == expected:
            continue
        project.forecast_on = expected
        project.save(update_fields=["forecast_on"])
        moved.append(project)
        if new is not None:
            record.append(
                workspace_id=project.workspace_id,
                kind="project.moved",
                content={
                    "name": project.name,
                    "agreed": new.agreed.isoformat(),
                    "until": new.expected.isoformat(),
                    "days": new.days,
                },
                now=now,
                actor=actor,
                client_ref=project.client_id,
                subject=f"project:{project.pk}",
            )
    return moved
