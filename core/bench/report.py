"""Compares a figure with its baseline and says in a row of text how it went. rows.py makes the rows, the command prints them."""

import statistics
from dataclasses import dataclass

REACHED, MISSED, UNMEASURED = "reached", "missed", "not measured"


@dataclass(frozen=True)
class Goal:
    """What a number should be: at most or at least `limit`."""

    limit: float
    least: bool = False

    def met_by(self, number):
        return number >= self.limit if self.least else number <= self.limit

    def words(self, style):
        return f"{'≥' if self.least else '≤'} {style(self.limit)}"


@dataclass(frozen=True)
class Row:
    """One line of the report.

    `judged` is the number that the goal is about: the ratio where there is a baseline, else the figure itself; None when it could
    not be measured, and then `note` says why. `spread` is how far the rounds were apart, as a part of the middle one.
    """

    what: str
    figure: str = ""
    baseline: str = ""
    ratio: str = ""
    goal: str = ""
    judged: float | None = None
    reached: bool | None = None
    spread: float | None = None
    note: str = ""

    @property
    def verdict(self):
        if self.judged is None:
            return UNMEASURED
        if self.reached is None:
            return ""
        return REACHED if self.reached else MISSED


def compared(what, figures, baselines, goal, unit, note="", style=None):
    """A Row from what the rounds gave: `figures` and `baselines` in their order, each pair from one round.

    The ratio is the middle one of the rounds' own ratios: a neighbour who disturbs a round disturbs both of its sides.
    """
    if not all(baselines):
        return unmeasured(what, "the baseline gave nothing to compare with")
    ratios = [figure / baseline for figure, baseline in zip(figures, baselines, strict=True)]
    ratio = statistics.median(ratios)
    style = style or times
    return Row(
        what,
        figure=unit(statistics.median(figures)),
        baseline=unit(statistics.median(baselines)),
        ratio=style(ratio),
        goal=goal.words(style) if goal else "",
        judged=ratio,
        reached=goal.met_by(ratio) if goal else None,
        spread=(max(ratios) - min(ratios)) / ratio if len(ratios) > 1 and ratio else None,
        note=note,
    )


def within(what, number, goal, unit, note=""):
    """A Row for a figure that is held against a budget."""
    return Row(what, figure=unit(number), goal=goal.words(unit), judged=number, reached=goal.met_by(number), note=note)


def unmeasured(what, why):
    return Row(what, note=why)


def ms(seconds):
    """Seconds as milliseconds, with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def seconds(value):
    return f"{value:.1f} s"


def per_second(rate):
    return f"{rate:.0f}/s"


def kilobytes(count):
    return f"{count / 1000:.1f} kB"


def megabytes(count):
    return f"{count / 1e6:.0f} MB"


def number(value):
    return f"{value:g}"


def three_places(value):
    return f"{value:.3f}"


def times(ratio):
    return f"{ratio:.2f}×"


def part(ratio):
    """A small ratio as a fraction that one can picture: 0.05 is 1/20.0."""
    return f"1/{1 / ratio:.1f}" if 0 < ratio < 1 else times(ratio)


HEADS = ("what", "figure", "baseline", "ratio", "goal", "verdict", "spread")


def table(rows):
    """The report as lines of text, one for each row, and its note below it."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = [_line(HEADS, widths), "  ".join("─" * width for width in widths)]
    for row, line in zip(rows, cells[1:], strict=True):
        lines.append(_line(line, widths))
        if row.note:
            lines.append(f"    {row.note}")
    return lines


def _cells(row):
    spread = f"±{row.spread / 2:.0%}" if row.spread is not None else ""
    return (row.what, row.figure, row.baseline, row.ratio, row.goal, row.verdict, spread)


def _line(cells, widths):
    first, *others = zip(cells, widths, strict=True)
    aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "  ".join(aligned).rstrip()


def summary(rows):
    """One sentence: how many goals were reached, which were missed."""
    judged = [row for row in rows if row.reached is not None]
    missed = [row.what for row in judged if not row.reached]
    words = f"{len(judged) - len(missed)} of {len(judged)} goals reached."
    return f"{words} Missed: {'; '.join(missed)}." if missed else words
