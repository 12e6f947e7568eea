"""What a browser gets: the files of a first visit, the requests it makes for them, how far things move. rows.py calls it."""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

from core import bootstrap, browsers
from core.bench.report import Goal, number, three_places, unmeasured, within

SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}
# Counts as the standard does: what moves within half a second of a person's input is expected.
SHIFT = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
LIGHTHOUSE_NODE = (22, 19)


class Links(HTMLParser):
    """Collects (address, kind) of everything that a page loads by itself; a lazy picture waits until somebody scrolls."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.found.append((given["href"], "css" if given["rel"] == "stylesheet" else "picture"))
        elif tag == "script" and given.get("src"):
            self.found.append((given["src"], "js"))
        elif tag == "img" and given.get("loading") != "lazy":
            self.found.append((given["src"], "picture"))
        elif given.get("hx-trigger") == "load":
            self.found.append((given["hx-get"], "fragment"))


def files(fetch):
    """{(address, kind): bytes on the wire} of a first visit; `fetch(address)` gives a Reply."""
    home = fetch("/")
    text = decoded(home)
    return {("/", "html"): len(home.body)} | {(url, kind): len(fetch(url).body) for url, kind in Links(text).found}


def decoded(reply):
    """The text of an answer, whatever its encoding."""
    import gzip

    import brotli

    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}[reply.header("Content-Encoding")]
    return unpack(reply.body).decode()


def in_browser(site, connected, member):
    """Rows of what a real browser does: requests of a first visit, and shift of both pages on both screens."""
    from playwright.sync_api import sync_playwright

    path = browsers.find()
    if path is None:
        yield unmeasured("requests and layout shift", "no Chromium was found; set CHROMIUM_PATH to one")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        try:
            # The second visitor's: the site has heard from its services by then, as a running site has.
            _, asked = [visit(browser, connected, None, SCREENS["desk"]) for _ in range(2)][-1]
            strangers = [url for url in asked if not url.startswith(f"http://127.0.0.1:{connected.port}/")]
            note = ", ".join(url.split("/", 3)[3].split("?")[0] or "/" for url in asked)
            yield within("requests of a first visit", len(asked), Goal(7), number, note=note)
            yield within("requests to a third party", len(strangers), Goal(0), number)
            for what, cookies in (("landing page", None), ("dashboard with fragments", member)):
                # Twice: with fragments that come after the page, and with those that are there from the start.
                moved = {
                    name: max(visit(browser, connected, cookies, size)[0] for _ in range(2)) for name, size in SCREENS.items()
                }
                note = ", ".join(f"{name} {three_places(value)}" for name, value in moved.items())
                yield within(f"layout shift, {what}", max(moved.values()), Goal(0.02), three_places, note=note)
        finally:
            browser.close()


def visit(browser, server, cookies, size):
    """(shift score, addresses that were asked for) of the home page until its fragments are there, without scrolling."""
    context = browser.new_context(viewport=size)
    try:
        context.set_default_timeout(15_000)
        address = f"http://127.0.0.1:{server.port}/"
        if cookies:
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        tab, asked = context.new_page(), []
        tab.on("request", lambda request: asked.append(request.url))
        tab.add_init_script(SHIFT)
        tab.goto(address, wait_until="networkidle")
        # Asked by selector: a function in a string is what the page's content security policy forbids.
        tab.wait_for_selector("[data-state=loading]", state="detached")
        # A frame after the last change, so that its shift has been counted.
        tab.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return tab.evaluate("window.moved"), asked
    finally:
        context.close()


def lighthouse(site):
    """Rows of Lighthouse's four scores, when it and a Node that is new enough for it are on this machine."""
    what = "Lighthouse, landing page"
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip() if node else "none"
    if not node or tuple(map(int, re.findall(r"\d+", version)[:2])) < LIGHTHOUSE_NODE:
        yield unmeasured(what, f"it needs Node {'.'.join(map(str, LIGHTHOUSE_NODE))} or newer, and this is {version}")
        return
    own = Path(bootstrap.BASE, "node_modules/.bin/lighthouse")
    command, chromium = str(own) if own.exists() else shutil.which("lighthouse"), browsers.find()
    if not command or not chromium:
        missing = "Chromium" if command else "the lighthouse command"
        yield unmeasured(what, f"{missing} is not on this machine")
        return
    flags = ["--output=json", "--quiet", f"--chrome-flags=--headless=new {' '.join(browsers.ARGUMENTS)}"]
    done = subprocess.run(
        [command, f"http://127.0.0.1:{site.port}/", *flags],
        capture_output=True,
        text=True,
        timeout=90,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    if done.returncode:
        yield unmeasured(what, done.stderr.strip()[-200:])
        return
    for name, category in json.loads(done.stdout)["categories"].items():
        least = Goal(98 if name == "performance" else 100, least=True)
        yield within(f"{what}, {name}", round(category["score"] * 100), least, number)
