import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace


class Command(BaseCommand):
    help = "Begin a workspace; its owner is made if the address is new (set a password by mail)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="its address (slug), e.g. jana")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--name", default="", help="the name people see; the slug if not given")
        parser.add_argument("--timezone", default="Europe/Zagreb")
        parser.add_argument("--country", default="HR")
        parser.add_argument("--language", default="en", choices=["en", "hr"])
        parser.add_argument("--currency", default="EUR")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["workspace"]
        if Workspace.objects.filter(slug=slug).exists():
            raise CommandError(f"workspace {slug!r} exists already; choose another address")
        email = options["owner"].strip().lower()
        owner = User.objects.filter(email=email).first() or User.objects.create_user(email)
        try:
            workspace = create_workspace(
                name=options["name"] or slug,
                slug=slug,
                owner=owner,
                now=clock.now(),
                time_zone=options["timezone"],
                country=options["country"],
                language=options["language"],
                currency=options["currency"],
            )
        except ValidationError as error:
            raise CommandError(
                "; ".join(
                    f"{field}: {' '.join(found)}" for field, found in error.message_dict.items()
                )
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps({"workspace": workspace.slug, "owner": email}))
        else:
            self.stdout.write(f"Workspace {workspace.slug} is ready, owner {email}.")
