from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.desk.context import THEME, THEMES, chosen_theme
from clientdesk.desk.forms.brand import OURS, BrandForm
from clientdesk.desk.forms.mail import MailForm
from clientdesk.desk.operations import members as operations
from clientdesk.desk.operations.brand import save_brand
from clientdesk.workspaces.access import Can, Role, needs
from clientdesk.workspaces.brand import look_of
from clientdesk.workspaces.forms import InvitationForm, ProfileForm
from clientdesk.workspaces.models import Invitation, Membership, Workspace
from clientdesk.workspaces.operations import AlreadyMember, LastOwner
from clientdesk.workspaces.requests import WorkspaceRequest

ONE_YEAR = 365 * 24 * 3600


@needs(Can.SEE_DESK)
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    context = {
        "mail_is_set_up": django_settings.MAIL_IS_SET_UP,
        "themes": [("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        "chosen": chosen_theme(request),
    }
    return render(request, "desk/settings.html", context)


@needs(Can.MANAGE)
def profile(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The business as its letters and invoices show it."""
    row = Workspace.objects.get(pk=request.workspace.pk)
    form = ProfileForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.change_profile(form=form, now=clock.now(), actor=f"user:{request.user.pk}")
        messages.success(request, _("Kept."))
        return redirect("desk:settings", workspace=workspace)
    return render(request, "desk/profile.html", {"form": form})


@needs(Can.SEE_DESK)
@require_POST
def theme(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Light, dark, or as the system has it: on this device only."""
    answer = redirect("desk:settings", workspace=workspace)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(
            THEME,
            chosen,
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=django_settings.SESSION_COOKIE_SECURE,
        )
    else:
        answer.delete_cookie(THEME)
    return answer


@needs(Can.MANAGE)
def look(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Colour and logo of the papers."""
    shown = look_of(request.workspace.pk)
    posted = request.method == "POST"
    form = BrandForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        has_logo=bool(shown.logo),
        initial={"accent": shown.accent or OURS},
    )
    if posted and form.is_valid():
        save_brand(
            workspace=request.workspace,
            accent=form.cleaned_data["accent"],
            logo=form.cleaned_data["logo"],
            without_logo=form.cleaned_data.get("no_logo", False),
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
        messages.success(request, _("Kept. New papers look like this."))
        return redirect("desk:look", workspace=workspace)
    return render(request, "desk/look.html", {"form": form, "look": shown})


@needs(Can.SEE_DESK)
def mail(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What the one who asks gets by mail; everybody decides for themselves."""
    row = get_object_or_404(
        Membership.objects.filter(workspace=request.workspace, user=request.user)
    )
    form = MailForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        return redirect("desk:settings", workspace=workspace)
    return render(request, "desk/mail.html", {"form": form})


@needs(Can.MANAGE)
def members(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link = operations.invite_member(
                workspace=request.workspace,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                invited_by=request.user,
                now=clock.now(),
            )
        except AlreadyMember:
            form.add_error("email", _("This address belongs to a member already."))
        else:
            messages.success(request, _("The invitation waits in the outbox."))
            # Shown once, for those who set up no mail: only its hash is kept.
            request.session["invitation_link"] = link
            return redirect("desk:members", workspace=workspace)
    context = {
        "form": form,
        "members": Membership.objects.filter(workspace=request.workspace)
        .select_related("user")
        .order_by("role", "user__email"),
        "invitations": Invitation.objects.filter(
            accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
        ),
        "roles": Role.choices,
        "link": request.session.pop("invitation_link", ""),
    }
    return render(request, "desk/members.html", context)


@needs(Can.MANAGE)
@require_POST
def member(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Another role, or out."""
    row = get_object_or_404(Membership.objects.filter(workspace=request.workspace), pk=pk)
    try:
        if "remove" in request.POST:
            operations.remove(membership=row, now=clock.now(), actor=f"user:{request.user.pk}")
            messages.success(request, _("%(who)s has left.") % {"who": row.user})
        elif request.POST.get("role") in Role.values:
            operations.change(
                membership=row,
                role=request.POST["role"],
                now=clock.now(),
                actor=f"user:{request.user.pk}",
            )
            messages.success(request, _("The role is changed."))
    except LastOwner:
        messages.error(request, _("A workspace keeps at least one owner."))
    if row.user_id == request.user.pk:
        return redirect("workspaces:choose")
    return redirect("desk:members", workspace=workspace)


@needs(Can.MANAGE)
@require_POST
def revoke(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    row = get_object_or_404(Invitation.objects, pk=pk)
    operations.revoke(invitation=row, now=clock.now())
    messages.success(request, _("The invitation opens nothing any more."))
    return redirect("desk:members", workspace=workspace)
