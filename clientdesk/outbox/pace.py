"""How many messages are begun at once. Pure.

All that is begun together is uncertain together when the process is killed, and a payment stops
only what is not begun. So a group is no more than the mail server takes in a blink: one message
where it is slow, many where it is fast. See docs/adr/0005.
"""

SPAN = 0.1  # seconds that a group should take
PATIENCE = 0.5  # seconds after which what is left of a group is taken back
MOST = 50
GROWTH = 4


class Pace:
    """Learns from each group how large the next may be; begins, and begins anew, with one."""

    def __init__(self) -> None:
        self.size = 1

    def took(self, count: int, seconds: float) -> None:
        """`count` messages were handed over in so many seconds."""
        fits = int(min(MOST, SPAN * count / seconds)) if seconds > 0 else MOST
        self.size = max(1, min(MOST, fits, GROWTH * self.size))

    def broke(self) -> None:
        """The session was lost; who knows how the next one is."""
        self.size = 1
