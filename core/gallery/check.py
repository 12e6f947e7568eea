"""The render check: plays every state without a browser and says what is wrong with what came out.

`manage.py gallery --check` and the tests call it. What needs a browser (axe, layout, pictures) stands in e2e/test_gallery.py.
"""

import re
from collections import Counter
from html.parser import HTMLParser

from core.gallery import looks, stage, states

EMPTY_WORDS = frozenset(
    ["a", "the", "our", "your", "we", "welcome", "to", "why", "how", "what", "introducing", "discover", "about", "more", "choose"]
)
# A colour that no theme can change: written into an attribute, or named by a class of Tailwind's own palette.
PAINTED = {"fill", "stroke", "stop-color", "flood-color", "color", "bgcolor"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(.*", re.IGNORECASE)
PALETTE = re.compile(r"(?:[\w-]+:)*(?:bg|text|border|ring|fill|stroke|from|via|to|outline|decoration|accent)-[a-z]+-\d{2,3}")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
REFERS = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)|(?:skeleton|card)=["']([^"']+)["']|["']([\w/-]+\.html)["']""")


async def findings(state):
    """What is wrong with one state, in sentences; none when it renders as it should."""
    try:
        played = await stage.play(state)
    except stage.StateFailed as error:
        return [str(error)]
    except Exception as error:
        return [f"{state.path}: {type(error).__name__}: {error}"]
    return [f"{state.path}: {finding}" for finding in in_html(played.html, state)]


def in_html(html, state):
    page = Page()
    page.feed(html)
    page.close()
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield f"{count} elements have the id {name}."
    for tag in page.unclosed:
        yield f"<{tag}> is not closed."
    if ("{{" in page.words and "markup" not in str(state.services)) or "{%" in page.words:
        yield "a template's own code is shown."
    if state.bed == "mail":
        return
    if page.styles:
        yield f"{page.styles} style attributes: the policy ignores them. Write a class."
    for colour in sorted(page.colours):
        yield f"{colour} is a colour that no theme can change. Write a token."
    # Pages that are read by scanning. A form's heading names its task: “Choose a new password”.
    scanned = state.template.startswith(("landing/", "dashboard/"))
    for heading in [heading for level in ("h1", "h2") for heading in page.headings.get(level, [])]:
        if scanned and says_nothing(heading):
            yield f"the first two words of the heading “{' '.join(heading.split())}” say nothing."
    if state.whole and not looks.is_document(html):
        yield "it is a part of a page. Say in bed what it lies in."
    if state.whole and len(page.headings.get("h1", [])) != 1:
        yield f"a page has one h1, and this has {len(page.headings.get('h1', []))}."


def says_nothing(heading):
    """Whether the first two words of a heading say nothing: a reader who scans sees no more of it."""
    first_two = [re.sub(r"\W", "", word).lower() for word in heading.split()[:2]]
    return bool(first_two) and all(word in EMPTY_WORDS for word in first_two)


class Page(HTMLParser):
    """What the check reads of a page: ids, words, headings by level, style attributes, colours, and tags that are left open."""

    def __init__(self):
        super().__init__()
        self.ids, self.headings, self.unclosed, self.styles, self.words = [], {}, [], 0, ""
        self.colours, self._open = set(), []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        # What a template element holds is not in the page yet.
        if attributes.get("id") and "template" not in self._open:
            self.ids.append(attributes["id"])
        self.styles += "style" in attributes
        self.colours |= {value for name, value in attributes.items() if name in PAINTED and COLOUR.fullmatch(value or "")}
        self.colours |= {name for name in (attributes.get("class") or "").split() if PALETTE.fullmatch(name)}
        if tag not in VOID:
            self._open.append(tag)
            if re.fullmatch("h[1-6]", tag):
                self.headings.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag not in self._open:
            if tag not in VOID:
                self.unclosed.append(f"/{tag}")
            return
        while self._open.pop() != tag:
            # HTML lets these end by themselves.
            pass

    def handle_data(self, data):
        if self._open and self._open[-1] in ("script", "style"):
            return
        self.words += data
        for tag in self._open:
            if tag in self.headings:
                self.headings[tag][-1] += data


def names_others(template, path):
    """Names of the templates that a template's source names: extended, included, or handed to a component."""
    source = states.COMMENT.sub("", path.read_text(encoding="utf-8"))
    return {name for found in REFERS.findall(source) for name in found if name}


def orphans(pieces):
    """Sentences about pieces whose `shown_by` is not true."""
    for piece in pieces.values():
        for other in piece.shown_by:
            if other not in pieces:
                yield f"{piece.template} is said to be shown by {other}, which is no template."
            elif not pieces[other].states and not pieces[other].shown_by:
                yield f"{piece.template} is said to be shown by {other}, which has no states."
            elif piece.template not in names_others(other, pieces[other].file) and other not in names_others(
                piece.template, piece.file
            ):
                yield f"{piece.template} is said to be shown by {other}, and neither of them names the other."


def every(words=""):
    """Every State whose path has `words` in it, in the order of the gallery."""
    return [state for piece in states.pieces()[0].values() for state in piece.states if words in state.path]
