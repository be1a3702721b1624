"""The one place where a request enters a workspace, and leaves it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from clientdesk.workspaces.access import capability_for
from clientdesk.workspaces.models import Membership
from clientdesk.workspaces.requests import IncomingRequest
from clientdesk.workspaces.scoping import acting_in

WORKSPACE_PATH = re.compile(r"^/w/(?P<slug>[a-z0-9-]+)(?:/|$)")


# "2026." at the end of a sentence, be there an end of a link between the two points.
TWO_POINTS = re.compile(rb"([0-9]{4}\.)((?:</[a-z]+>)*)\.(?!\.)")


class OrdinalMiddleware:
    """Croatian writes a year with a point; where its sentence ends as well, there is only one.

    Whether a day stands last is known only when the page is whole.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith(
            "text/html"
        ):
            response.content = TWO_POINTS.sub(rb"\1\2", response.content)
        return response


class WorkspaceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: IncomingRequest) -> HttpResponseBase:
        request.workspace = None
        request.membership = None
        if not (match := WORKSPACE_PATH.match(request.path_info)):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        membership = (
            Membership.objects.select_related("workspace")
            .filter(user_id=request.user.pk, workspace__slug=match["slug"])
            .first()
        )
        if membership is None:
            # process_view answers 404, so that the page is rendered like any other missing one.
            return self.get_response(request)
        request.workspace, request.membership = membership.workspace, membership
        with (
            acting_in(membership.workspace_id),
            timezone.override(membership.workspace.time_zone),
        ):
            return self.get_response(request)

    def process_view(
        self,
        request: IncomingRequest,
        view: Callable[..., Any],
        args: Any,
        kwargs: dict[str, Any],
    ) -> None:
        """404 where the workspace is not the reader's, 403 where the role is too low."""
        if not WORKSPACE_PATH.match(request.path_info):
            return
        # PostgreSQL refuses NUL in a text, and there is nothing that it could name.
        if request.membership is None or "\0" in request.path_info + unquote(
            request.META.get("QUERY_STRING", "")
        ):
            raise Http404
        capability = capability_for(view, request.method or "GET")
        if capability is None or not request.membership.can(capability):
            raise PermissionDenied
