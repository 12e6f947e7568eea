"""Title and author of a generated cover: cleaned, split into characters a reader sees, and broken into lines that fit.

Called by theme/covers.py alone. Pure functions: nothing here knows fonts, so widths are careful estimates in em
that hold for the widest of the serif faces a system may put in.
"""

import unicodedata
from typing import NamedTuple

TITLE_LENGTH = 160
AUTHOR_LENGTH = 80
ELLIPSIS = "…"

# Words a title's initial skips, in the languages whose articles are not also ordinary English words.
ARTICLES = {
    "a",
    "an",
    "the",
    "le",
    "la",
    "les",
    "un",
    "une",
    "el",
    "los",
    "las",
    "der",
    "das",
    "ein",
    "eine",
    "het",
    "il",
}
ELIDED = ("l'", "l’", "d'", "d’", "al-")

NARROW = set("iljtfrI.,:;'’‘!|()[]-·")
WIDE = set("mwMWÆŒ@%&—…")
# Marks that may not begin a line of Chinese or Japanese.
CLOSING = set("、。，．！？）］｝」』】〉》〕：；ーっッゃャゅュょョ々")
JOINERS = "\u200c\u200d"


class Text(NamedTuple):
    """Lines that fit, the size they fit at in user units, and whether they read from right to left."""

    lines: tuple[str, ...]
    size: float
    rtl: bool


def cleaned(text: str, length: int) -> str:
    """One line without control characters, unpaired surrogates or direction overrides; at most `length` characters."""
    kept = []
    for char in unicodedata.normalize("NFC", text[: length * 4].encode("utf-8", "ignore").decode()):
        category = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
        elif category in {"Cc", "Co"} or (category == "Cf" and char not in JOINERS) or ord(char) & 0xFFFE == 0xFFFE:
            continue
        else:
            kept.append(char)
    line = " ".join("".join(kept).split())
    seen = graphemes(line)
    return line if len(seen) <= length else "".join(seen[: length - 1]).rstrip() + ELLIPSIS


def graphemes(text: str) -> list[str]:
    """What a reader counts as characters: a letter with its marks, a flag, an emoji family."""
    found: list[str] = []
    for char in text:
        if found and (_extends(char) or found[-1].endswith("\u200d") or _pairs_as_flag(found[-1], char)):
            found[-1] += char
        else:
            found.append(char)
    return found


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or char in JOINERS
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0x1160 <= code <= 0x11FF  # the vowels and finals of a Hangul syllable
    )


def _pairs_as_flag(before: str, char: str) -> bool:
    return len(before) == 1 and 0x1F1E6 <= ord(before) <= 0x1F1FF and 0x1F1E6 <= ord(char) <= 0x1F1FF


def reads_from_right(text: str) -> bool:
    """True when the first character with a direction belongs to a script written from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def initial(title: str) -> str:
    """The letter or digit a reader would file the title under, in capitals; empty when there is none."""
    words = title.split()
    if len(words) > 1 and words[0].casefold() in ARTICLES:
        words = words[1:]
    text = " ".join(words)
    for elided in ELIDED:
        if text.casefold().startswith(elided) and len(text) > len(elided):
            text = text[len(elided) :]
    for cluster in graphemes(text):
        if unicodedata.category(cluster[0])[0] in "LN":
            return graphemes(cluster.upper())[0]
    return ""


def width(text: str) -> float:
    """An estimate of the width in em, on the wide side."""
    return sum(_cluster_width(cluster) for cluster in graphemes(text))


def _cluster_width(cluster: str) -> float:
    char = cluster[0]
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char == " ":
        return 0.3
    if char in NARROW:
        return 0.4
    if char in WIDE:
        return 0.98
    return 0.76 if char.isupper() else 0.6


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Pieces a line may be broken between, each with whether a space stood before it."""
    pieces: list[tuple[str, bool]] = []
    for word in text.split(" "):
        spaced = True
        run = ""
        for cluster in graphemes(word):
            if unicodedata.east_asian_width(cluster[0]) in "WF":
                if cluster in CLOSING and (run or not spaced):
                    if run:
                        run += cluster
                    else:
                        pieces[-1] = (pieces[-1][0] + cluster, pieces[-1][1])
                    continue
                if run:
                    pieces.append((run, spaced))
                    spaced, run = False, ""
                pieces.append((cluster, spaced))
                spaced = False
            else:
                run += cluster
                if cluster in "-–—/" and len(run) > 3:
                    pieces.append((run, spaced))
                    spaced, run = False, ""
        if run:
            pieces.append((run, spaced))
    return pieces


def _wrapped(text: str, limit: float) -> tuple[list[str], bool]:
    """Lines no wider than `limit` em, and whether a single piece had to be cut to get there."""
    lines = [""]
    cut = False
    for piece, spaced in _tokens(text):
        joined = f"{lines[-1]} {piece}" if spaced and lines[-1] else lines[-1] + piece
        if width(joined) <= limit:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for cluster in graphemes(piece):
            if width(lines[-1] + cluster) > limit:
                cut = True
                lines.append("")
            lines[-1] += cluster
    return [line for line in lines if line], cut


def _balanced(text: str, limit: float, count: int) -> list[str]:
    """The same number of lines, as even as they go: the narrowest limit that does not add a line."""
    best = _wrapped(text, limit)[0]
    for step in range(1, 12):
        lines, cut = _wrapped(text, limit * (1 - step * 0.05))
        if cut or len(lines) > count:
            break
        best = lines
    return best


def fitted(text: str, box: float, sizes: tuple[tuple[float, int], ...]) -> Text:
    """`text` in the largest size that fits a box this wide. `sizes`: (size, most lines), largest first.

    The last size always fits: over-long words are cut and what is left over ends in an ellipsis.
    """
    rtl = reads_from_right(text)
    for size, most in sizes:
        lines, cut = _wrapped(text, box / size)
        if not cut and len(lines) <= most:
            return Text(tuple(_balanced(text, box / size, len(lines))), size, rtl)
    size, most = sizes[-1]
    lines, _ = _wrapped(text, box / size)
    if len(lines) > most:
        lines = lines[:most]
        last = graphemes(lines[-1])
        while last and width("".join(last) + ELLIPSIS) > box / size:
            last.pop()
        lines[-1] = "".join(last).rstrip(" ,;:") + ELLIPSIS
    return Text(tuple(lines), size, rtl)
