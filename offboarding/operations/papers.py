"""What every paper of a client's end shares: the languages it has, and how far it is."""


class LanguageRefused(ValueError):
    """The paper has no words in this language."""


def nothing_to_tell(progress: int, message: str = "") -> None:
    """Where nobody watches how far it is."""
