"""Copies of the project in a folder of their own, for tests and for the benchmark, which edit it, break it or start it."""

import os
import shutil
import subprocess
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]


def copy_of_project(folder, environment=True):
    """The project's own files under `folder`; with `environment`, its installed packages are there too, shared by links."""
    target = Path(folder) / "project"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=BASE, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (BASE / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(BASE / name, target / name)
    if environment:
        (target / ".venv").symlink_to(BASE / ".venv")
        (target / "node_modules").symlink_to(BASE / "node_modules")
    return target


def clean_environment(**changes):
    """This process's environment without what pytest or an outer manage.py put into it."""
    ours = {"DJANGO_SETTINGS_MODULE", "DIMORPH_HANDED_OVER", "DIMORPH_ANOTHER_PYTHON", "RUN_MAIN", "VIRTUAL_ENV", "CHROMIUM_PATH"}
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST")}
    return {**kept, "PYTHONUNBUFFERED": "1", **changes}
