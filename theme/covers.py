"""Covers, drawn from a book's title and author: the same book gets the same cover everywhere, for good.

`cover_svg` is a pure function and the whole generator. theme/views.py serves it; theme/templatetags/covers.py writes its
addresses. A change to the drawing is a new GENERATOR version, because browsers keep a cover for a year.
"""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from theme import tokens
from theme.cover_art import MOTIFS, SERIF, WIDTH, Band, Colours, Draw, n
from theme.cover_text import AUTHOR_LENGTH, TITLE_LENGTH, Text, cleaned, fitted, initial

GENERATOR = "v1"
HEIGHT = 300
MARGIN = 16
SPINE = 6
SANS = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,Arial,sans-serif"

# The names of the palettes. Their colours, a ground, an ink and a spot, are the theme's: see theme/static_src/src/themes/.
PALETTES = ("paper", "midnight", "moss", "brick", "teal", "plum", "butter", "fog")
# (size, most lines), largest first; the last one always fits.
TITLE_SIZES = ((30, 3), (25, 3), (21, 4), (18, 5))
SUBTITLE_SIZES = ((12.5, 2),)
AUTHOR_SIZES = ((11.5, 2),)


def seed(title: str, author: str) -> int:
    """32 bits that stand for the book (FNV-1a over its cleaned title and author)."""
    state = 0x811C9DC5
    for byte in f"{cleaned(title, TITLE_LENGTH)}\0{cleaned(author, AUTHOR_LENGTH)}".encode():
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return state


def palette_name(title: str, author: str) -> str:
    """The palette this book wears when no neighbour wears it."""
    return PALETTES[int(Draw(seed(title, author) ^ 0x9E3779B9).unit() * len(PALETTES))]


def shelf_palettes(works: Iterable[tuple[str, str]]) -> list[str]:
    """A palette for each (title, author) in their order, none equal to the one before it.

    A book keeps its motif and only changes colour, by the next palette in the list.
    """
    names = PALETTES
    chosen: list[str] = []
    for title, author in works:
        name = palette_name(title, author)
        if chosen and chosen[-1] == name:
            name = names[(names.index(name) + 1 + seed(title, author) % (len(names) - 1)) % len(names)]
        chosen.append(name)
    return chosen


def cover_svg(title: str, author: str = "", palette: str = "", theme: dict[str, Any] | None = None) -> str:
    """The cover as SVG text, 200 by 300, at most about 6 kB, in the colours of `theme`, or of the one that the site wears.

    `title` and `author` may be anything a person or a service sent: they are cleaned, shortened and escaped.
    Raises KeyError for a palette that does not exist.
    """
    title = cleaned(title, TITLE_LENGTH) or "Untitled"
    author = cleaned(author, AUTHOR_LENGTH)
    colours = _colours(*(theme or tokens.active())["covers"][palette or palette_name(title, author)])
    draw = Draw(seed(title, author))
    motif = draw.pick(MOTIFS)
    layout = draw.pick(("top", "bottom", "bottom", "split"))
    text, band = _text(title, author, layout, colours)
    art = motif(draw, band, colours, escape(initial(title)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<title>{escape(f'{title}, {author}' if author else title)}</title>"
        f'<clipPath id="a"><path d="M0 {n(band.top)}h{WIDTH}v{n(band.height)}H0z"/></clipPath>'
        f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{colours.ground}"/>'
        f'<g clip-path="url(#a)">{art}</g>{text}'
        f'<path d="M0 0h{SPINE}v{HEIGHT}H0z" fill="{colours.ink}" fill-opacity=".1"/>'
        f'<path d="M{SPINE} 0v{HEIGHT}" stroke="{colours.ink}" stroke-opacity=".35" stroke-width="1"/>'
        "</svg>"
    )


def _text(title: str, author: str, layout: str, colours: Colours) -> tuple[str, Band]:
    """The words as SVG text, and the band they leave free."""
    main, sub = _halves(title)
    box = WIDTH - 2 * MARGIN - 2
    head = fitted(main, box, TITLE_SIZES)
    tail = fitted(sub, box, SUBTITLE_SIZES) if sub else None
    name = fitted(author, box - 8, AUTHOR_SIZES) if author else None
    if layout == "split" and not name:
        layout = "top"

    block = len(head.lines) * head.size * 1.13 + (len(tail.lines) * 16 + 4 if tail else 0)
    byline = len(name.lines) * 15 if name else 0
    if layout == "top":
        out, y = _lines(head, 18, head.rtl, colours.ink, SERIF, 1.13, bold=True)
        if tail:
            out2, y = _lines(tail, y + 4, head.rtl, colours.ink, SERIF, 1.28)
            out += out2
        if name:
            out2, y = _lines(name, y + 5, head.rtl, colours.ink, SANS, 1.3, spaced=True)
            out += out2
        return out, Band(y + 9, HEIGHT)
    if layout == "split":
        out, y = _lines(head, 18, head.rtl, colours.ink, SERIF, 1.13, bold=True)
        if tail:
            out2, y = _lines(tail, y + 4, head.rtl, colours.ink, SERIF, 1.28)
            out += out2
        out2, _ = _lines(name, HEIGHT - 16 - byline, head.rtl, colours.ink, SANS, 1.3, spaced=True)
        return out + out2, Band(y + 10, HEIGHT - 24 - byline)
    top = HEIGHT - 17 - block - (byline + 5 if name else 0)
    out, y = _lines(head, top, head.rtl, colours.ink, SERIF, 1.13, bold=True)
    if tail:
        out2, y = _lines(tail, y + 4, head.rtl, colours.ink, SERIF, 1.28)
        out += out2
    if name:
        out2, y = _lines(name, y + 5, head.rtl, colours.ink, SANS, 1.3, spaced=True)
        out += out2
    return out, Band(0, top - 10)


def _halves(title: str) -> tuple[str, str]:
    """A long title and its subtitle, as a printer would set them: "Frankenstein" and "or, The Modern Prometheus"."""
    for mark in ("; ", ": "):
        main, found, sub = title.partition(mark)
        if found and len(main) >= 4 and len(title) > 22:
            return main, sub
    return title, ""


def _lines(
    text: Text, top: float, rtl: bool, ink: str, face: str, leading: float, *, bold: bool = False, spaced: bool = False
) -> tuple[str, float]:
    """One <text> set from `top` down, on the side the title begins at; and where it ends."""
    x = WIDTH - MARGIN if rtl else MARGIN
    # "start" is where the line's own script begins, so a name in the other direction anchors at its end.
    anchor = ' text-anchor="end"' if text.rtl != rtl else ""
    direction = ' direction="rtl"' if text.rtl else ""
    weight = ' font-weight="700"' if bold else ""
    space = ' letter-spacing=".4"' if spaced else ""
    step = text.size * leading
    first = top + text.size * 0.82
    spans = "".join(f'<tspan x="{n(x)}" y="{n(first + i * step)}">{escape(line)}</tspan>' for i, line in enumerate(text.lines))
    out = f'<text font-family="{face}" font-size="{n(text.size)}" fill="{ink}"{weight}{space}{direction}{anchor}>{spans}</text>'
    return out, top + len(text.lines) * step


def _colours(ground: str, ink: str, spot: str) -> Colours:
    return Colours(ground, ink, spot, _mixed(ground, spot, 0.34), _mixed(ground, ink, 0.16))


def _mixed(ground: str, colour: str, share: float) -> str:
    pairs = [(int(ground[i : i + 2], 16), int(colour[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
