"""What a designer wants to know of a template and a state: where it is, what it weighs, which tokens it uses."""

import gzip
import re
from functools import cache
from pathlib import Path

from django.conf import settings

from theme import tokens as theme_tokens

BUILT = settings.BASE_DIR / "theme/static/css/dist"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
VARIABLE = re.compile(r"var\(--([\w-]+)")
EXAMPLE = re.compile(r"{%\s*include[^%]*%}")

# Tokens that are no colours.
OTHERS = ("radius-", "shadow-", "text-", "font-", "height-", "border-", "hue-")

GROUPS = ("Elements", "Fragments", "Pages", "Mails", "Error pages")


def group(piece):
    """Where a template stands in the tree."""
    folder, _, name = piece.template.rpartition("/")
    if folder == "components":
        return "Elements"
    if "/email" in folder:
        return "Mails"
    if not folder and (name[0].isdigit() or name.startswith("offline")):
        return "Error pages"
    return "Fragments" if name.startswith("_") else "Pages"


def include(piece):
    """How a template is included or extended, as its own comment shows it."""
    found = EXAMPLE.search(piece.documentation)
    if found:
        return found[0]
    word = "include" if piece.path.rpartition("/")[2].startswith("_") else "extends"
    return f'{{% {word} "{piece.template}" %}}'


def weight(html):
    """{"raw", "gzip"}: bytes of an answer's HTML."""
    raw = html.encode()
    return {"raw": len(raw), "gzip": len(gzip.compress(raw, 6))}


def tokens():
    """What the build says of every theme: see theme/tokens.py. {} before the first build."""
    try:
        return theme_tokens.told()
    except theme_tokens.NotBuilt:
        return {}


def failing_pairs():
    """Sentences about every pair of colours that cannot be told apart well enough, in any theme."""
    return [
        f"{theme['title']}, {pair['scheme']}: {pair['seen']} on {pair['ground']} is {pair['ratio']:.2f}, needs {pair['need']}"
        for theme in tokens().get("themes", {}).values()
        for pair in theme["pairs"]
        if not pair["passes"]
    ]


def themes():
    """The names of the themes that are built, the site's own first."""
    told = tokens()
    names = list(told.get("themes", {}))
    return sorted(names, key=lambda name: name != told.get("active"))


def tokens_used(html):
    """Names of the theme's tokens that the classes in `html` read, sorted."""
    sheet = _read(BUILT / "styles.css", _variables_by_class) or {}
    classes = {word for found in re.findall(r'\sclass="([^"]*)"', html) for word in found.split()}
    used = {name for word in classes for name in sheet.get(word, ())}
    # A component's own variables, such as --btn-bg, are not the theme's.
    return sorted(name for name in used if name in _of_themes() or name.startswith(OTHERS))


def _of_themes():
    return {name for theme in tokens().get("themes", {}).values() for name in theme["light"]}


def _variables_by_class(css):
    found = {}
    for selector, body in RULE.findall(css):
        names = {name for name in VARIABLE.findall(body) if not name.startswith("tw-")}
        if names:
            for word in CLASS.findall(selector):
                found.setdefault(word.replace("\\", ""), set()).update(names)
    return found


def _read(path: Path, how):
    """`how(text)` of a file, done again when the file changes; None when there is none."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _at(path, how, changed)


@cache
def _at(path, how, changed):
    return how(path.read_text(encoding="utf-8"))
