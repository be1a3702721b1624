from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clientdesk import clock
from clientdesk.desk.forms.imports import KINDS, UploadForm
from clientdesk.desk.operations import imports as operations
from clientdesk.importing import Report
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

RESULT = "import_result"


@needs(Can.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Choose a file; it is only looked at until it is confirmed."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        token = operations.keep_upload(
            file=form.cleaned_data["file"],
            kind=form.cleaned_data["kind"],
            workspace=request.workspace,
            user=request.user,
            now=clock.now(),
        )
        return redirect("desk:import_confirm", workspace=workspace, token=token)
    context = {
        "form": form,
        "kinds": [
            (kind, label, operations.KINDS[kind].required, operations.KINDS[kind].optional)
            for kind, label in KINDS
        ],
        # Shown once, after what was confirmed has come in.
        "result": request.session.pop(RESULT, None),
    }
    return render(request, "desk/import.html", context)


@needs(Can.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: WorkspaceRequest, workspace: str, token: str) -> HttpResponse:
    """A dry run of the file; a POST takes it in."""
    try:
        kind, path = operations.find_upload(
            token=token, workspace=request.workspace, user=request.user
        )
    except operations.NoSuchUpload as error:
        raise Http404 from error
    taking = request.method == "POST"
    report = operations.import_file(
        kind=kind,
        path=path,
        workspace=request.workspace,
        now=clock.now(),
        actor=f"user:{request.user.pk}",
        by=request.user,
        dry_run=not taking,
    )
    if taking and report.ok:
        path.unlink(missing_ok=True)
        request.session[RESULT] = _said(report)
        messages.success(request, _("The file has come in."))
        return redirect("desk:import", workspace=workspace)
    label = dict(KINDS)[kind]
    context = {
        "report": report,
        "label": label,
        "has_errors": not report.ok,
        "preview": [
            (row.line, [row[column] for column in report.columns]) for row in report.preview
        ],
    }
    return render(request, "desk/import_confirm.html", context)


def _said(report: Report) -> dict[str, str | int | list[str]]:
    return {
        "kind": report.kind,
        "new": report.new,
        "unchanged": report.unchanged,
        "waiting": report.waiting,
        "notes": report.notes,
    }


@needs(Can.MANAGE)
@require_safe
def columns(request: WorkspaceRequest, workspace: str, kind: str) -> HttpResponse:
    """An empty file with the header, to fill in."""
    importer = operations.KINDS.get(kind)
    if importer is None:
        raise Http404
    response = HttpResponse(
        ",".join((*importer.required, *importer.optional)) + "\r\n",
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response
