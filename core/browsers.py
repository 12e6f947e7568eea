"""Finds a Chromium for the browser tests and the benchmark, and installs one when there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from core.bootstrap import Trouble, step

# What a machine without a screen, or a container run by root, needs; the rest keeps the browser from talking to anybody but us.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nor does a page that is tested lead it to anybody: no other name is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# The shell is the same browser without windows: it leaves more of the machine to the pages.
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FIX = (
    "No Chromium was found and none could be installed. Install Chromium or Chrome, "
    "or set CHROMIUM_PATH to its executable, then run the same command again."
)


def find():
    """Path of a Chromium: CHROMIUM_PATH, Playwright's own, the system's; None when there is none."""
    given = os.environ.get("CHROMIUM_PATH", "").strip()
    if given:
        if not os.access(given, os.X_OK):
            raise Trouble(f"CHROMIUM_PATH is {given!r}, which cannot be run. Set it to the path of a Chromium executable.")
        return given
    for path in (playwrights_own(), *map(shutil.which, COMMANDS), *APPLICATIONS):
        if path and os.access(path, os.X_OK):
            return path
    return None


def playwrights_own():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find_or_install():
    """Path of a Chromium; raises Trouble with the fix when there is none to be had."""
    path = find()
    if path:
        return path
    with step("Browser"):
        for command in installers():
            if run(command) and (path := find()):
                return path
        if path := find():
            return path
    raise Trouble(FIX)


def installers():
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        yield ["apt-get", "update", "-qq"]
        for package in ("chromium-headless-shell", "chromium"):
            yield ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]


def run(command):
    """Whether the command went well; it is given ten minutes."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
