"""Drawings of the report as SVG, in millimetres. Pure.

Nothing rests on colour: late is black, stopped is cut, asked is hatched, ours is light.
"""

import textwrap
from collections.abc import Sequence
from html import escape

from offboarding.rules.facts import Court

INK, ACCENT, MUTED, LINE, SOFT = "#17211F", "#0B6158", "#55615D", "#D5DCD9", "#D9EEEA"
WIDTH = 170.0
NARROW = 0.5


def svg(height: float, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {height:g}" font-family="Inter" font-size="2.65" fill="{INK}" '
        f'role="img"><title>{escape(title)}</title>{"".join(body)}</svg>'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    weight: int = 400,
    fill: str = INK,
    size: float = 2.65,
) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size:g}" fill="{fill}">{escape(words)}</text>'
    )


def line(x0: float, y0: float, x1: float, y1: float, color: str = LINE, width: float = 0.18) -> str:
    return (
        f'<line x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}" stroke="{color}" '
        f'stroke-width="{width:g}"/>'
    )


def box(x: float, y: float, w: float, h: float, fill: str = INK, stroke: str = "") -> str:
    edge = f' stroke="{stroke}" stroke-width=".3"' if stroke else ""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{w:.2f}" height="{h:.2f}" fill="{fill}"{edge}/>'


def hatch(x: float, y: float, w: float, h: float, step: float = 1.0) -> str:
    """Rising lines clipped to a rectangle, as one path."""
    path = []
    offset = step - h
    while offset < w:
        x0, y0, x1, y1 = x + offset, y + h, x + offset + h, y
        if x0 < x:
            x0, y0 = x, y0 - (x - x0)
        if x1 > x + w:
            x1, y1 = x + w, y1 + (x1 - (x + w))
        if x1 > x0:
            path.append(f"M{x0:.2f} {y0:.2f}L{x1:.2f} {y1:.2f}")
        offset += step
    return f'<path d="{"".join(path)}" stroke="{INK}" stroke-width=".22" fill="none"/>'


def day_field(court: Court, x: float, y: float, w: float, h: float) -> str:
    """A day; one too narrow for an edge goes without, or edges would be all that is seen."""
    edged = w > NARROW
    if court is Court.LATE:
        return box(x, y, w, h)
    if court is Court.STOPPED:
        cut = min(1.1, h / 4)
        half = (h - cut) / 2
        return box(x, y, w, half) + box(x, y + half + cut, w, half)
    if court is Court.ASKED:
        return hatch(x, y, w, h) + (box(x, y, w, h, "none", INK) if edged else "")
    if not edged:
        return box(x, y, w, h, SOFT)
    return box(x + 0.15, y + 0.15, max(0.2, w - 0.3), h - 0.3, SOFT, ACCENT)


def lanes(
    title: str,
    days: Sequence[tuple[int, Court]],
    span: int,
    labels: Sequence[tuple[str, str]],
    ticks: Sequence[tuple[int, str]],
) -> str:
    """Three lanes: late or stopped, asked, ours. `days` are offsets within `span` days."""
    left, top, lane = 22.0, 1.0, 8.6
    width = (WIDTH - left) / max(1, span)
    # Neighbours of one lane join when there are too many days to part them.
    field = width * 0.82 if width > NARROW / 0.82 else width
    rows = {Court.LATE: 0, Court.STOPPED: 0, Court.ASKED: 1, Court.OURS: 2}
    body = []
    for number, (name, small) in enumerate(labels):
        y = top + lane * number
        body.append(text(0, y + 3.4, name, weight=700))
        body.append(text(0, y + 6.7, small, fill=MUTED, size=2.45))
        body.append(line(left, y + lane - 0.5, WIDTH, y + lane - 0.5))
    for offset, court in days:
        y = top + lane * rows[court]
        body.append(day_field(court, left + offset * width, y, field, lane - 1.7))
    foot = top + lane * 3
    for offset, label in ticks:
        x = left + offset * width
        body.append(line(x, foot - 0.5, x, foot + 1, INK))
        body.append(text(x, foot + 4, label, fill=MUTED, size=2.45))
    return svg(foot + 5, title, body)


def bars(
    title: str,
    rows: Sequence[tuple[str, str, float, str]],
    *,
    hatched: frozenset[str] = frozenset(),
) -> str:
    """Label, what stands at the end of the bar, its length, and a small remark to the right."""
    left, right, lane = 34.0, 44.0, 6.2
    most = max((row[2] for row in rows), default=0) or 1
    body = []
    for number, (label, figure, value, remark) in enumerate(rows):
        y = lane * number + 0.8
        length = (WIDTH - left - right) * value / most
        body.append(text(0, y + 3.2, label))
        draw = hatch(left, y, length, 4) if label in hatched and length else ""
        body.append(draw or box(left, y, max(length, 0.25), 4))
        body.append(text(left + length + 1.5, y + 3.2, figure, weight=700))
        body.append(text(WIDTH, y + 3.2, remark, anchor="end", fill=MUTED))
        body.append(line(left, y + 5.1, WIDTH, y + 5.1))
    return svg(lane * len(rows) + 0.8, title, body)


def pairs(title: str, rows: Sequence[tuple[str, float, float, str, str, str]]) -> str:
    """Before and after, each pair in its own scale: label, before, after, their words, change."""
    left, right, lane = 62.0, 46.0, 11.4
    body = []
    for number, (label, before, after, before_words, after_words, change) in enumerate(rows):
        y = lane * number + 1
        most = max(before, after, 0.0) or 1
        room = WIDTH - left - right
        first, second = room * max(before, 0) / most, room * max(after, 0) / most
        lines = textwrap.wrap(label, 34, max_lines=2, placeholder="…") or [""]
        for row_number, words in enumerate(lines):
            first_line = y + (5.6 if len(lines) == 1 else 3.8)
            body.append(text(0, first_line + 3.8 * row_number, words, weight=700, size=2.9))
        body.append(box(left, y + 0.2, max(first, 0.3), 3.4, "none", MUTED))
        body.append(text(left + first + 1.5, y + 3, before_words, fill=MUTED))
        body.append(box(left, y + 4.6, max(second, 0.3), 4.2, ACCENT))
        body.append(text(left + second + 1.5, y + 7.8, after_words, weight=700))
        body.append(text(WIDTH, y + 6.2, change, anchor="end", weight=700, size=3.6))
        body.append(line(0, y + 9.8, WIDTH, y + 9.8))
    return svg(lane * len(rows) + 1, title, body)


def around_due(title: str, rows: Sequence[tuple[str, int, str, bool]]) -> str:
    """Days from the due line: label, days (early below 0), their words, whether still open."""
    lane, left, right = 6.2, 34.0, 26.0
    least, most = min([0, *(row[1] for row in rows)]), max([1, *(row[1] for row in rows)])
    unit = (WIDTH - left - right) / (most - least)
    zero = left - least * unit
    height = lane * len(rows)
    body = [line(zero, 0, zero, height, INK, 0.3)]
    for number, (label, days, words, is_open) in enumerate(rows):
        y = lane * number + 0.8
        x, w = (zero, days * unit) if days >= 0 else (zero + days * unit, -days * unit)
        body.append(text(0, y + 3.2, label))
        if days < 0:
            body.append(box(x, y, w, 4, SOFT, ACCENT))
        elif days:
            body.append(box(x, y, w, 4, "none" if is_open else INK, INK))
        body.append(text(zero + max(0, days) * unit + 1.5, y + 3.2, words, weight=700))
    return svg(height + 0.5, title, body)
