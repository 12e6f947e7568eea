"""Rules about the project itself: where things may be, what they may name, what templates and settings owe their reader."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

BASE = Path(__file__).resolve().parents[2]
TEMPLATES = {
    path.relative_to(folder).as_posix(): path
    for folder in (BASE / "templates", *(BASE / app / "templates" for app in ("landing", "dashboard", "theme", "core")))
    for path in folder.rglob("*.html")
}
PAGES = {name: path for name, path in TEMPLATES.items() if "/email/" not in name}
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}", re.DOTALL)
REFERENCES = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)""")


def source(path):
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def run(*command):
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_arrows_between_the_folders_hold():
    run(Path(sys.executable).with_name("lint-imports"), "--no-cache")


def test_the_code_is_clean():
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_the_code_is_formatted():
    run(sys.executable, "-m", "ruff", "format", "--check", "--no-cache", ".")


def test_the_templates_are_formatted():
    run(Path(sys.executable).with_name("djade"), "--check", "--target-version", "6.0", *map(str, TEMPLATES.values()))


@pytest.mark.parametrize("name", [name for name in sorted(TEMPLATES) if name.split("/")[0] in {"landing", "dashboard"}])
def test_a_page_uses_only_its_own_folder_and_what_both_share(name):
    own = name.split("/")[0]
    for other in REFERENCES.findall(source(TEMPLATES[name])):
        assert other == "base.html" or other.split("/")[0] in {own, "components", "illustrations", "icons"}, other


@pytest.mark.parametrize(
    "name", [name for name in sorted(PAGES) if name.split("/")[0] in {"components", "icons", "illustrations"}]
)
def test_a_shared_piece_uses_only_shared_pieces(name):
    for other in REFERENCES.findall(source(TEMPLATES[name])):
        assert other.split("/")[0] in {"components", "illustrations", "icons"}, other


@pytest.mark.parametrize("name", [name for name in sorted(PAGES) if name.startswith("components/")])
def test_a_component_opens_with_what_it_is_and_an_example(name):
    text = TEMPLATES[name].read_text(encoding="utf-8")
    assert text.startswith("{% comment %}")
    opening = text.split("{% endcomment %}")[0]
    assert "{% include" in opening


def test_only_the_lazy_component_loads_by_itself():
    assert [name for name in PAGES if 'hx-trigger="load"' in source(PAGES[name])] == ["components/lazy.html"]


# What is about the look stands in theme/tests/test_guard_rails.py.
FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*application/)",
    "an inline stylesheet": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']|hx-on",
    "a script value": r"[\"']js:",
    "a required attribute": r"<(?:input|select|textarea)[^>]*\srequired[\s>]",
    "a zoom lock": r"user-scalable|maximum-scale",
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_has(rule):
    found = [name for name in sorted(PAGES) if re.search(FORBIDDEN[rule], source(PAGES[name]))]
    assert not found


def test_every_environment_variable_is_documented_and_none_is_invented():
    read = set(re.findall(r"""environment\.\w+\(\s*["']([A-Z_]+)""", (BASE / "core/settings.py").read_text()))
    read |= {f"{name}_CLIENT_{part}" for name in ("GOOGLE", "GITHUB") for part in ("ID", "SECRET")}
    documented = set(re.findall(r"^([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))
    assert documented == read


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("name", ["package-lock.json", "requirements.txt", "requirements-dev.txt", ".npmrc"])
def test_lock_files_carry_no_download_address(name):
    assert not re.search(r"https?://|--(?:extra-)?index-url", re.sub(r'"(?:url|funding)".*', "", (BASE / name).read_text()))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed(name):
    entries = re.findall(r"^[A-Za-z0-9](?:.*\\\n)*.*$", (BASE / name).read_text(), re.MULTILINE)
    assert entries and all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_lock_matches_what_the_project_asks_for():
    wanted = re.findall(r'^\s+"([\w-]+)(?:\[\w+\])?==([\w.]+)', (BASE / "pyproject.toml").read_text(), re.MULTILINE)
    locked = (BASE / "requirements-dev.txt").read_text()
    assert wanted and not [name for name, version in wanted if f"{name}=={version} " not in locked.replace(";", " ;")]
