"""A designer's loop: from saving a template to seeing it in the open browser. rows.py calls it."""

import statistics
import sys
import time

from core import browsers
from core.bench.page import SCREENS
from core.bench.report import Goal, unmeasured, within
from core.bench.serving import Failed, Server
from core.tests.copies import copy_of_project

# An edit that shows later than this has been missed by the page, which the row would otherwise wait for.
LATEST = 15
# Between two edits a designer looks at the first; meanwhile whatever it set off comes to its end.
LOOKS = 1.5
HEADING = '<h2 id="answers" class="'
# Two frames after it holds it has been painted. Asked anew on whatever document the tab shows by then.
SEEN = "() => ({shown}) && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def in_browser(folder, rounds):
    """Rows of two kinds of edit: words, and a class that the stylesheet has not got yet."""
    from playwright.sync_api import sync_playwright

    path = browsers.find()
    if path is None:
        yield unmeasured("edit to screen", "no Chromium was found; set CHROMIUM_PATH to one")
        return

    def start(port):
        return [sys.executable, "manage.py", "start", "--port", str(port)]

    copy = copy_of_project(folder)
    development = {"DEBUG": "true", "SECRET_KEY": "", "HTTPS": "", "VAR_DIR": "", "RECOMMENDATIONS_DATABASE": ""}
    with Server(None, folder, command=start, cwd=copy, **development) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        try:
            tab = browser.new_page(viewport=SCREENS["desk"])
            tab.goto(f"http://localhost:{server.port}/")
            template = Template(copy / "landing/templates/landing/home.html", tab)
            # The page hears of edits from the moment that its worker is connected, which it does not tell.
            template.until_heard()
            for what, edit, goal in (
                ("edited words to the screen", template.words, 1.0),
                ("a new class to the screen", template.new_class, 1.5),
            ):
                times = [edit(number) for number in range(1, rounds + 1)]
                note = "each time: " + ", ".join(f"{value:.2f}" for value in times)
                yield within(what, statistics.median(times), Goal(goal), hundredths, note=note)
        finally:
            browser.close()


def hundredths(value):
    return f"{value:.2f} s"


class Template:
    """The landing page's template, edited from its first state again and again, and the tab that shows it."""

    def __init__(self, path, tab):
        self.path, self.tab = path, tab
        self.source = path.read_text(encoding="utf-8")
        if HEADING not in self.source or "Straight answers" not in self.source:
            raise Failed("the landing page has no heading to edit")

    def words(self, number):
        """Seconds until the heading reads differently."""
        after = f"Edited for the {number}. time"
        shown = f"document.querySelector('#answers')?.textContent === '{after}'"
        return self.save(self.source.replace("Straight answers", after), shown)

    def new_class(self, number):
        """Seconds until the heading stands where a class puts it that no template had before."""
        pixels = 100 + number
        shown = f"getComputedStyle(document.querySelector('#answers') || document.body).marginTop === '{pixels}px'"
        return self.save(self.source.replace(HEADING, f"{HEADING}mt-[{pixels}px] "), shown)

    def save(self, text, shown, latest=LATEST):
        """Seconds from saving `text` to a frame in which the condition `shown` holds."""
        time.sleep(LOOKS)
        started = time.perf_counter()
        self.path.write_text(text, encoding="utf-8")
        self.tab.wait_for_function(SEEN.format(shown=shown), timeout=latest * 1000)
        return time.perf_counter() - started

    def until_heard(self):
        from playwright.sync_api import Error

        for number in range(10):
            try:
                shown = f"document.querySelector('#answers')?.textContent === 'Try {number}'"
                return self.save(self.source.replace("Straight answers", f"Try {number}"), shown, latest=4)
            except Error:
                continue
        raise Failed("the page never heard of an edit")
