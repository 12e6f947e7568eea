"""`npm run format`: it sorts classes and changes nothing else, in every template of the site."""

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

BASE = Path(__file__).parents[2]
SOURCE = BASE / "theme/static_src"
FOLDERS = [BASE / folder for folder in ("templates", "landing/templates", "dashboard/templates", "theme/templates")]
COMMENT = re.compile(r"({%\s*comment\b[^%]*%}.*?{%\s*endcomment\s*%})", re.DOTALL)
CLASSES = re.compile(r'(?<=\sclass=")(?:[^"{]|{%[^%]*%}|{{[^}]*}}|{(?![{%]))*(?=")')
TAG = re.compile(r"({%.*?%}|{{.*?}})")


def run(*options):
    return subprocess.run(
        [shutil.which("node"), "format.mjs", *map(str, options)], cwd=SOURCE, capture_output=True, text=True, check=False
    )


def shuffled(text):
    """The template with the words of its class attributes in another order and too much white space between them."""
    chance = random.Random(7)

    def mixed(found):
        parts = TAG.split(found[0])
        for place in range(0, len(parts), 2):
            words = parts[place].split()
            # Beside a tag, a word may be glued to what the tag gives: such a part is left as it is.
            beside = (place and words and not parts[place][0].isspace()) or (
                place < len(parts) - 1 and words and not parts[place][-1].isspace()
            )
            if words and not beside:
                chance.shuffle(words)
                edge = ("  " if place else ""), ("  " if place < len(parts) - 1 else "")
                parts[place] = edge[0] + "  ".join(words) + edge[1]
        return "".join(parts)

    pieces = COMMENT.split(text)
    return "".join(piece if place % 2 else CLASSES.sub(mixed, piece) for place, piece in enumerate(pieces))


def test_every_template_is_in_order():
    done = run("--check")
    assert (done.returncode, done.stdout) == (0, "")


def in_words(text):
    """(everything outside class attributes, the words of each class attribute in any order)."""
    return CLASSES.sub("", text), [sorted(" ".join(TAG.split(value)).split()) for value in CLASSES.findall(text)]


def test_mixed_up_classes_are_sorted_and_nothing_else_in_any_template_changes(tmp_path):
    names = {path.relative_to(BASE): path.read_text() for folder in FOLDERS for path in folder.rglob("*.html")}
    for name, text in names.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(shuffled(text))
    assert sum((tmp_path / name).read_text() != text for name, text in names.items()) > 30
    assert run("--check", "--folder", tmp_path).returncode == 1
    assert run("--folder", tmp_path).returncode == 0
    after = {name: (tmp_path / name).read_text() for name in names}
    assert [str(name) for name, text in names.items() if in_words(after[name]) != in_words(text)] == []
    assert run("--check", "--folder", tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<p class="mt-4 btn  w-full">', '<p class="btn mt-4 w-full">'),
        ('<p class="w-full btn{% if x %} mt-4 grid{% endif %}">', '<p class="btn w-full{% if x %} mt-4 grid{% endif %}">'),
        ('<p class="w-full note-{{ tone }} btn">', '<p class="w-full note-{{ tone }} btn">'),
        (
            '<p class="{% if x %}w-full btn{% else %}grid{% endif %}">',
            '<p class="{% if x %}btn w-full{% else %}grid{% endif %}">',
        ),
        ('<p class="{{ one|default:"mt-4 btn" }}">', '<p class="{{ one|default:"mt-4 btn" }}">'),
        ('<p title="w-full btn">w-full btn</p>', '<p title="w-full btn">w-full btn</p>'),
        ('{% comment %}<p class="w-full btn">{% endcomment %}', '{% comment %}<p class="w-full btn">{% endcomment %}'),
    ],
)
def test_only_what_stands_still_is_sorted(before, after, tmp_path):
    file = tmp_path / "one.html"
    file.write_text(before)
    run("--folder", tmp_path)
    assert file.read_text() == after
