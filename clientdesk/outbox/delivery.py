from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(slots=True)
class DeliveryResult:
    """How many messages one pass brought to each end."""

    sent: int = 0
    suppressed: int = 0
    retry: int = 0
    failed: int = 0
    uncertain: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def deliver(*, now: Callable[[], datetime] | datetime, limit: int | None = None) -> DeliveryResult:
    raise NotImplementedError
