"""The eight motifs of a generated cover, each drawn into the band of the cover that the title leaves free.

Called by theme/covers.py alone. A motif is a function (draw, band, colours, letter) -> SVG text. It may bleed off the
edges: the caller clips it. Every number comes from `draw`, so the same book gets the same picture.
"""

from collections.abc import Callable
from math import cos, hypot, pi, sin
from typing import NamedTuple

WIDTH = 200
SERIF = "Iowan Old Style,Charter,Sitka Text,Cambria,Georgia,ui-serif,serif"


class Colours(NamedTuple):
    ground: str
    ink: str
    spot: str
    tone: str  # the spot, thinned into the ground
    shade: str  # the ink, thinned into the ground


class Band(NamedTuple):
    """Where art may stand: from `top` to `foot`, over the whole width."""

    top: float
    foot: float

    @property
    def height(self) -> float:
        return self.foot - self.top


class Draw:
    """A seeded generator of 32 bits (mulberry32), written out so that no release of Python can change a cover."""

    def __init__(self, seed: int) -> None:
        self.state = seed & 0xFFFFFFFF

    def unit(self) -> float:
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = self.state
        t = ((t ^ (t >> 15)) * (t | 1)) & 0xFFFFFFFF
        t = (t ^ (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF))) & 0xFFFFFFFF
        return (t ^ (t >> 14)) / 4294967296

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def pick[T](self, options: tuple[T, ...]) -> T:
        return options[int(self.unit() * len(options))]


def n(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{round(value, 1):.1f}".removesuffix(".0")


def disc(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"/>'


def ring(x: float, y: float, r: float, stroke: str, thickness: float) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="none" stroke="{stroke}" stroke-width="{n(thickness)}"/>'


def path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, stroke: str, thickness: float, more: str = "") -> str:
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{n(thickness)}"{more}/>'


def rings(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """Water after a stone: wide spot rings, with thin ink rings printed a little beside them."""
    x = draw.pick((100, 62, 138, 176))
    y = band.top + band.height * draw.pick((0.5, 0.5, 0.42, 0.96))
    count = draw.pick((4, 5, 6))
    reach = max(band.height * 0.56, 92)
    step = reach / count
    out = [disc(x - 4, y + 3, reach + step * 0.3, c.tone)]
    for i in range(count, 0, -1):
        out.append(ring(x, y, i * step - step * 0.3, c.spot, step * 0.46))
    for i in range(count, 0, -1):
        out.append(ring(x + 3, y - 3, i * step + step * 0.2, c.ink, 1.6))
    out.append(disc(x + 3, y - 3, step * 0.3, c.ink))
    return "".join(out)


def arches(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """A colonnade: one, two or three nested arches standing on the lower edge, a sun behind one of them."""
    columns = draw.pick((1, 1, 2, 3))
    gap = 10
    left, right = 22.0, 184.0
    wide = (right - left - gap * (columns - 1)) / columns
    nested = {1: 4, 2: 3, 3: 2}[columns]
    tall = min(band.height - 14, wide / 2 + band.height * draw.between(0.42, 0.6))
    sunny = int(draw.unit() * columns)
    out = []
    for column in range(columns):
        x = left + column * (wide + gap)
        top = band.foot - tall + (0 if columns == 1 else draw.pick((0, 14, 28)))
        inset = wide / (2 * (nested + 0.9))
        for i in range(nested):
            fill = (c.spot, c.ground, c.tone, c.shade)[i % 4]
            out.append(path(_arch(x + i * inset, top + i * inset, wide - 2 * i * inset, band.foot), fill))
        inner = nested * inset
        out.append(path(_arch(x + inner, top + inner, wide - 2 * inner, band.foot), c.ink))
        if column == sunny:
            r = max(4.0, (wide - 2 * inner) * 0.26)
            out.append(disc(x + wide / 2, top + wide / 2 + r, r, c.spot))
        for i in range(nested):
            out.append(line(_arch(x + i * inset + 3, top + i * inset - 3, wide - 2 * i * inset, band.foot), c.ink, 1.5))
    return "".join(out)


def _arch(x: float, top: float, wide: float, foot: float) -> str:
    r = wide / 2
    return f"M{n(x)} {n(foot + 4)}V{n(top + r)}a{n(r)} {n(r)} 0 0 1 {n(wide)} 0V{n(foot + 4)}"


def halftone(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """A screen of dots, swelling towards a light; a second, smaller disc of dots is printed in the other ink."""
    step = draw.pick((11.0, 12.5, 14.0))
    light = (draw.between(30, 170), band.top + band.height * draw.between(0.2, 0.8))
    moon = (draw.between(60, 140), band.top + band.height * draw.between(0.35, 0.65), draw.between(34, 48))
    slope = draw.pick((0, 1, 2))
    reach = hypot(200, band.height) * 0.62
    dots: dict[tuple[str, int], list[str]] = {}
    rows = int(band.height / step * 1.16) + 2
    for row in range(rows):
        y = band.top + row * step * 0.866
        for column in range(int(WIDTH / step) + 2):
            x = column * step + (step / 2 if row % 2 else 0)
            if slope == 0:
                force = 1 - hypot(x - light[0], y - light[1]) / reach
            elif slope == 1:
                force = (y - band.top) / band.height
            else:
                force = 1 - (x * 0.6 + (y - band.top)) / (120 + band.height)
            inside = hypot(x - moon[0], y - moon[1]) < moon[2]
            grade = round(max(force, 0.16 if inside else 0.0) * 7) if not inside else 7 - round(max(force, 0) * 3)
            if grade > 0:
                dots.setdefault((c.ink if inside else c.spot, grade), []).append(f"M{n(x)} {n(y)}h0")
    return "".join(
        line("".join(marks), colour, step * (0.14 + 0.115 * grade), ' stroke-linecap="round"')
        for (colour, grade), marks in dots.items()
    )


def sunrise(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """A low sun over water: rays or a plain sky above, bars that thicken towards the reader below."""
    x = draw.pick((100, 100, 70, 134))
    r = min(62.0, band.height * draw.between(0.26, 0.34))
    horizon = band.top + band.height * draw.between(0.5, 0.6)
    out = []
    if draw.unit() < 0.55:
        count = draw.pick((9, 11, 13))
        for i in range(count):
            a = pi * (i + 0.25) / count
            b = pi * (i + 0.75) / count
            left, right = (f"{n(x - 260 * cos(turn))} {n(horizon - 260 * sin(turn))}" for turn in (a, b))
            out.append(f"M{n(x)} {n(horizon)}L{left}L{right}Z")
        out = [path("".join(out), c.tone)]
    out.append(disc(x, horizon - r * 0.18, r, c.spot))
    out.append(ring(x + 3, horizon - r * 0.18 - 3, r, c.ink, 1.6))
    out.append(path(f"M0 {n(horizon)}H200V{n(band.foot)}H0z", c.ground))
    y = horizon
    thick = 1.6
    reflection = []
    while y < band.foot:
        out.append(path(f"M0 {n(y)}h200v{n(thick)}H0z", c.ink))
        gap = 5.5 + thick * 0.5
        spread = r * max(0.2, 1 - (y - horizon) / (band.height * 0.62))
        if y + thick + gap < band.foot:
            reflection.append(f"M{n(x - spread)} {n(y + thick + 1.6)}h{n(2 * spread)}v{n(gap - 3.2)}h{n(-2 * spread)}z")
        y += thick + gap
        thick += draw.pick((0.9, 1.2))
    out.append(path("".join(reflection), c.spot))
    return "".join(out)


def planes(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """Folded paper: ridges with a lit and a shaded side, or an accordion of leaves."""
    return _ridges(draw, band, c) if draw.unit() < 0.6 else _accordion(draw, band, c)


def _ridges(draw: Draw, band: Band, c: Colours) -> str:
    r = draw.between(17, 26)
    x = draw.pick((52.0, 148.0))
    out = [
        disc(x, band.top + r + band.height * 0.09, r, c.spot),
        ring(x + 3, band.top + r + band.height * 0.09 - 3, r, c.ink, 1.6),
    ]
    layers = ((c.shade, c.tone), (c.tone, c.spot), (c.spot, c.ink))
    start = draw.between(-30, 10)
    for depth, (lit, dark) in enumerate(layers):
        rise = band.height * (0.62 - 0.17 * depth)
        half = draw.between(52, 68) - 5 * depth
        peak = start + (depth * 37) % 60
        while peak - half < WIDTH:
            top = band.foot - rise * draw.between(0.82, 1.0)
            fold = peak + draw.between(-half * 0.3, half * 0.15)
            out.append(path(f"M{n(peak)} {n(top)}L{n(peak - half)} {n(band.foot)}H{n(fold)}z", lit))
            out.append(path(f"M{n(peak)} {n(top)}L{n(fold)} {n(band.foot)}H{n(peak + half)}z", dark))
            peak += half * draw.between(1.15, 1.4)
    return "".join(out)


def _accordion(draw: Draw, band: Band, c: Colours) -> str:
    leaves = draw.pick((5, 6, 7))
    left, right = 20.0, 186.0
    wide = (right - left) / leaves
    middle = band.top + band.height / 2
    tall = band.height * draw.between(0.24, 0.3)
    tilt = draw.between(12, 20)
    heights = [draw.between(0.82, 1.0) for _ in range(leaves + 1)]
    out = []
    ink = []
    for i in range(leaves):
        x0, x1 = left + i * wide, left + (i + 1) * wide
        s0, s1 = (tilt / 2, -tilt / 2) if i % 2 else (-tilt / 2, tilt / 2)
        t0, t1 = middle + s0 - tall * heights[i], middle + s1 - tall * heights[i + 1]
        b0, b1 = middle + s0 + tall, middle + s1 + tall
        leaf = f"M{n(x0)} {n(t0)}L{n(x1)} {n(t1)}V{n(b1)}L{n(x0)} {n(b0)}z"
        out.append(path(leaf, c.tone if i % 2 else c.spot))
        ink.append(f"M{n(x0 + 4)} {n(t0 - 4)}L{n(x1 + 4)} {n(t1 - 4)}V{n(b1 - 4)}L{n(x0 + 4)} {n(b0 - 4)}z")
        for row in range(4):
            y0 = middle + s0 + tall * (row * 0.3 - 0.25)
            y1 = middle + s1 + tall * (row * 0.3 - 0.25)
            ink.append(f"M{n(x0 + wide * 0.3)} {n(y0 + (y1 - y0) * 0.3)}L{n(x0 + wide * 0.85)} {n(y0 + (y1 - y0) * 0.85)}")
    out.append(line("".join(ink), c.ink, 1.6, ' stroke-linejoin="round"'))
    return "".join(out)


def waves(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """The sea: rolling bands under a moon, or the scales of a printed pattern paper."""
    return _swell(draw, band, c) if draw.unit() < 0.55 else _scales(draw, band, c)


def _swell(draw: Draw, band: Band, c: Colours) -> str:
    r = draw.between(20, 30)
    x = draw.pick((58.0, 100.0, 146.0))
    moon = band.top + r + band.height * 0.1
    out = [disc(x, moon, r, c.spot), ring(x + 3, moon - 3, r, c.ink, 1.6)]
    count = draw.pick((5, 6))
    first = band.top + band.height * 0.42
    step = (band.foot - first) / count
    reach = draw.pick((50.0, 66.7, 100.0))
    for i in range(count):
        y = first + i * step
        lift = draw.between(7, 13) + i
        shift = -reach * draw.unit() * 2
        crest = f"M{n(shift)} {n(y)}q{n(reach / 2)} {n(-lift * 2)} {n(reach)} 0" + f"t{n(reach)} 0" * (int(320 / reach) + 1)
        out.append(path(f"{crest}V{n(band.foot + 4)}H{n(shift)}z", (c.tone, c.spot, c.shade, c.spot, c.ink, c.ink)[i]))
        out.append(line(crest, c.ground if i > 3 else c.ink, 1.8))
    return "".join(out)


def _scales(draw: Draw, band: Band, c: Colours) -> str:
    r = draw.pick((20.0, 25.0, 33.3))
    rows = int(band.height / (r / 2)) + 3
    accent = draw.pick((2, 3, 5))
    plain, marked = [], []
    for row in range(rows):
        y = band.top + row * r / 2 + r * 0.2
        for column in range(-1, int(WIDTH / (2 * r)) + 2):
            x = column * 2 * r + (r if row % 2 else 0)
            here = marked if (column * 2 + row * 3) % accent == 0 else plain
            # Later rows cover earlier ones, so each scale is drawn whole, in order, through one definition.
            here.append((row, x, y))
    plain_scale = disc(0, 0, r, c.ground) + ring(0, 0, r - 1, c.ink, 1.6)
    plain_scale += ring(0, 0, r * 0.66, c.tone, r * 0.2) + disc(0, 0, r * 0.34, c.tone)
    marked_scale = disc(0, 0, r, c.spot) + ring(0, 0, r - 1, c.ink, 1.6)
    marked_scale += ring(0, 0, r * 0.6, c.ink, 1.6) + disc(0, 0, r * 0.3, c.ink)
    out = [f'<defs><g id="s">{plain_scale}</g><g id="m">{marked_scale}</g></defs>']
    every = [(row, x, y, "s") for row, x, y in plain] + [(row, x, y, "m") for row, x, y in marked]
    for _, x, y, name in sorted(every):
        out.append(f'<use href="#{name}" x="{n(x)}" y="{n(y)}"/>')
    return "".join(out)


def monogram(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """The title's initial as large as it goes: the spot colour first, the ink's outline beside it, over a printed ground."""
    if not letter:
        return rings(draw, band, c, letter)
    ground = draw.pick(("disc", "stripes", "arch"))
    middle = band.top + band.height / 2
    out = []
    if ground == "disc":
        out.append(disc(100, middle, min(band.height / 2 - 6, 84), c.tone))
    elif ground == "arch":
        out.append(path(_arch(30, band.top + 10, 146, band.foot), c.tone))
    else:
        step = draw.pick((9, 12))
        marks = "".join(f"M{x} {n(band.foot)}l{n(band.height)} {n(-band.height)}" for x in range(-int(band.height), 200, step))
        out.append(line(marks, c.tone, 2.5))
    size = min(band.height * 1.04, 178)
    y = middle + size * 0.34
    face = f'font-family="{SERIF}" font-weight="700" font-size="{n(size)}" text-anchor="middle"'
    out.append(f'<text x="100" y="{n(y)}" {face} fill="{c.spot}">{letter}</text>')
    outline = f'fill="none" stroke="{c.ink}" stroke-width="2" stroke-linejoin="round"'
    out.append(f'<text x="105" y="{n(y - 4)}" {face} {outline}>{letter}</text>')
    return "".join(out)


def stem(draw: Draw, band: Band, c: Colours, letter: str) -> str:
    """A cutting from a garden: a bent stem, leaves in turn, and what grows at its tip."""
    foot = band.foot + 4
    tip_y = band.top + band.height * draw.between(0.15, 0.2)
    bend = draw.pick((-1, 1)) * draw.between(12, 30)
    base_x, tip_x = 100 - bend * 0.7, 100 + bend * 0.5
    leaves = draw.pick((4, 5, 6))
    size = draw.between(60, 74) * min(1.0, band.height / 180)
    flower = draw.pick(("bloom", "berries", "bud"))
    slim = draw.between(0.3, 0.42)
    out, veins = [], []
    if draw.unit() < 0.6:
        out.append(disc(100 + bend * 1.2, band.top + band.height * 0.46, min(76, band.height * 0.4), c.shade))
    for i in range(leaves):
        t = 0.08 + 0.74 * i / (leaves - 1)
        x, y = _along(base_x, foot, 100 + bend * 1.6, (foot + tip_y) / 2, tip_x, tip_y, t)
        side = 1 if i % 2 else -1
        reach = size * (1.1 - 0.5 * t)
        angle = -pi / 2 + side * (1.12 - 0.3 * t)
        out.append(_leaf(x, y, reach, angle, slim, (c.spot, c.tone)[i // 2 % 2]))
        ex, ey = x + 3 + reach * 0.86 * cos(angle), y - 3 + reach * 0.86 * sin(angle)
        veins.append(f"M{n(x)} {n(y)}L{n(ex)} {n(ey)}")
    stalk = f"M{n(base_x)} {n(foot)}Q{n(100 + bend * 1.6)} {n((foot + tip_y) / 2)} {n(tip_x)} {n(tip_y)}"
    out.append(line(stalk + "".join(veins), c.ink, 2.6, ' stroke-linecap="round"'))
    if flower == "bloom":
        petals = draw.pick((7, 8, 9))
        for i in range(petals):
            out.append(_leaf(tip_x, tip_y, 25, 2 * pi * i / petals, 0.34, c.spot))
        out.append(ring(tip_x + 2, tip_y - 2, 9, c.ink, 1.8) + disc(tip_x, tip_y, 6.5, c.ink))
    elif flower == "berries":
        for dx, dy in ((-15, 2), (0, -11), (15, 2), (-8, -19), (9, -20)):
            out.append(disc(tip_x + dx, tip_y + dy, 8, c.spot) + ring(tip_x + dx + 2, tip_y + dy - 2, 8, c.ink, 1.6))
    else:
        out.append(_leaf(tip_x, tip_y + 8, 40, -pi / 2, 0.42, c.spot))
        out.append(
            _leaf(tip_x, tip_y + 9, 26, -pi / 2 - 0.62, 0.3, c.ink) + _leaf(tip_x, tip_y + 9, 26, -pi / 2 + 0.62, 0.3, c.ink)
        )
    return "".join(out)


def _along(x0: float, y0: float, x1: float, y1: float, x2: float, y2: float, t: float) -> tuple[float, float]:
    u = 1 - t
    return u * u * x0 + 2 * u * t * x1 + t * t * x2, u * u * y0 + 2 * u * t * y1 + t * t * y2


def _leaf(x: float, y: float, reach: float, angle: float, slim: float, fill: str) -> str:
    tip = (x + reach * cos(angle), y + reach * sin(angle))
    middle = (x + reach * 0.45 * cos(angle), y + reach * 0.45 * sin(angle))
    across = (-sin(angle) * reach * slim * 1.25, cos(angle) * reach * slim * 1.25)
    return path(
        f"M{n(x)} {n(y)}Q{n(middle[0] + across[0])} {n(middle[1] + across[1])} {n(tip[0])} {n(tip[1])}"
        f"Q{n(middle[0] - across[0])} {n(middle[1] - across[1])} {n(x)} {n(y)}",
        fill,
    )


Motif = Callable[[Draw, Band, Colours, str], str]
MOTIFS: tuple[Motif, ...] = (rings, arches, halftone, sunrise, planes, waves, monogram, stem)
