"""The themes: every pair of colours in each can be read, a bad one is named as it is saved, and everything follows the tokens."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from theme import tokens

SOURCE = Path(__file__).parents[1] / "static_src"
THEMES = SOURCE / "src/themes"


def contrast(*options):
    command = [shutil.which("node"), "contrast.mjs", "--strict", *map(str, options)]
    return subprocess.run(command, cwd=SOURCE, capture_output=True, text=True)


def changed(tmp_path, old, new, name="press"):
    """What the build says of a copy of the themes in which one theme is different."""
    shutil.copytree(THEMES, tmp_path / "themes", dirs_exist_ok=True)
    file = tmp_path / f"themes/{name}.css"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    done = contrast("--folder", tmp_path / "themes")
    return done.returncode, done.stdout


def test_every_pair_of_every_theme_can_be_told_apart_and_every_colour_shown():
    done = contrast()
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", ["press", "open-stacks"])
def test_a_theme_is_whole(name):
    theme = tokens.told()["themes"][name]
    assert theme["light"].keys() == theme["dark"].keys()
    assert len(theme["covers"]) == 8 and len(theme["pairs"]) > 80


def test_both_themes_have_the_same_tokens():
    def names(name):
        return set(re.findall(r"^ +--([\w-]+):", (THEMES / f"{name}.css").read_text(), re.MULTILINE))

    assert {token for token in names("press") ^ names("open-stacks") if not token.startswith("text-")} == set()


def test_the_one_colour_that_became_unreadable_is_named_with_its_file_and_its_cure(tmp_path):
    code, said = changed(tmp_path, "--link: oklch(44% 0.16", "--link: oklch(64% 0.16")
    assert code == 1
    assert "Two-ink press, light: link on bg is 3." in said
    assert "needs 4.5 (theme/static_src/src/themes/press.css). Make --link darker: a lightness of " in said
    assert len(said.splitlines()) == 1
    assert "dark" not in said.replace("darker", "")


def test_the_lightness_that_is_named_is_enough(tmp_path):
    _, said = changed(tmp_path, "--link: oklch(44% 0.16", "--link: oklch(64% 0.16")
    enough = re.search(r"a lightness of ([\d.]+ %) is enough", said)[1].replace(" ", "")
    assert changed(tmp_path, "--link: oklch(44% 0.16", f"--link: oklch({enough} 0.16") == (0, "")


def test_a_colour_that_not_every_screen_can_show_is_told_how_much_is_too_much(tmp_path):
    _, said = changed(tmp_path, "--link: oklch(44% 0.16", "--link: oklch(44% 0.36")
    assert re.search(r"light: link is outside what every screen can show .*Give it less chroma: 0\.\d{3} at most\.", said)


def test_a_new_hue_is_worked_out_everywhere(tmp_path):
    # Another hue has the same lightness, so it is as readable.
    _, said = changed(tmp_path, "--hue-ink: 265", "--hue-ink: 200")
    assert [line for line in said.splitlines() if "outside" not in line] == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("var(--hue-spot))", "var(--hue-sport))", "--hue-sport is not in this file"),
        ("--bg: oklch(97.5% 0.012 var(--hue-paper))", "--bg: oklch(97.5 percent)", "is no colour"),
        ("@variant dark {", "@media (prefers-color-scheme: dark) {", "has no dark scheme"),
        ("  --link: oklch(44% 0.16 var(--hue-ink));\n", "", "--link is missing in the light scheme"),
    ],
)
def test_a_theme_that_cannot_be_read_says_where_and_what_to_write(tmp_path, old, new, says):
    code, said = changed(tmp_path, old, new)
    assert code == 1 and says in said, said
    assert "    at " not in said


def test_the_arithmetic_agrees_with_known_values():
    press = tokens.told()["themes"]["press"]
    assert press["light"]["bg"] == "#faf6ee"
    [pair] = [one for one in press["pairs"] if (one["scheme"], one["seen"], one["ground"]) == ("light", "fg", "bg")]
    assert pair["ratio"] == 15.35


def test_the_tab_icon_wears_the_theme():
    icon = (tokens.FILE.parent / "icon.svg").read_text()
    assert tokens.active()["light"]["accent"] in icon and tokens.active()["dark"]["accent"] in icon


def test_a_theme_that_is_not_built_says_how_to_build_it(monkeypatch, tmp_path):
    monkeypatch.setattr(tokens, "FILE", tmp_path / "tokens.json")
    with pytest.raises(tokens.NotBuilt, match="npm run build"):
        tokens.active()
