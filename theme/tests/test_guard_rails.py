"""Guard rails for whoever changes the look: each rule names the file and the line, and says what to write instead."""

import re
from pathlib import Path

import pytest

BASE = Path(__file__).parents[2]
SOURCE = BASE / "theme/static_src/src"
DIST = BASE / "theme/static/css/dist"
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|/\*.*?\*/|<!--.*?-->", re.DOTALL)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def files(*patterns):
    return sorted(path for pattern in patterns for path in BASE.glob(pattern) if "/gallery/" not in f"/{path.relative_to(BASE)}")


TEMPLATES = files("templates/**/*.html", "*/templates/**/*.html")
PAGES = [path for path in TEMPLATES if "/email/" not in path.as_posix()]
DRAWINGS = files("theme/templates/**/*.svg")
COMPONENTS = files("theme/static_src/src/components/*.css", "theme/static_src/src/base.css")
GALLERY = files("theme/static/css/*.css")
THEMES = files("theme/static_src/src/themes/*.css")
TOKENS = [SOURCE / "tokens.css", *THEMES]
SCRIPTS = files("theme/static/js/*.js")
CODE = [
    path for path in files("landing/**/*.py", "dashboard/**/*.py", "core/**/*.py", "theme/**/*.py") if "tests" not in path.parts
]


def bare(path):
    """The text with comments blanked out, so that lines keep their numbers."""
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), path.read_text(encoding="utf-8"))


def found(pattern, paths, instead):
    """Sentences about every place where the pattern stands."""
    return [
        f"{path.relative_to(BASE)}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0].strip()!r}. {instead}"
        for path in paths
        for text in [bare(path)]
        for hit in re.finditer(pattern, text)
    ]


HUES = (
    "slate|gray|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|blue|indigo|violet|purple"
    "|fuchsia|pink|rose"
)
PAINTED = "bg|text|border|ring|fill|stroke|from|to|via|outline|decoration|shadow|accent|caret"
RULES = {
    "a raw palette colour": (
        rf"\b(?:{PAINTED})-(?:{HUES})-\d{{2,3}}\b",
        PAGES,
        "Write a token by its meaning, such as bg-surface.",
    ),
    "a dark variant": (r"[\s\"']dark:[\w-]+", PAGES, "Give the token its dark value in the theme's file."),
    "a physical direction": (
        r"(?<=[\s\"':])-?(?:(?:m|p|scroll-m|scroll-p)[lr]|left|right|border-[lr]|rounded-[lrt][lr]?|float)-[\w\[][\w.\-\[\]]*"
        r"|(?<=[\s\"':])text-(?:left|right)\b",
        PAGES,
        "Write the logical one: ms-, pe-, start-, text-start.",
    ),
    "a physical property": (
        r"(?<=[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|left|right)\s*:"
        r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)",
        [*COMPONENTS, *GALLERY],
        "Write the logical one: margin-inline-start, inset-inline-end.",
    ),
    "an inline style": (r"\sstyle\s*=", [*PAGES, *DRAWINGS], "The policy ignores it. Write a class."),
    "a colour of its own": (
        r"#[0-9a-fA-F]{3,8}\b(?=[\"';\s)])|\b(?:rgba?|hsla?|oklch|oklab)\(\s*\d",
        [*PAGES, *DRAWINGS, *COMPONENTS, *GALLERY],
        "Colours stand in themes/. Write var(--accent) or the like.",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_nothing_has(rule):
    assert found(*RULES[rule]) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("a raw palette colour", '<p class="bg-red-500">'),
        ("a dark variant", '<p class="dark:bg-bg">'),
        ("a physical direction", '<p class="mt-2 ml-4">'),
        ("a physical direction", '<p class="text-right">'),
        ("a physical property", ".x { margin-left: 1px; }"),
        ("a physical property", ".x { color: var(--fg); left: 0; }"),
        ("an inline style", '<p style="color: red">'),
        ("a colour of its own", ".x { color: #ff0000; }"),
        ("a colour of its own", '<path fill="#abc"/>'),
        ("a colour of its own", ".x { color: oklch(50% 0.1 20); }"),
    ],
)
def test_the_rule_sees_it(rule, text, tmp_path, monkeypatch):
    monkeypatch.setattr("theme.tests.test_guard_rails.BASE", tmp_path)
    file = tmp_path / "one"
    file.write_text("fine\n" + text)
    [sentence] = found(RULES[rule][0], [file], RULES[rule][2])
    assert sentence.startswith("one:2: ")


# Tokens -----------------------------------------------------------------------------------------------------------------------


def declared(paths):
    return {name for path in paths for name in re.findall(r"(?<![\w-])--([\w-]+)\s*:", bare(path))}


def unknown_tokens(paths, known):
    return [
        sentence
        for sentence in found(r"var\(--[\w-]+", paths, "No theme has this token. See themes/ for those there are.")
        if re.search(r"var\(--([\w-]+)", sentence)[1] not in known
    ]


def test_every_token_that_is_read_is_written_somewhere():
    written = [*TOKENS, *COMPONENTS, *GALLERY]
    # Tailwind's own, which its utilities bring along.
    known = declared(written) | {"spacing"}
    assert unknown_tokens([*written, *PAGES, *DRAWINGS], known) == []


def test_a_token_that_no_theme_has_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("theme.tests.test_guard_rails.BASE", tmp_path)
    file = tmp_path / "one.css"
    file.write_text(".x { color: var(--accnt); }")
    assert "var(--accnt" in unknown_tokens([file], {"accent"})[0]


def test_every_token_of_a_theme_is_read_by_something():
    readers = [*TOKENS, *COMPONENTS, *GALLERY, *PAGES, *DRAWINGS]
    read = {name for path in readers for name in re.findall(r"var\(--([\w-]+)", bare(path))}
    # Utilities read these by their name: rounded-card reads --radius-card.
    utility = ("text-", "font-", "radius-", "shadow-")
    unread = {name for name in declared(THEMES) - read if not name.startswith(("cover-", *utility))}
    assert unread == set()


# Classes ----------------------------------------------------------------------------------------------------------------------


def words_of(text):
    """Every class that a template may give an element, conditional ones included."""
    for value in re.findall(r'\sclass="((?:[^"{]|{%[^%]*%}|{{[^}]*}}|{(?![{%]))*)"', text):
        whole = TAGS.sub(lambda tag: "\0" if tag[0].startswith("{{") else " ", value)
        yield from (word for word in whole.split() if "\0" not in word)


def styled(css):
    return {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:[\w-]|\\.)+)", css)}


def without_style(text, known):
    return sorted({word for word in words_of(text) if word not in known})


def test_every_class_in_a_template_has_a_style():
    known = styled((DIST / "styles.css").read_text())
    unknown = {path.relative_to(BASE).as_posix(): without_style(bare(path), known) for path in PAGES}
    assert {name: words for name, words in unknown.items() if words} == {}


def test_a_misspelt_class_is_named():
    assert without_style('<p class="btn bg-acent{% if x %} mt-4{% endif %}">', {"btn", "mt-4"}) == ["bg-acent"]


# What nothing uses --------------------------------------------------------------------------------------------------------------


def unused(names, pattern, texts):
    return [name for name in names if not any(re.search(pattern.format(re.escape(name)), text) for text in texts)]


def test_every_component_icon_and_illustration_is_used():
    texts = [bare(path) for path in [*TEMPLATES, *files("theme/templatetags/*.py", "core/**/*.py", "landing/**/*.py")]]
    components = [path.name for path in files("theme/templates/components/*.html")]
    icons = [path.stem for path in files("theme/templates/icons/*.svg")]
    pictures = [path.stem for path in files("theme/templates/illustrations/*.svg")]
    assert unused(components, "components/{}", texts) == []
    assert unused(icons, '{{% icon "{}"', texts) == []
    assert unused(pictures, '{{% illustration "{}"', texts) == []


def test_every_class_of_our_stylesheets_is_used():
    texts = [bare(path) for path in [*TEMPLATES, *DRAWINGS, *SCRIPTS]] + [path.read_text() for path in CODE]
    ours = {
        name: path.name
        for path in COMPONENTS
        for name in styled(re.sub(r"\{[^{}]*\}", "{}", bare(path)))
        if not name[0].isdigit()
    }
    # One that is put together from a tag, such as note-{{ tone }}, is used when its beginning is.
    built = {name for name in ours if any(re.search(rf"\b{re.escape(name.rsplit('-', 1)[0])}-{{", text) for text in texts)}
    assert [f"{ours[name]}: .{name}" for name in unused(sorted(ours.keys() - built), r"(?<![\w-]){}(?![\w-])", texts)] == []


def test_a_thing_that_nothing_uses_is_named():
    assert unused(["lamp", "desk"], '{{% illustration "{}"', ['{% illustration "desk" %}']) == ["lamp"]
