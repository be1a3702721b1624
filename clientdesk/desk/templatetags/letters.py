"""Letters as they would be read, while their words are being changed."""

from collections.abc import Mapping

from django import template
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString

from clientdesk.outbox.placeholders import PLACEHOLDER, names_in

register = template.Library()


@register.simple_tag
def as_read(text: str, facts: Mapping[str, str], whole: bool = False) -> SafeString:
    """`text` with its facts; what has none is marked. `whole` makes paragraphs of a letter.

    Values are escaped and not looked at again, whatever they look like.
    """
    done: list[str] = []
    position = 0
    for match in PLACEHOLDER.finditer(text):
        name = names_in(match[0])[0]
        done.append(escape(text[position : match.start()]))
        done.append(escape(facts[name]) if name in facts else _marked(match[0]))
        position = match.end()
    said = "".join([*done, escape(text[position:])])
    # All of it is escaped above; the paragraphs are the only tags that come on top.
    return SafeString(linebreaks(said, autoescape=False) if whole else said)


def _marked(word: str) -> str:
    return format_html("<mark>{}</mark>", word)
