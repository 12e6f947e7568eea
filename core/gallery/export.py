"""Writes the gallery to a folder: every state as a page that opens from a disk, and as pictures.

`manage.py gallery --export DIR` and `--shots DIR` call `pages()` and `shots()`. A designer opens DIR/index.html; no Python and
no server is needed for that.
"""

import re
import shutil
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from core.gallery import check, facts, looks, stage, views
from theme import tokens
from theme.covers import cover_svg

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
MAIL_WIDTHS = (320, 600)
ADDRESS = re.compile(r'\b(src|href|content|action)="(/[^"]*)"')
COVER = re.compile(r"^/covers/[^/]+/(?P<version>[\w-]+)/(?P<palette>[\w-]+)\.svg$")
SHEETS = ("css/dist/styles.css", "css/gallery.css", "css/gallery-stage.css", "css/dist/icon.svg")


def widths(state):
    return MAIL_WIDTHS if state.mail else WIDTHS


async def pages(folder, words=""):
    """Write DIR/states/<path>.html for every state with `words` in its path, in both schemes, and DIR/index.html. The States."""
    folder = Path(folder)
    chosen = check.every(words)
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHEETS:
        _copy(folder, name)
    for state in chosen:
        played = await stage.play(state)
        for scheme in SCHEMES:
            html = views.document(state, played, looks.Look(theme="" if state.mail else scheme))
            path = page_of(folder, state, scheme)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_standing_alone(html, folder, path), encoding="utf-8")
    _index(folder, chosen, "gallery/export.html")
    return chosen


async def shots(folder, words, chromium, said=lambda line: None):
    """Write DIR/shots/<path>-<width>-<scheme>.png for every state, and DIR/index.html with all of them on it. The States.

    `chromium` is the path of a browser. Playwright comes with the test tools.
    """
    from playwright.async_api import async_playwright

    from core.browsers import ARGUMENTS

    folder = Path(folder)
    chosen = await pages(folder, words)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for scheme in SCHEMES:
            context = await browser.new_context(color_scheme=scheme, reduced_motion="reduce")
            page = await context.new_page()
            for number, state in enumerate(chosen, start=1):
                for width in widths(state):
                    size = {"width": width, "height": 844 if width < 1000 else 800}
                    await page.set_viewport_size(size)
                    await page.goto(page_of(folder, state, scheme).absolute().as_uri(), wait_until="load")
                    if state.needs_js:
                        await page.wait_for_selector("html[data-played]", state="attached", timeout=15_000)
                        if (how := await page.get_attribute("html", "data-played")) != "yes":
                            raise stage.StateFailed(f"{state.path} was not played: {how}.")
                    # A window as high as the page: a bar at its edge would lie across the middle of the picture.
                    high = await page.evaluate("document.documentElement.scrollHeight")
                    await page.set_viewport_size({**size, "height": max(high, size["height"])})
                    picture = picture_of(folder, state, width, scheme)
                    picture.parent.mkdir(parents=True, exist_ok=True)
                    await page.screenshot(path=picture, full_page=True, animations="disabled")
                if number % 25 == 0 or number == len(chosen):
                    said(f"{scheme}: {number} of {len(chosen)}")
            await context.close()
        await browser.close()
    _index(folder, chosen, "gallery/shots.html")
    return chosen


def page_of(folder, state, scheme):
    return folder / "states" / f"{state.path}-{scheme}.html"


def picture_of(folder, state, width, scheme):
    return folder / "shots" / f"{state.path}-{width}-{scheme}.png"


def _index(folder, chosen, template):
    groups = {name: [] for name in facts.GROUPS}
    pieces = {piece.template: piece for piece in views.states.pieces()[0].values()}
    for state in chosen:
        looked = [
            {
                "width": width,
                "scheme": scheme,
                "page": page_of(folder, state, scheme).relative_to(folder).as_posix(),
                "picture": picture_of(folder, state, width, scheme).relative_to(folder).as_posix(),
            }
            for width in widths(state)
            for scheme in SCHEMES
        ]
        groups[facts.group(pieces[state.template])].append((state, looked))
    context = {
        "groups": [(name, entries) for name, entries in groups.items() if entries],
        "count": len(chosen),
        "site_name": settings.SITE_NAME,
    }
    html = render_to_string(template, context)
    (folder / "index.html").write_text(_standing_alone(html, folder, folder / "index.html"), encoding="utf-8")


def _standing_alone(html, folder, path):
    """The page with every address of this site changed to a file beside it; links that lead to other pages lead nowhere."""
    up = "../" * (len(path.relative_to(folder).parts) - 1)

    def change(found):
        name, address = found[1], unescape(found[2])
        if address.startswith(settings.STATIC_URL):
            kept = address.removeprefix(settings.STATIC_URL).partition("?")[0]
            _copy(folder, kept)
            return f'{name}="{up}static/{kept}"'
        if cover := COVER.match(urlsplit(address).path):
            return f'{name}="{up}{_cover(folder, cover, address)}"'
        return f'{name}="#"' if name in ("href", "action") else found[0]

    return ADDRESS.sub(change, html)


def _copy(folder, name):
    target = folder / "static" / name
    source = finders.find(name)
    if source and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _cover(folder, cover, address):
    """The file of one cover, drawn when it is first met."""
    name = f"covers/{sha256(address.encode()).hexdigest()[:16]}.svg"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fields = parse_qs(urlsplit(address).query)
        drawn = cover_svg(
            fields["title"][0], fields.get("author", [""])[0], cover["palette"], tokens.with_covers(cover["version"])
        )
        path.write_text(drawn, encoding="utf-8")
    return name
