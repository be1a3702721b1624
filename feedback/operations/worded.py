"""What all letters about answers have in common: their texts, and the rows they speak of."""

from collections.abc import Collection, Sequence

from clientdesk.outbox.kinds import Letter, Ready
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from feedback.models import Request
from feedback.queries.letters import line_name


class Worded:
    """The two texts of a kind of letter; `facts["text"]` names which."""

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        text = letter_text("feedback", ready.facts["text"], language, part.workspace)
        return text.filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        if ready.facts["text"].endswith("_several"):
            return str(ready.facts["requests"])
        name = line_name(ready.facts["text"])
        return letter_text("feedback", name, language, part.workspace).filled(ready.facts).body


def open_requests(ids: Collection[int], parts: Sequence[Part]) -> dict[int, Request]:
    """Those that are open, by id, locked in one order, with one workspace for all of them."""
    found = (
        Request.objects.open()
        .select_for_update(of=("self",), no_key=True)
        .select_related("client", "project")
        .filter(pk__in=set(ids))
        .order_by("pk")
    )
    requests = {request.pk: request for request in found}
    for request in requests.values():
        request.workspace = parts[0].workspace
    return requests


def addresses(parts: Sequence[Part]) -> dict[int, str]:
    """By part id, to whom it goes: the links in it are made for this address."""
    return {part.pk: part.message.to_email for part in parts}
