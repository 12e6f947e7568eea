"""What may come in from an outside service: one line of text, harmless links, ids that fit into markup."""

from types import SimpleNamespace

import pytest

from core.microservices import door
from core.microservices.http import Malformed

BAD_LINKS = [
    "javascript:alert(1)",
    "JaVa\tscript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "&#106;avascript:alert(1)",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https://",
    "https://good.example@evil.example/",
    "https://good.example:port/",
    "https://[::1",
    "http:\\\\evil.example",
    "ftp://evil.example/",
    "file:///etc/passwd",
    "picks/",
    "#join",
    "?next=/",
    "%2f%2fevil.example",
    "https://ex\u202eample.com/",
    "/" + "a" * 2000,
    "",
]
GOOD_LINKS = [
    "/",
    "/#join",
    "/picks/?page=2",
    "https://openlibrary.org/search?q=Emma+Jane+Austen",
    "HTTP://localhost:8000/a",
    "/..//a",
]


@pytest.mark.parametrize("value", BAD_LINKS)
def test_a_link_that_runs_script_or_hides_its_target_is_refused(value):
    with pytest.raises(Malformed):
        door.link(value)


@pytest.mark.parametrize("value", GOOD_LINKS)
def test_http_and_paths_are_links(value):
    assert door.link(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("  Two\n lines\t of  text ", "Two lines of text"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("nul\x00 and \x1b[31mred", "nul and [31mred"),
        ("one\u2028two\u0085three", "one two three"),
        ("Les Misérables — Sōseki’s", "Les Misérables — Sōseki’s"),
        ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
        ("<b>bold</b> & {{ name }}", "<b>bold</b> & {{ name }}"),
    ],
)
def test_text_becomes_one_visible_line(value, shown):
    assert door.text(value, 120) == shown


@pytest.mark.parametrize("value", ["", "   ", "\n", "\u200b\u202e", "\u200d"])
def test_text_without_anything_to_see_is_refused(value):
    with pytest.raises(Malformed):
        door.text(value, 120)


def test_a_cut_leaves_no_half_character():
    assert door.text("a" * 118 + "e\u0301" * 5, 120) == "a" * 118 + "…"
    assert door.text("a" * 117 + "👩\u200d🚀" * 5, 120) == "a" * 117 + "…"
    assert door.text("a" * 120, 120) == "a" * 120


@pytest.mark.parametrize("value", ["", "a b", "a<b", 'a"b', "é", "a" * 101, "a\n"])
def test_an_id_that_does_not_fit_into_markup_is_refused(value):
    with pytest.raises(Malformed):
        door.identity(value)


def test_an_id_counts_once_and_a_list_ends_at_its_most():
    made = door.items(["a", "b", "a", "c", "d"], lambda raw: SimpleNamespace(id=raw), 3, "promos")
    assert [item.id for item in made] == ["a", "b", "c"]


@pytest.mark.parametrize("told", [None, {}, "text", 5])
def test_what_is_no_list_is_refused(told):
    with pytest.raises(Malformed):
        door.items(told, lambda raw: raw, 3, "promos")
