"""The look of a business on its papers: one colour and a logo, both harmless to the renderer."""

import base64
import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from clientdesk.workspaces.models import Brand

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
# WCAG 2.2, 1.4.3: text of this colour on white can be read.
CONTRAST = 4.5
LOGO_BYTES = 1024 * 1024
LOGO_PIXELS = 4_000_000
LOGO_HEIGHT = 240


class ColourRefused(ValueError):
    """No colour, or too light to be read on white. `contrast` is 0.0 for no colour."""

    def __init__(self, contrast: float = 0.0) -> None:
        super().__init__(contrast)
        self.contrast = contrast


class LogoRefused(ValueError):
    """No PNG or JPEG picture, or too large."""


@dataclass(frozen=True, slots=True)
class Look:
    """`accent` is #RRGGBB or nothing for ours; `logo` is a data: address or nothing."""

    accent: str = ""
    logo: str = ""


PLAIN = Look()


def look_of(workspace_id: int) -> Look:
    brand = Brand.objects.filter(workspace_id=workspace_id).first()
    if brand is None:
        return PLAIN
    return Look(brand.accent, data_address(bytes(brand.logo)))


def data_address(logo: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(logo).decode()}" if logo else ""


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, 0 to 1, by the formula of WCAG 2.2."""

    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def checked_colour(text: str) -> str:
    """Raises ColourRefused."""
    if not HEX.fullmatch(text):
        raise ColourRefused
    contrast = 1.05 / (luminance(text) + 0.05)
    if contrast < CONTRAST:
        raise ColourRefused(contrast)
    return text.upper()


def checked_logo(data: bytes) -> bytes:
    """Drawn anew as a small PNG: what else the file held does not come along.

    Raises LogoRefused.
    """
    if len(data) > LOGO_BYTES:
        raise LogoRefused("bytes")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LOGO_PIXELS:
                raise LogoRefused("pixels")
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, LogoRefused):
            raise
        raise LogoRefused("picture") from error
    if drawn.height > LOGO_HEIGHT:
        width = max(1, round(drawn.width * LOGO_HEIGHT / drawn.height))
        drawn = drawn.resize((width, LOGO_HEIGHT))
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
