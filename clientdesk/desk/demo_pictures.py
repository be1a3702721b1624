"""The two posts that the sample client has to approve, drawn rather than shipped."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE, FINER = 400, 2
WOOD, DARK_WOOD = "#5B4630", "#7A5C3C"


def _picture(ground: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (SIZE * FINER, SIZE * FINER), ground)
    return image, ImageDraw.Draw(image)


def _at(*places: float) -> list[float]:
    return [place * FINER for place in places]


def _png(image: Image.Image) -> bytes:
    """Drawn twice as large and brought down, so that edges are smooth."""
    out = BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def oak_chair() -> bytes:
    image, draw = _picture("#DDE5E0")
    draw.rectangle(_at(0, 290, 400, 400), "#B9C7BF")
    draw.ellipse(_at(260, 50, 352, 142), "#F3E2B8")
    for x, top, bottom in ((150, 120, 334), (234, 130, 230), (262, 232, 334)):
        draw.rounded_rectangle(_at(x - 6.5, top, x + 6.5, bottom), 6 * FINER, WOOD)
    for y in (122, 166):
        draw.arc(_at(140, y - 20, 244, y + 26), 200, 340, WOOD, 13 * FINER)
    draw.rounded_rectangle(_at(138, 224, 272, 244), 4 * FINER, DARK_WOOD)
    return _png(image)


def summer_cups() -> bytes:
    image, draw = _picture("#2E3F3B")
    draw.rectangle(_at(0, 282, 400, 400), WOOD)
    draw.arc(_at(118, 196, 178, 250), 270, 90, "#E6DCC8", 9 * FINER)
    for left, top, right, colour in (
        (64, 176, 148, "#E6DCC8"),
        (160, 146, 250, "#B96A4B"),
        (264, 190, 342, "#93A9A0"),
    ):
        foot = _at(right - 8, 282, left + 8, 282)
        draw.polygon([*_at(left, top, right, top), *foot], colour)
    return _png(image)
