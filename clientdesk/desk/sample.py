"""The sample workspace that `make run` opens with, and the login to it."""

import os
import secrets
from datetime import datetime

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import transaction

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clientdesk.workspaces.operations import create_workspace

SLUG = "sample"
LOGIN = "demo@clientdesk.example"


# One transaction: a start that is interrupted leaves no half sample behind.
@transaction.atomic
def ensure_sample(*, now: datetime) -> str:
    """Make the sample workspace and its owner where both are missing; answers the password.

    What is there stays as it is, and a sample that its owner removed does not come back. Empty
    where the owner has since chosen a password of their own.
    """
    password = _kept_password()
    user = User.objects.filter(email=LOGIN).first()
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if user is not None and workspace is None:
        return password if user.check_password(password) else ""
    if user is None:
        user = User.objects.create_user(email=LOGIN, password=password, name="Jana Novak")
    if workspace is None:
        workspace = create_workspace(
            name="Sample studio", slug=SLUG, owner=user, now=now, is_sample=True
        )
        if "seed_demo" in get_commands():
            call_command("seed_demo", workspace=SLUG, verbosity=0)
    Membership.objects.get_or_create(
        workspace=workspace, user=user, defaults={"role": Role.OWNER, "joined_at": now}
    )
    return password if user.check_password(password) else ""


def _kept_password() -> str:
    path = settings.DATA_DIR / "demo_password"
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    password = secrets.token_urlsafe(9)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password)
    return password
