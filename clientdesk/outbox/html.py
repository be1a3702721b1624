"""A letter as an HTML page for mail programs, from templates/email/layout.html.

The layout is rendered and its styles are put into the tags once a language; a message is then only
filled in. The layout carries its own patterns between <!--begin x--> and <!--end x--> comments.
"""

import re
from dataclasses import dataclass
from functools import cache

import css_inline
from django.conf import settings
from django.template import Context, Engine
from django.utils.html import escape

from clientdesk.outbox.letters import spoken

SLOTS = ("subject", "preheader", "footer", "paragraph", "label", "value", "url")
SLOT = re.compile(r"@@(\w+)@@")
PATTERN = re.compile(r"[ \t]*<!--begin (\w+)-->(.*?)<!--end \1-->", re.DOTALL)
URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'”“’]")
PREHEADER_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Layout:
    page: str
    patterns: dict[str, str]


@cache
def _layout(language: str) -> Layout:
    """The inlined page with its slots as @@name@@ and one @@content@@ where the patterns stood."""
    # An engine of its own: no page's tag library or context processor can break the mail.
    engine = Engine(dirs=[str(settings.BASE_DIR / "templates" / "email")])
    slots = {slot: f"@@{slot}@@" for slot in SLOTS}
    rendered = engine.get_template("layout.html").render(Context({"language": language, **slots}))
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    page = inliner.inline(rendered).replace(' data-css-inline="keep"', "")
    patterns: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name, inner = match[1], PATTERN.sub(take, match[2])
        patterns[name] = inner
        return f"@@{name}@@" if name == "fact" else ""

    body = PATTERN.sub(take, page)
    start = page.index("<!--begin")
    return Layout(page=f"{body[:start]}@@content@@{body[start:].lstrip()}", patterns=patterns)


def _fill(pattern: str, **values: str) -> str:
    """One pass; the values are HTML already and are not looked at again."""
    return SLOT.sub(lambda match: values[match[1]], pattern)


def _is_table(lines: list[str]) -> bool:
    return all("\t" in line for line in lines)


def _linked(line: str, layout: Layout) -> str:
    link = layout.patterns["link"].removeprefix("<p>").removesuffix("</p>")
    done: list[str] = []
    position = 0
    for match in URL.finditer(line):
        done.append(escape(line[position : match.start()]))
        done.append(_fill(link, url=escape(match[0])))
        position = match.end()
    return "".join([*done, escape(line[position:])])


def _paragraph(paragraph: str, layout: Layout) -> str:
    lines = paragraph.split("\n")
    if _is_table(lines):
        rows = (line.split("\t", 1) for line in lines)
        inner = "".join(
            _fill(layout.patterns["fact"], label=escape(label), value=escape(value.strip()))
            for label, value in rows
        )
        return _fill(layout.patterns["facts"], fact=inner)
    text = "<br>".join(_linked(line, layout) for line in lines)
    return _fill(layout.patterns["paragraph"], paragraph=text)


def paragraphs(body: str) -> list[str]:
    return [one.strip("\n ") for one in re.split(r"\n[ \t]*\n", body.replace("\r\n", "\n").strip())]


def html_of(*, subject: str, body: str, footer: str, language: str) -> str:
    """The whole page. All of the letter is escaped; only bare URLs become links."""
    layout = _layout(spoken(language))
    parts = paragraphs(body)
    # What a mailbox shows after the subject: the letter's first sentence, not its greeting.
    preheader = next((one for one in parts[1:] if not _is_table(one.split("\n"))), "")
    return _fill(
        layout.page,
        subject=escape(subject),
        preheader=escape(URL.sub("", preheader)[:PREHEADER_LENGTH]),
        content="".join(_paragraph(one, layout) for one in parts),
        footer="<br>".join(escape(line) for line in footer.split("\n") if line),
    )


def text_of(*, body: str, footer: str) -> str:
    """The same letter as plain text; tables become lines of "label: value"."""
    parts = [
        one.replace("\t", ": ") if _is_table(one.split("\n")) else one for one in paragraphs(body)
    ]
    return "\n\n".join(parts) + (f"\n\n-- \n{footer}" if footer else "") + "\n"
