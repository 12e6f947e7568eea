"""Our script is sent without its comments and loses nothing else."""

from django.conf import settings

from core.static_files import OUR_SCRIPT, without_comments

SCRIPT = (settings.BASE_DIR / "theme/static/js/app.js").read_text(encoding="utf-8")


def test_only_comments_blank_lines_and_indentation_are_left_out():
    script = 'f();\n\n  // Why it is so.\n  const url = "https://example.com"; // kept\n'
    assert without_comments(script) == 'f();\nconst url = "https://example.com"; // kept\n'


def test_every_string_of_our_script_ends_on_its_line():
    assert all(line.count("`") % 2 == 0 for line in SCRIPT.splitlines())
    assert "/*" not in SCRIPT


def test_the_plain_and_the_hashed_script_are_meant_and_no_other():
    assert OUR_SCRIPT.fullmatch("js/app.js")
    assert OUR_SCRIPT.fullmatch("js/app.0a1b2c3d4e5f.js")
    assert not OUR_SCRIPT.fullmatch("vendor/htmx/htmx.min.js")
