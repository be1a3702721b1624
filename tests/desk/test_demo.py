"""The sample story is written by the real operations, so it must hold like any desk."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from billing.models import Invoice, Step
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Stop
from tests.desk.world import make_workspace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", ["2024-02-29"])
def test_the_story_holds_whenever_it_is_told(today: str) -> None:
    workspace, _ = make_workspace("sample")
    Workspace.objects.filter(pk=workspace.pk).update(is_sample=True)
    call_command("seed_demo", workspace="sample", today=today)
    with acting_in(workspace.pk):
        assert Client.objects.count() == 6
        assert Stop.objects.running().count() == 1
        assert Step.objects.filter(rung="final", state=Step.State.REVIEW).count() == 1
        assert Invoice.objects.overdue(on=date.fromisoformat(today)).count() == 2
    assert verify_record(workspace.pk).ok


def test_a_real_desk_is_never_filled_with_samples() -> None:
    make_workspace("real")
    with pytest.raises(CommandError, match="no sample workspace"):
        call_command("seed_demo", workspace="real")
