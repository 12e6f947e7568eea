"""`manage.py start` as a developer and a designer live with it: it comes up, shows edits by itself, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
from playwright.sync_api import TimeoutError, expect

from core.tests.copies import clean_environment, copy_of_project
from e2e.server import free_port


class Started:
    """`python manage.py start …` in a folder, as if typed in a terminal of its own."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.port = free_port()
        self.address = f"http://localhost:{self.port}/"
        self.log = folder / "start.log"
        command = [sys.executable, "manage.py", "start", "--port", str(self.port), *options]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self):
        return self.log.read_text(errors="replace")

    def wait(self, within=120):
        until = time.monotonic() + within
        while time.monotonic() < until:
            assert self.process.poll() is None, self.said
            try:
                with urllib.request.urlopen(self.address + "health/", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.said)

    def family(self):
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def interrupt(self, number=signal.SIGINT):
        """Press Ctrl-C: the signal goes to every process of the terminal's foreground group."""
        family = self.family()
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        _, alive = psutil.wait_procs(family, timeout=20)
        return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def stop(self):
        if self.process.poll() is None:
            for process in self.interrupt():
                process.kill()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    server = Started(copy_of_project(tmp_path_factory.mktemp("started"))).wait()
    yield server
    server.stop()


def test_it_prints_a_line_for_each_step_with_its_time_and_the_address(started):
    assert re.search(r"Stylesheet +\d+\.\d s", started.said)
    assert re.search(r"Database +\d+\.\d s", started.said)
    assert re.search(r"Demo content +\d+\.\d s", started.said)
    assert started.address in started.said


def edit_and_watch(path, old, new, shown):
    """Save an edit as an editor does, and wait until the open page shows it.

    A page hears of edits from the moment its reload worker is connected, which a page does not tell: saving again is harmless.
    """
    text = path.read_text(encoding="utf-8")
    assert old in text
    for _ in range(6):
        path.write_text(text.replace(old, new), encoding="utf-8")
        try:
            return shown(timeout=8_000)
        except (TimeoutError, AssertionError):
            continue
    raise AssertionError(f"The edit of {path.name} never showed.")


@pytest.fixture
def home(started, page):
    # An edit of Python ends the server within a moment: what the page needs of it must be there by then, its reload worker too.
    with page.expect_request("**/reload-worker.js"):
        page.goto(started.address)
    expect(page.locator("#frag-promo-strip")).not_to_have_attribute("data-state", "loading")
    return page


def test_an_edited_template_shows_in_the_open_browser(started, home):
    template = started.folder / "landing/templates/landing/home.html"
    edit_and_watch(template, "Straight answers", "Edited answers", home.get_by_role("heading", name="Edited answers").wait_for)


def test_a_class_that_is_new_to_the_stylesheet_shows_in_the_open_browser(started, home):
    def shown(timeout):
        expect(home.locator("#answers")).to_have_css("margin-top", "77px", timeout=timeout)

    template = started.folder / "landing/templates/landing/home.html"
    edit_and_watch(template, '<h2 id="answers" class="', '<h2 id="answers" class="mt-[77px] ', shown)


def test_edited_python_shows_in_the_open_browser(started, home):
    shown = home.get_by_role("link", name="Edited Name").first.wait_for
    edit_and_watch(started.folder / "core/pages.py", '"site_name": settings.SITE_NAME', '"site_name": "Edited Name"', shown)


def test_the_second_start_does_only_what_is_needed_and_ctrl_c_leaves_nothing(tmp_path):
    folder = copy_of_project(tmp_path)
    first = Started(folder).wait()
    assert first.interrupt() == []
    second = Started(folder).wait()
    try:
        assert not re.search(r"Stylesheet|Database|Demo content|packages", second.said)
    finally:
        assert second.interrupt(signal.SIGTERM) == []


def test_live_serves_hashed_files_for_ever_from_several_processes_and_stops_clean(tmp_path):
    live = Started(copy_of_project(tmp_path), "--live", "--workers", "2").wait()
    try:
        with urllib.request.urlopen(live.address) as answer:
            html = answer.read().decode()
        style = re.search(r'href="(/static/css/dist/styles\.[0-9a-f]{12}\.css)"', html).group(1)
        request = urllib.request.Request(live.address.rstrip("/") + style, headers={"Accept-Encoding": "br, gzip"})
        with urllib.request.urlopen(request) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Encoding"] == "br"
        assert "__reload__" not in html
        assert len(live.family()) >= 3
    finally:
        assert live.interrupt() == []
