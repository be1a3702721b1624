"""The items of a request as they are shown: latest version, and what was said about it."""

from collections.abc import Collection
from dataclasses import dataclass

from feedback.models import Decision, Item, Request, Verdict, Version


@dataclass(frozen=True, slots=True)
class Shown:
    """`verdict` is the last word on this very version; an edit leaves it with the one before."""

    item: Item
    version: Version
    verdict: Verdict | None

    @property
    def is_approved(self) -> bool:
        return self.verdict is not None and self.verdict.decision == Decision.APPROVED


def items_of(request: Request) -> list[Shown]:
    """In their order; three queries."""
    return items_of_many([request.pk]).get(request.pk, [])


def items_of_many(request_ids: Collection[int]) -> dict[int, list[Shown]]:
    """By request id, in their order; three queries."""
    latest: dict[int, Version] = {}
    for version in (
        Version.objects.filter(item__request_id__in=request_ids)
        .select_related("item", "picture")
        .order_by("number")
    ):
        latest[version.item_id] = version
    verdicts: dict[int, Verdict] = {}
    for verdict in Verdict.objects.filter(version__in=latest.values()).order_by(
        "answer__round__number", "answer__number"
    ):
        verdicts[verdict.version_id] = verdict
    shown: dict[int, list[Shown]] = {}
    for version in sorted(latest.values(), key=lambda v: (v.item.request_id, v.item.position)):
        one = Shown(version.item, version, verdicts.get(version.pk))
        shown.setdefault(version.item.request_id, []).append(one)
    return shown


def to_decide(request: Request) -> list[Shown]:
    """What the open round asks about: everything that was not approved in an earlier one."""
    earlier = Verdict.objects.filter(
        answer__round__request=request,
        answer__round__number__lt=request.round_number,
        decision=Decision.APPROVED,
    )
    approved = set(earlier.values_list("version_id", flat=True))
    return [one for one in items_of(request) if one.version.pk not in approved]
