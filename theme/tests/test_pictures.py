"""Icons and illustrations: they take the page's colours, stay silent for screen readers, and obey the content security policy."""

import re
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist

from theme.templatetags.theme import duration, icon, illustration

TEMPLATES = Path(__file__).parents[1] / "templates"
PROJECT = TEMPLATES.parents[1]
DRAWINGS = sorted([*TEMPLATES.glob("icons/*.svg"), *TEMPLATES.glob("illustrations/*.svg")])


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_takes_its_colours_from_the_page(path):
    source = path.read_text()
    assert re.findall(r"style=|<style|<script|#[0-9a-fA-F]{3,8}\b(?!\))|rgb\(|href=", source) == []


def test_a_picture_is_silent_for_screen_readers():
    assert icon("check").startswith('<svg class="icon" aria-hidden="true" focusable="false" ')
    assert illustration("hero").startswith('<svg class="art" aria-hidden="true" focusable="false" ')


def test_an_arrow_turns_round_where_text_runs_from_right_to_left():
    assert 'class="icon icon-flip"' in icon("chevron")
    assert "icon-flip" not in icon("home")


def test_a_class_with_a_quote_stays_one_attribute():
    assert 'class="icon &quot;&gt;"' in icon("check", '">')


def test_a_misspelt_picture_names_itself():
    with pytest.raises(TemplateDoesNotExist, match=r"icons/chek\.svg"):
        icon("chek")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1, "1 second"),
        (30, "30 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "1 hour"),
        (3601, "2 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_drawing_is_shown_somewhere(path):
    pages = [*PROJECT.glob("*/templates/**/*.html"), *PROJECT.glob("templates/**/*.html")]
    shown = re.compile(rf"""\{{% {path.parent.name.removesuffix("s")} "{path.stem}\"""")
    assert any(shown.search(page.read_text()) for page in pages)
