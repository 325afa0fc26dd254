"""Which text can be read on which colour. Pure.

Contrast is that of WCAG 2.2: relative luminance of both, 4.5 for text and 3 for the edges of
controls (success criteria 1.4.3 and 1.4.11).
"""

LIGHT_PAPER = "#ffffff"
DARK_PAPER = "#111614"
_BLACK, _WHITE = "#000000", "#ffffff"
_EDGE = 3.0
_TEXT = {LIGHT_PAPER: 5.0, DARK_PAPER: 7.0}
"""More than 4.5, so that a link is readable on the washed background of a box as well."""


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition)."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """Black or white: the one that is easier to read on `colour`. At least 4.5 on any colour."""
    return max(_WHITE, _BLACK, key=lambda text: contrast(text, colour))


def _towards(colour: str, goal: str, share: float) -> str:
    mixed = (
        round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(goal), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _until(colour: str, paper: str, wanted: float) -> str:
    """`colour`, moved away from `paper` in 20 steps until the contrast is as wanted."""
    goal = text_on(paper)
    steps = (_towards(colour, goal, step / 20) for step in range(21))
    return next(step for step in steps if contrast(step, paper) >= wanted)


def brand_css(colour: str) -> str:
    """Custom properties of the brand for light and dark, each readable whatever `colour` is."""

    def rules(paper: str) -> str:
        button = _until(colour, paper, _EDGE)
        return (
            f":root{{--brand:{button};--on-brand:{text_on(button)};"
            f"--brand-text:{_until(colour, paper, _TEXT[paper])}}}"
        )

    return f"{rules(LIGHT_PAPER)}\n@media (prefers-color-scheme:dark){{{rules(DARK_PAPER)}}}\n"
