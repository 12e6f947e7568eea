"""How somebody looks at a state: scheme, direction, pseudo-locale, text size, motion, grid, theme; put on the played HTML.

They stand in the query of a state's address, so that every look is a link: ?theme=dark&dir=rtl. views.py and export.py call
`dressed()`.
"""

import re
from dataclasses import dataclass, fields
from html import escape
from html.parser import HTMLParser

CHOICES = {
    "theme": ("", "light", "dark"),
    "dir": ("", "rtl"),
    "language": ("", "pseudo"),
    "text": ("", "200"),
    "motion": ("", "reduce"),
    "grid": ("", "on"),
}
HTML_TAG = re.compile(r"<html\b[^>]*>", re.IGNORECASE)
HEADING = re.compile(r"<h([1-6])[\s>]")
DOCUMENT = re.compile(r"\s*(?:<!--.*?-->\s*)*<!doctype", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Look:
    """theme "light" or "dark", dir "rtl", language "pseudo", text "200", motion "reduce", grid "on", skin a theme's name; "" is
    the site's own."""

    theme: str = ""
    dir: str = ""
    language: str = ""
    text: str = ""
    motion: str = ""
    grid: str = ""
    skin: str = ""

    @classmethod
    def of(cls, query, skins=()):
        """What a query asks for; anything that is not known counts as not asked."""
        known = {**CHOICES, "skin": ("", *skins)}
        return cls(**{one.name: query[one.name] for one in fields(cls) if query.get(one.name) in known[one.name]})

    @property
    def asked(self):
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


def is_document(html):
    return bool(DOCUMENT.match(html))


def dressed(html, look, sheets=(), script="", told="", replaced=()):
    """The document `html` in a look. `sheets` are addresses of stylesheets that are added, `script` of one that runs before all
    others and is told `told`; `replaced` are pairs of text, such as the address of one theme's stylesheet and another's."""
    if look.language == "pseudo":
        html = pseudo(html)
    for old, new in replaced:
        html = html.replace(old, new)
    html = HTML_TAG.sub(lambda tag: _html_tag(tag[0], look), html, count=1)
    if script:
        head = f'<meta name="stage" content="{escape(told)}"><script src="{escape(script)}"></script>'
        html = html.replace("<title>", f"{head}<title>", 1)
    tail = "".join(f'<link rel="stylesheet" href="{escape(url)}">' for url in sheets)
    return html.replace("</head>", f"{tail}</head>", 1)


def _html_tag(tag, look):
    if look.dir:
        tag = re.sub(r'\sdir="\w*"', "", tag).replace(">", f' dir="{look.dir}">')
    if look.theme:
        tag = re.sub(r'\sdata-theme="\w*"', "", tag).replace(">", f' data-theme="{look.theme}">')
    for name in ("text", "motion", "grid"):
        if value := getattr(look, name):
            tag = tag.replace(">", f' data-look-{name}="{value}">')
    return tag


# Pseudo-locale -------------------------------------------------------------------------------------------------------------
# Words that come from templates are drawn longer and with accents: what stays plain was not meant for reading, and what breaks
# would break in Finnish.

LETTERS = str.maketrans(
    "aceilnorsuyzACEILNORSUYZ",
    "áçéîļñöŕšüýžÁÇÉÎĻÑÖŔŠÜÝŽ",
)
READ_ALOUD = {"alt", "aria-label", "title", "placeholder", "data-label-busy", "data-label-slow", "data-announce"}
SILENT = {"script", "style", "svg"}


def longer(words):
    """Text with accents, 40 % longer; white space around it stays."""
    bare = words.strip()
    if not any(letter.isalpha() for letter in bare):
        return words
    drawn = bare.translate(LETTERS)
    filling = " ".join(["öne", "twö", "thŕéé", "föüŕ"] * (len(bare) // 20 + 1))[: max(1, round(len(bare) * 0.4))].strip()
    return words.replace(bare, f"{drawn} {filling}" if len(bare) > 3 else drawn, 1)


class _Pseudo(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.out, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent += 1
        self.out.append(self._tag())

    def handle_startendtag(self, tag, attrs):
        self.out.append(self._tag())

    def _tag(self):
        def change(found):
            return f"{found[1]}{found[2]}={found[3]}{longer(found[4])}{found[3]}"

        return re.sub(rf'(\s)({"|".join(READ_ALOUD)})=(")([^"]*)"', change, self.get_starttag_text())

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent -= 1
        self.out.append(f"</{tag}>")

    def handle_data(self, data):
        self.out.append(data if self.silent else longer(data))

    def handle_entityref(self, name):
        self.out.append(f"&{name};")

    def handle_charref(self, name):
        self.out.append(f"&#{name};")

    def handle_comment(self, data):
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.out.append(f"<!{decl}>")


def pseudo(html):
    """The document with its words in the pseudo-locale; markup, addresses and values stay as they are."""
    parser = _Pseudo()
    parser.feed(html)
    parser.close()
    return "".join(parser.out)
