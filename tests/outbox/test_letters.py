"""How letters read: files, digests in both languages, text and HTML, headers and bytes."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest

from clientdesk.outbox import html, mime
from clientdesk.outbox.letters import LANGUAGES, greeting, letter_text
from clientdesk.outbox.mime import Envelope, HeaderRefused

BODY = """Hello <b>Ana</b> & co,

the invoice is open: https://desk.test/p/i/abc?a=1&b=2. Look, or see
https://desk.test/other

Amount due\t€800.00
Due on\t10 May

Kind regards
Jana"""


def envelope(**changes: Any) -> Envelope:
    values: dict[str, Any] = {
        "sender_name": "Jana Novak",
        "sender_email": "desk@jana.example",
        "reply_to": "jana@jana.example",
        "to_name": "Ana",
        "to_email": "ana@example.com",
        "subject": "A note",
        "message_id": "<1@jana.example>",
        "date": datetime(2026, 5, 14, 7, 0, tzinfo=UTC),
        "automatic": True,
        "steps": ["611365/reminder", "7/final"],
    }
    return Envelope(**values | changes)


def parsed(**changes: Any) -> Any:
    raw = mime.write(envelope(**changes), text="text\n", html="<p>html</p>")
    return email.message_from_bytes(raw, policy=email.policy.default)


def page(body: str = BODY, subject: str = "A note", language: str = "en") -> str:
    return html.html_of(
        subject=subject, body=body, footer="Jana, Ilica 12\nReply", language=language
    )


def test_html_escapes_everything_and_links_bare_urls() -> None:
    whole = page(subject="<script>@@content@@")
    assert "Hello &lt;b&gt;Ana&lt;/b&gt; &amp; co," in whole
    assert "<script>" not in whole
    assert whole.count("&lt;script&gt;@@content@@") == 2
    links = re.findall(r'<a class="a" href="([^"]*)"[^>]*>([^<]*)</a>(.)', whole)
    assert [(url, text) for url, text, _ in links] == [
        ("https://desk.test/p/i/abc?a=1&amp;b=2",) * 2,
        ("https://desk.test/other",) * 2,
    ]
    assert links[0][2] == "."


def test_html_carries_its_styles_in_its_tags_and_dark_colours_apart() -> None:
    whole = page()
    assert '<p class="t" style="' in whole
    assert "prefers-color-scheme: dark" in whole
    assert "max-width: 600px" in whole
    assert "@@" not in whole
    assert "<!--" not in whole
    assert "<link" not in whole


def test_lines_with_tabs_are_a_table_in_html_and_labels_in_text() -> None:
    assert re.search(r"<td[^>]*>Amount due</td><td[^>]*>€800.00</td></tr><tr>", page())
    text = html.text_of(body=BODY, footer="Jana")
    assert "Amount due: €800.00\nDue on: 10 May\n" in text
    assert text.endswith("Kind regards\nJana\n\n-- \nJana\n")


def test_headers_say_what_the_message_is() -> None:
    message = parsed()
    assert message["From"] == "Jana Novak <desk@jana.example>"
    assert message["To"] == "Ana <ana@example.com>"
    assert message["Reply-To"] == "Jana Novak <jana@jana.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Clientdesk-Steps"] == "611365/reminder, 7/final"
    assert message["Message-ID"] == "<1@jana.example>"
    assert message["Date"].datetime == datetime(2026, 5, 14, 7, 0, tzinfo=UTC)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_message_by_hand_is_not_called_automatic() -> None:
    message = parsed(automatic=False, steps=[], reply_to="")
    assert message["Auto-Submitted"] is None
    assert message["X-Clientdesk-Steps"] is None
    assert message["Reply-To"] is None


@pytest.mark.parametrize(
    "text",
    [
        "Račun 2025-034: kratak podsjetnik",
        "Žužul, Đurđa \u201cŠef\u201d " * 8,
        'Quote "and", comma <angle>',
        "long " * 40 + "end",
        "x" * 300,
    ],
)
def test_any_text_survives_in_headers(text: str) -> None:
    text = text.strip()
    raw = mime.write(
        envelope(subject=text, to_name=text[:200], sender_name=text[:200]), text="t", html="h"
    )
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == text
    name, address = parseaddr(str(email.message_from_bytes(raw)["To"]).replace("\r\n", ""))
    assert str(make_header(decode_header(name))) == text[:200].strip()
    assert address == "ana@example.com"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\x00", "\x0b", "\u2028", "\x85"])
@pytest.mark.parametrize("field", ["subject", "to_name", "sender_name", "to_email", "message_id"])
def test_line_breaks_in_headers_are_refused(field: str, sign: str) -> None:
    with pytest.raises(HeaderRefused):
        mime.write(envelope(**{field: f"a{sign}Bcc: b@example.com"}), text="t", html="h")


def test_content_survives_and_only_crlf_ends_lines() -> None:
    text = ".\n..dots\nčćžšđ €\n-- \nFrom here\nx" + "y" * 2000 + "\rbare\r\nend \n"
    raw = mime.write(envelope(), text=text, html="<p>č</p>")
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    message: Any = email.message_from_bytes(raw, policy=email.policy.default)
    content = message.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n")
    assert content == text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert mime.read_html(raw).strip() == "<p>č</p>"


def test_domains_are_written_as_mail_servers_know_them() -> None:
    assert parsed(to_email="ana@kafić.hr")["To"].addresses[0].addr_spec == "ana@xn--kafi-ota.hr"
    with pytest.raises(HeaderRefused):
        parsed(to_email="ana@" + "č" * 80 + ".hr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("manner", ["gentle", "firm", "final"])
def test_every_digest_has_its_text_in_every_language(manner: str, language: str) -> None:
    text = letter_text("outbox", f"digest_{manner}", language)
    assert sorted(set(text.placeholders)) == ["count", "greeting", "points", "sender_name"]
    assert "!" not in text.subject + text.body


def test_another_language_gets_english() -> None:
    assert letter_text("outbox", "digest_firm", "de") == letter_text("outbox", "digest_firm", "en")
    assert [greeting("Ana", "de"), greeting("", "en"), greeting("Ana", "hr")] == [
        "Hello Ana,",
        "Hello,",
        "Dobar dan,",
    ]
