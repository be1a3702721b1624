import secrets
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clientdesk import clock
from clientdesk.desk.imports import IMPORTERS
from clientdesk.importing import run_import
from clientdesk.workspaces.access import Can, needs
from clients.forms import helper

LARGEST = 50 * 1024 * 1024
KEPT_SECONDS = 24 * 3600
KINDS = [
    ("clients", gettext_lazy("Clients")),
    ("invoices", gettext_lazy("Invoices")),
    ("payments", gettext_lazy("Payments")),
    ("interactions", gettext_lazy("Log entries")),
]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=KINDS, widget=forms.RadioSelect
    )
    file = forms.FileField(label=gettext_lazy("CSV file"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file has %(size)s MB; expected at most 50 MB."),
                params={"size": file.size // (1024 * 1024)},
            )
        return file


def _folder(request: HttpRequest) -> Path:
    folder = Path(settings.DATA_DIR) / "imports" / str(request.workspace.pk)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        if clock.now().timestamp() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)


@needs(Can.MANAGE)
def upload(request: HttpRequest, workspace: str) -> HttpResponse:
    """Choose a file; it is only looked at until it is confirmed."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        folder = _folder(request)
        _forget_old(folder)
        token = secrets.token_hex(16)
        with (folder / f"{token}.csv").open("wb") as kept:
            for chunk in form.cleaned_data["file"].chunks():
                kept.write(chunk)
        request.session[f"import:{token}"] = [
            request.workspace.pk,
            form.cleaned_data["kind"],
            form.cleaned_data["file"].name,
        ]
        return redirect("desk:import_confirm", workspace=workspace, token=token)
    columns = [(IMPORTERS[kind], name) for kind, name in KINDS]
    return render(request, "desk/import.html", {"form": form, "columns": columns})


@needs(Can.MANAGE)
def confirm(request: HttpRequest, workspace: str, token: str) -> HttpResponse:
    """A dry run of the file; the POST takes it in."""
    workspace_id, kind, name = request.session.get(f"import:{token}", (None, "", ""))
    path = _folder(request) / f"{token}.csv"
    if workspace_id != request.workspace.pk or not path.is_file():
        raise Http404
    taking = request.method == "POST"
    result = run_import(
        IMPORTERS[kind],
        path=path,
        workspace=request.workspace,
        now=clock.now(),
        actor=f"user:{request.user.pk}",
        dry_run=not taking,
    )
    if taking and result.ok:
        path.unlink(missing_ok=True)
        del request.session[f"import:{token}"]
        messages.success(
            request,
            _("%(new)s new, %(unchanged)s unchanged.")
            % {"new": result.new, "unchanged": result.unchanged},
        )
        pages = {
            "clients": "clients:list",
            "invoices": "billing:start_ladder",
            "payments": "billing:list",
            "interactions": "desk:activity",
        }
        return redirect(pages[kind], workspace=workspace)
    context = {"result": result, "name": name, "kind": kind, "has_errors": not result.ok}
    return render(request, "desk/import_confirm.html", context)


@needs(Can.MANAGE)
@require_safe
def columns(request: HttpRequest, workspace: str, kind: str) -> HttpResponse:
    """An empty file with the header."""
    if kind not in IMPORTERS:
        raise Http404
    importer = IMPORTERS[kind]
    response = HttpResponse(
        ",".join([*importer.required, *importer.optional]) + "\r\n",
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response
