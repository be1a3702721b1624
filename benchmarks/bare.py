"""The reminder as a Django project would write it: the same words and page as Django templates."""

import re

from clientdesk.outbox.html import html_of, text_of
from clientdesk.outbox.letters import letter_text

NAME = re.compile(r"\{(\w+)\}")
MARK = re.compile(r"q0(\w+?)0q")
LINK = "https://desk.example.com/i/q0invoice_link0q"
IDENTITY = "Jana Novak, obrt za dizajn, Ilica 1, 10000 Zagreb"


def templates() -> tuple[str, str, str]:
    """Subject, text and HTML (styles in its tags already) with {{ names }}."""
    letter = letter_text("billing", "reminder", "en")
    footer = _marked(letter_text("outbox", "footer", "en").body)
    subject, body = _marked(letter.subject), _marked(letter.body)
    page = html_of(subject=subject, body=body, footer=footer, language="en")
    return _named(subject), _named(text_of(body=body, footer=footer)), _named(page)


def _marked(text: str) -> str:
    # The page escapes and shortens what it is given; these marks it leaves alone.
    return NAME.sub(r"q0\g<1>0q", text.replace("{invoice_link}", LINK))


def _named(text: str) -> str:
    return MARK.sub(r"{{ \g<1> }}", text)


def facts(number: int) -> dict[str, str]:
    return {
        "contact_name": f"Ana Horvat {number}",
        "invoice_number": f"2026-{number:06}",
        "amount_due": f"€{100 + number % 900}.00",
        "due_date": "6 May 2026",
        "invoice_link": f"{number:064x}",
        "sender_name": "Jana Novak",
        "identity": IDENTITY,
    }
