"""Sentences of the ending letter that depend on how things stand, in both languages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owed:
    """An open invoice as a letter names it; amount and day are written out already."""

    number: str
    amount: str
    due: str


def handover_line(*, accounts: int, paid: bool, link: str, language: str) -> str:
    """What the client receives today, or as soon as nothing is open."""
    if language == "hr":
        if not accounts:
            return f"Završno izvješće o postignutom: {link}"
        if paid:
            return (
                "Danas vam stavljam na raspolaganje puni pristup svim profilima koje vodim za vas, "
                f"popis predanog i završno izvješće o postignutom: {link}"
            )
        return (
            "Završno izvješće o postignutom je ovdje. Puni pristup svim profilima koje vodim za "
            f"vas i popis predanog slijede čim se podmire otvoreni računi: {link}"
        )
    if not accounts:
        return f"The final report on what was achieved: {link}"
    if paid:
        return (
            "You receive today: full access to all accounts I have managed for you, the list of "
            f"what was handed over, and the final report on what was achieved: {link}"
        )
    return (
        "The final report on what was achieved is here. Full access to all accounts I have "
        "managed for you and the list of what is handed over follow once the open invoices are "
        f"paid: {link}"
    )


def money_line(owed: Sequence[Owed], language: str) -> str:
    """What is still open, invoice by invoice, or that nothing is."""
    if language == "hr":
        if not owed:
            return "Svi su računi podmireni."
        one = ", ".join(f"{o.number} na iznos {o.amount}, dospijeće {o.due}" for o in owed)
        word = "Otvoren je račun" if len(owed) == 1 else "Otvoreni su računi"
        return f"{word} {one}{'' if one.endswith('.') else '.'}"
    if not owed:
        return "All invoices are paid."
    one = "; ".join(f"{o.number} for {o.amount}, due on {o.due}" for o in owed)
    return f"{'One invoice is' if len(owed) == 1 else 'These invoices are'} still open: {one}."
