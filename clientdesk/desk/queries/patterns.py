"""The patterns of a client, of money and of answers, with what their owner set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.queries.lateness import lateness_of
from billing.rules.lateness import Usual
from clientdesk.findings import Finding
from clients.models import Client, Dismissal
from feedback.queries.patterns import Patterns, patterns_of


@dataclass(frozen=True, slots=True)
class ShownPattern:
    """A finding, and the words with which it was set aside as it stands now."""

    finding: Finding
    dismissal: Dismissal | None

    @property
    def stands(self) -> bool:
        return self.finding.stands and self.dismissal is None


@dataclass(frozen=True, slots=True)
class ClientPatterns:
    lateness: ShownPattern
    usual: Usual | None
    answering: ShownPattern
    control: ShownPattern
    behind: Patterns

    @property
    def all(self) -> Sequence[ShownPattern]:
        return (self.lateness, self.answering, self.control)

    @property
    def anything_known(self) -> bool:
        return any(one.finding.seen >= one.finding.needs for one in self.all)

    def named(self, name: str) -> ShownPattern | None:
        return next((one for one in self.all if one.finding.name == name), None)


def client_patterns(client: Client, *, today: date) -> ClientPatterns:
    """Ten queries, whatever the client's history."""
    lateness, usual = lateness_of(client.pk, today=today)
    behind = patterns_of(client, today=today)
    aside = {one.finding: one for one in Dismissal.objects.filter(client=client, withdrawn_at=None)}

    def shown(finding: Finding) -> ShownPattern:
        dismissal = aside.get(finding.name)
        still = dismissal is not None and finding.stands and dismissal.facts == finding.key
        return ShownPattern(finding, dismissal if still else None)

    return ClientPatterns(
        lateness=shown(lateness),
        usual=usual,
        answering=shown(behind.answering.finding),
        control=shown(behind.control.finding),
        behind=behind,
    )
