"""The words on a visitor's pages: headings that say something in their first two words, and the limits that keep the fold."""

import re
from pathlib import Path

import pytest

from core.gallery.check import says_nothing

TEMPLATES = Path(__file__).parents[1] / "templates/landing"


def headings(source, levels="12"):
    """The words of a template's h1 and h2, without tags; headings filled by the view are left out."""
    found = re.findall(rf"<h[{levels}][^>]*>(.*?)</h[{levels}]>", source, re.DOTALL)
    words = (re.sub(r"<[^>]+>|{#.*?#}", "", heading).strip() for heading in found)
    return [heading for heading in words if "{{" not in heading and "{%" not in heading]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_heading_says_something_in_its_first_two_words(path):
    assert [heading for heading in headings(path.read_text()) if says_nothing(heading)] == []


LIMIT = re.compile(r"{# (\d+) words at most.*?#}\s*<(\w+)[^>]*>(.*?)</\2>", re.DOTALL)


def test_no_block_of_the_home_page_is_longer_than_the_limit_before_it():
    blocks = LIMIT.findall((TEMPLATES / "home.html").read_text())
    # The promise, what one gets and how, and the objections: what makes the fold hold.
    assert [int(most) for most, _, _ in blocks] == [8, 22, 18]
    texts = [(int(most), re.sub(r"<[^>]+>", "", text).split()) for most, _, text in blocks]
    assert [" ".join(words) for most, words in texts if len(words) > most] == []


def test_the_marker_is_under_four_words_at_most():
    [marked] = re.findall(r'class="marker">(.*?)</span>', (TEMPLATES / "home.html").read_text())
    assert len(marked.split()) <= 4


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_nothing_begs_or_shouts(path):
    words = re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}|<[^>]+>", " ", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"(?i)\b(please|oops|invalid)\b|!", words) == []
