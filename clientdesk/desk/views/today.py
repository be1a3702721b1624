from django.http import HttpResponse
from django.shortcuts import render

from clientdesk import clock
from clientdesk.desk.queries.today import today_facts
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest


@needs(Can.SEE_DESK)
def today(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What must be stopped or resumed, who owes money, who owes an answer, what is next."""
    facts = today_facts(
        today=request.workspace.local_today(clock.now()),
        work=request.membership.can(Can.SEE_WORK),
    )
    # The tabs' figures are known here already; counting them again would cost two queries.
    request.shell_counts = {"late": facts.overdue_count, "waiting": facts.waiting_count}
    return render(request, "desk/today.html", {"facts": facts, "tab": "today"})
