"""Every pair of colours that carries text or shape, recomputed from tokens.css: a new hue cannot make a page unreadable."""

import math
import re

import pytest
from django.conf import settings

TOKENS = settings.BASE_DIR / "theme/static_src/src/tokens.css"
PAPERS = ("bg", "surface", "sunken")
TONES = ("danger", "success", "warning", "info")

# (what is seen, what it stands on, the ratio it needs): WCAG 2.2, 1.4.3 and 1.4.11; running text is held to 7.
PAIRS = [
    *(("fg", paper, 7) for paper in PAPERS),
    *(("fg-muted", paper, 4.5) for paper in PAPERS),
    *(("link", paper, 4.5) for paper in PAPERS),
    *(("line-strong", paper, 3) for paper in PAPERS),
    *(("focus", paper, 3) for paper in PAPERS),
    *((tone, paper, 4.5) for tone in TONES for paper in PAPERS),
    *((tone, f"{tone}-soft", 4.5) for tone in TONES),
    *(("fg", f"{soft}-soft", 4.5) for soft in ("accent", *TONES)),
    ("accent-fg", "accent", 4.5),
    ("accent-fg", "accent-hover", 4.5),
    # The announcement strip turns the paper round.
    ("bg", "fg", 7),
]


def palette(scheme):
    """Colour tokens of one scheme, name to (red, green, blue) as linear light, 0 to 1."""
    light, dark = re.search(r":root \{(.*?)@variant dark \{(.*?)\}\s*\}", TOKENS.read_text(), re.DOTALL).groups()
    values = dict(re.findall(r"--([\w-]+):\s*([^;]+);", light))
    if scheme == "dark":
        values |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", dark))
    return {name: linear_rgb(resolved(value, values)) for name, value in values.items() if value.startswith("oklch(")}


def resolved(value, values):
    """The three numbers of an oklch() whose hue may be var(--hue) or calc(var(--hue) ± n)."""
    value = re.sub(r"var\(--([\w-]+)\)", lambda found: values[found[1]], value.removeprefix("oklch("))
    value = re.sub(r"calc\((\S+) ([+-]) (\S+?)\)", lambda sum_: str(float(sum_[1]) + float(sum_[2] + sum_[3])), value)
    lightness, chroma, hue = value.split("/")[0].replace(")", "").split()
    return float(lightness.removesuffix("%")) / 100, float(chroma), float(hue)


def linear_rgb(colour):
    """OKLCH to linear sRGB: https://bottosson.github.io/posts/oklab/"""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def ratio(one, other):
    """Contrast of two linear colours, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    shades = sorted(sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), colour)) for colour in (one, other))
    return (shades[1] + 0.05) / (shades[0] + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_told_apart(scheme):
    colours = palette(scheme)
    failing = [
        f"{scheme}: {seen} on {ground} is {ratio(colours[seen], colours[ground]):.2f}, needs {need}"
        for seen, ground, need in PAIRS
        if ratio(colours[seen], colours[ground]) < need
    ]
    assert failing == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_can_be_shown_by_every_screen(scheme):
    outside = {name for name, colour in palette(scheme).items() if not all(-0.001 <= part <= 1.001 for part in colour)}
    assert outside == set()


def test_the_arithmetic_agrees_with_known_values():
    white, black = linear_rgb((1.0, 0.0, 0.0)), linear_rgb((0.0, 0.0, 0.0))
    assert round(ratio(white, black), 2) == 21
    # #767676 on white is the darkest grey that WCAG's own examples pass at 4.54.
    grey = (((0x76 / 255 + 0.055) / 1.055) ** 2.4,) * 3
    assert round(ratio(grey, white), 2) == 4.54
    # oklch(97.5% 0.012 85) is #faf6ee.
    paper = [round(255 * (1.055 * part ** (1 / 2.4) - 0.055)) for part in linear_rgb((0.975, 0.012, 85.0))]
    assert paper == [0xFA, 0xF6, 0xEE]


def test_a_pair_that_is_too_close_is_named():
    colours = palette("light")
    assert ratio(colours["accent"], colours["bg"]) < 3
