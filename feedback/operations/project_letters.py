"""The letter that brings a client the link to their project's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clients.models import Contact, Project
from feedback.operations.sharing import KIND
from feedback.queries.links import known_project_link


class ProjectLetter:
    """The outbox's kind for it. Where the link was revoked meanwhile, nothing goes out."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        projects = {
            project.pk: project
            for project in Project.objects.select_for_update(of=("self",), no_key=True)
            .select_related("client", "workspace")
            .filter(pk__in={part.facts["project"] for part in parts})
            .order_by("pk")
        }
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            project, email = projects[part.facts["project"]], part.facts["email"]
            address = known_project_link(project, email=email, now=now)
            if not address:
                verdicts[part.pk] = Withdrawn(n_("the link was revoked meanwhile"))
                continue
            person = Contact.objects.filter(client=project.client_id, email=email).first()
            verdicts[part.pk] = Ready(
                facts={
                    "contact_name": (person.name if person else "") or project.client.name,
                    "project": project.name,
                    "project_link": address,
                    "sender_name": project.workspace.sender_name or project.workspace.name,
                },
                tone=0,
            )
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("feedback", "project", language, part.workspace).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        text = letter_text("feedback", "project_line", language, part.workspace)
        return text.filled(ready.facts).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows from having the link."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on it; the outbox shows what became of it."""
