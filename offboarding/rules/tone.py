"""Words in a letter that would be held against its writer: found before it is sent. Pure.

It points out, it does not forbid: the owner may send it all the same. Croatian stems are followed
by any ending, since the language inflects them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    INSULT = "insult"
    THREAT = "threat"
    SHOUT = "shout"
    BLAME = "blame"


WORDS: dict[Why, tuple[str, ...]] = {
    Why.INSULT: (
        r"idiot\w*", r"stupid\w*", r"moron\w*", r"fools?", r"liars?", r"incompetent\w*",
        r"ridiculous\w*", r"pathetic\w*", r"disgust\w*", r"crook\w*", r"thie(?:f|ves)", r"scam\w*",
        r"bastard\w*", r"asshole\w*", r"bullshit", r"fuck\w*", r"shit\w*", r"damn\w*", r"lazy",
        r"glup\w*", r"kreten\w*", r"budal\w*", r"lažov\w*", r"lažljiv\w*",
        r"nesposobn\w*", r"smiješn\w*", r"jadn(?:i|a|o|e|ik\w*)", r"bezobrazn\w*", r"lopov\w*",
        r"prevarant\w*", r"varalic\w*", r"lijen\w*", r"sramotn\w*", r"sramot[aeu]", r"govn\w*",
        r"jeb\w*", r"seljač\w*", r"seljak\w*",
    ),
    Why.THREAT: (
        r"or else", r"you will regret", r"you'll regret", r"ruin you\w*", r"destroy you\w*",
        r"expose you", r"everyone will know", r"zažalit\w*", r"požalit će\w*", r"uništit\w*",
        r"svi će (?:sa)?znati", r"razotkrit\w*",
    ),
    Why.BLAME: (
        r"you always", r"you never", r"as usual with you", r"your fault", r"vi uvijek",
        r"vi nikad\w*", r"kao i uvijek", r"vaša krivnja", r"sami ste krivi",
    ),
}  # fmt: skip
_PATTERNS = {
    why: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    for why, words in WORDS.items()
}
_SHOUTED = re.compile(r"!{2,}|\b[A-ZČĆĐŠŽ]{4,}(?:\s+[A-ZČĆĐŠŽ]{2,})+\b")


@dataclass(frozen=True, slots=True)
class Slip:
    """A piece of the text, and what is wrong with it."""

    text: str
    why: Why


def slips(text: str) -> list[Slip]:
    """In the order of the text, each wording once."""
    found: dict[str, tuple[int, Slip]] = {}
    patterns = [*_PATTERNS.items(), (Why.SHOUT, _SHOUTED)]
    for why, pattern in patterns:
        for match in pattern.finditer(text):
            found.setdefault(match[0].casefold(), (match.start(), Slip(match[0], why)))
    return [slip for _, slip in sorted(found.values(), key=lambda one: one[0])]
