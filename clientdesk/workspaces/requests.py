"""A request inside a workspace, as its views see it, and on its way there."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from clientdesk.workspaces.models import Membership, User, Workspace


class IncomingRequest(HttpRequest):
    """While it is not known yet whether the reader belongs to the workspace of the address."""

    workspace: Workspace | None
    membership: Membership | None


class WorkspaceRequest(HttpRequest):
    """What the middleware has put on a request before a workspace view runs: a reader who is
    logged in and belongs here."""

    user: User
    workspace: Workspace
    membership: Membership
    htmx: HtmxDetails
    # Figures beside the tabs that the view knows already: {"waiting": 5, "late": 2}.
    shell_counts: dict[str, int]


class ReaderRequest(HttpRequest):
    """Behind a login, outside any workspace."""

    user: User
