from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client


def find_client(slug: str) -> Client:
    return get_object_or_404(Client.objects, slug=slug)


def actor_of(request: WorkspaceRequest) -> str:
    return f"user:{request.user.pk}"


def to_client(client: Client, workspace: str, tab: str = "desk:client") -> HttpResponse:
    return redirect(tab, workspace=workspace, slug=client.slug)


def once_key_of(request: WorkspaceRequest) -> str | None:
    """The same for a form sent twice, another one where a word in it is another.

    So going back, writing something else and sending it is a second entry. None where the form
    was not given a key.
    """
    if not request.POST.get("once_key"):
        return None
    said = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    return sha256(repr(said).encode()).hexdigest()


def try_to_save(form: forms.BaseForm, save: Callable[[], object]) -> bool:
    """Whether `save` went through; what it refuses stands at the form's fields."""
    try:
        save()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return False
        for field, messages in error.message_dict.items():
            form.add_error(field if field in form.fields else None, messages)
        return False
    return True


def form_page(
    request: WorkspaceRequest,
    client: Client,
    form: forms.BaseForm,
    *,
    title: str,
    submit: str,
    lede: str = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page that is one form about a client."""
    context = {
        "client": client,
        "form": form,
        "title": title,
        "submit": submit,
        "lede": lede,
        "cancel": reverse(
            "desk:client", kwargs={"workspace": request.workspace.slug, "slug": client.slug}
        ),
        **(more or {}),
    }
    return render(request, "clients/form.html", context)
