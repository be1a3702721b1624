import logging
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

log = logging.getLogger(__name__)

LATELY = 5


@needs(Can.SEE_DESK)
def job(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """How far a job is. htmx asks for the part that changes every two seconds."""
    asked = get_object_or_404(Job.objects.select_related("document"), pk=pk)
    _check(request, asked.needs)
    if getattr(request, "htmx", False) and asked.is_open:
        return render(request, "documents/_job.html", {"job": asked})
    if getattr(request, "htmx", False):
        # The whole page says how it ended, in its heading too.
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    context = {"job": asked, "lately": _lately(request, asked)}
    return render(request, "documents/job.html", context)


@needs(Can.SEE_DESK)
def download(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponseBase:
    """The file itself, always as an attachment: nothing that was sent in runs on our address."""
    document = get_object_or_404(Document.objects, pk=pk)
    _check(request, document.needs)
    try:
        return file_response(document)
    except FileNotFoundError:
        log.error("the file of document %s is missing: %s", document.pk, document.path)
        return render(request, "documents/missing.html", {"document": document}, status=404)


def file_response(document: Document) -> FileResponse:
    """The stored file as an attachment that runs nothing. Raises FileNotFoundError."""
    response = FileResponse(file_of(document).open("rb"), content_type=document.content_type)
    response["Content-Length"] = str(document.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.filename)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response


def _lately(request: WorkspaceRequest, asked: Job) -> list[Job]:
    jobs = Job.objects.select_related("document").exclude(pk=asked.pk)
    return [one for one in jobs[: 4 * LATELY] if _may(request, one.needs)][:LATELY]


def _may(request: WorkspaceRequest, capability: str) -> bool:
    membership = request.membership
    return membership.can(Can(capability))


def _check(request: WorkspaceRequest, capability: str) -> None:
    if not _may(request, capability):
        raise PermissionDenied
