"""Every state of every template, as the gallery plays it: axe finds nothing, and it holds together however somebody looks at it.

Light and dark, left to right and right to left, at 390 and 1280 px, in each theme; then at 320 px and 400 %, with large or loose
text, by the keyboard, in forced colours, without motion, on paper and without scripts. `--matrix small` looks in two ways only.
"""

import re
from functools import cache

import pytest

from core.gallery import check, states
from e2e import axe, measure
from theme import tokens

WIDE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
# A phone of the smallest kind, and what is left of 1280 by 720 at 400 % zoom.
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 180}
LOW = {"width": 390, "height": 640}

STATES = check.every()
# What is different about these is in the frame.
FRAMED = {state.path for state in STATES if "menu" in state.name or "by-choice" in state.name or "offline" in state.name}
LABEL = {state.path: state for state in STATES}


@pytest.fixture(scope="module")
def studio_page(browser, studio):
    """One tab for all states of this process: each is a fresh document in it."""
    context = studio.lets_in(browser.new_context(viewport=WIDE, reduced_motion="no-preference"))
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def plain_page(browser, studio):
    """The same without scripts."""
    context = studio.lets_in(browser.new_context(viewport=WIDE, java_script_enabled=False))
    yield context.new_page()
    context.close()


def opened(page, studio, state):
    """Leave the played state on the page, at rest."""
    answer = page.goto(f"{studio.address}/_gallery/play/{state.path}/", wait_until="load")
    if state.needs_js:
        page.wait_for_function("() => document.documentElement.dataset.played", timeout=10_000)
        assert page.evaluate("document.documentElement.dataset.played") == "yes"
    assert answer.status == 200, page.inner_text("body")
    measure.at_rest(page)


@pytest.mark.parametrize("path", LABEL)
def test_everybody_can_read_and_use(path, studio, studio_page, plain_page, matrix):
    state = LABEL[path]
    page = studio_page
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference", media="screen")
    page.set_viewport_size(WIDE)
    opened(page, studio, state)
    # A page with a form on it says so in its title; a bare page has no other purpose.
    if state.status in (422, 429) and state.whole and not page.locator("main.bare").count():
        assert page.title().startswith("Error: ")
    found = [*by_axe(page, state, matrix)]
    if not state.mail:
        if matrix == "full":
            found += in_another_theme(page, studio, state)
        found += by_ruler(page, state)
        if not state.needs_js:
            found += without_scripts(plain_page, studio, state)
    wrong = {name: words for name, words in found if words and name.partition(",")[0] not in state.skip}
    assert not wrong


def stretch(page, size):
    """Make the window as wide as `size` and as high as the page, so that no bar covers any of it."""
    page.set_viewport_size(size)
    high = page.evaluate("document.documentElement.scrollHeight")
    if high > size["height"]:
        page.set_viewport_size({**size, "height": high})


def part_of(state):
    """What axe reads of it: the first state of a page whole, the others without the frame that they share with it."""
    first = next(one for one in STATES if one.template == state.template)
    return state.part or ("main" if state.whole and state is not first and state.path not in FRAMED else "")


def by_axe(page, state, matrix):
    full = matrix == "full"
    for size in (WIDE, PHONE):
        stretch(page, size)
        for direction in ("ltr", "rtl") if full else ("ltr",):
            page.evaluate("(dir) => (document.documentElement.dir = dir)", direction)
            # A wide page in the dark and a phone in the light are what the small matrix leaves out.
            for scheme in ("light", "dark") if full else ("light",) if size is WIDE else ("dark",):
                page.emulate_media(color_scheme=scheme)
                measure.at_rest(page)
                look = f"{size['width']} {scheme} {direction}"
                # Between light and dark only colours change, and what lies over what; with the direction, only what is where.
                seen = full and (axe.COLOURS if scheme == "dark" else axe.LAYOUT if direction == "rtl" else None)
                yield f"axe, {look}", axe.findings(page, part_of(state), seen, mail=bool(state.mail))
                if seen is not axe.COLOURS:
                    yield f"sideways, {look}", measure.sideways(page)
                    yield f"clipped, {look}", measure.clipped(page)
        page.emulate_media(color_scheme="light")
        page.evaluate("document.documentElement.dir = 'ltr'")


def in_another_theme(page, studio, state):
    """The same page in every other theme: nothing that one theme brings along may be taken for granted."""
    for name in tokens.told()["themes"].keys() - {tokens.told()["active"]}:
        page.evaluate(WEARS, sheet_of(page.context, studio, name))
        first = part_of(state) != "main"
        for size, scheme in ((PHONE, "dark"), (WIDE, "light")) if first else ((PHONE, "dark"),):
            page.emulate_media(color_scheme=scheme)
            stretch(page, size)
            measure.at_rest(page)
            look = f"{name} {size['width']} {scheme}"
            yield f"axe, {look}", axe.findings(page, part_of(state), [*axe.COLOURS, *axe.LAYOUT])
            yield f"sideways, {look}", measure.sideways(page)
            yield f"clipped, {look}", measure.clipped(page)
            page.set_viewport_size(size)
            yield f"focus, {look}", measure.focus(page, limit=12)
        page.evaluate("document.querySelector('link[data-worn]').remove()")
    page.emulate_media(color_scheme="light")


@cache
def sheet_of(context, studio, name):
    """The address of a theme's stylesheet, as the gallery links it."""
    html = context.request.get(f"{studio.address}/_gallery/play/404/visitor/?skin={name}").text()
    return re.search(rf'href="([^"]*/css/dist/{name}[^"]*)"', html)[1]


# Another theme's stylesheet after the one that the page wears: each sets every token. Loading the page anew would take longer.
WEARS = """
(address) => new Promise((done) => {
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: address, onload: done });
  sheet.dataset.worn = "";
  document.head.append(sheet);
})
"""


def by_ruler(page, state):
    page.set_viewport_size(WIDE)
    measure.at_rest(page)
    yield "structure", measure.structure(page)
    yield "faded", measure.faded(page)
    yield "focus, 1280", measure.focus(page)
    page.set_viewport_size(LOW)
    measure.at_rest(page)
    yield "focus, 390", measure.focus(page)
    yield "small, 390", measure.small(page)
    for size in (NARROW, ZOOMED):
        page.set_viewport_size(size)
        measure.at_rest(page)
        yield f"sideways, {size}", measure.sideways(page)
        yield f"clipped, {size}", measure.clipped(page)
    page.set_viewport_size(WIDE)
    for name, change, undo in (
        ("double text", (measure.TEXT_SIZE, "200%"), (measure.TEXT_SIZE, "")),
        ("loose text", (measure.SPACED,), (measure.UNSPACED,)),
    ):
        page.evaluate(*change)
        measure.at_rest(page)
        yield f"sideways, {name}", measure.sideways(page)
        yield f"clipped, {name}", measure.clipped(page)
        page.evaluate(*undo)
    page.emulate_media(media="print")
    yield "faded, on paper", measure.faded(page)
    page.emulate_media(media="screen", forced_colors="active", reduced_motion="reduce")
    measure.at_rest(page)
    yield "borderless", measure.borderless(page)
    yield "moving", measure.moving(page)
    yield "faded, without motion", measure.faded(page)


def without_scripts(page, studio, state):
    # Nothing waits here for the page to come to rest: without scripts there is nothing that could say so.
    page.goto(f"{studio.address}/_gallery/play/{state.path}/?scripts=off", wait_until="load")
    yield "faded, without scripts", measure.faded(page)
    yield "sideways, without scripts", measure.sideways(page)


def test_no_template_is_without_states():
    pieces, wrong = states.pieces()
    assert [*wrong, *check.orphans(pieces)] == []
