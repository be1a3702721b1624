from datetime import UTC, datetime

import pytest
from django.db import connection

from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace

MORNING = datetime(2025, 4, 26, 7, 0, tzinfo=UTC)


def new_workspace(slug: str) -> Workspace:
    owner, _ = User.objects.get_or_create(email="ana@studio.test")
    return create_workspace(
        name=slug.title(), slug=slug, owner=owner, time_zone="Europe/Zagreb", now=MORNING
    )


def check_keys_now() -> None:
    """PostgreSQL checks foreign keys at commit, and neither alters nor truncates until then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def studio(db: None) -> Workspace:
    return new_workspace("studio")
