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
    context.add_init_script(measure.RULER)
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
        found += by_ruler(page)
        if not state.needs_js:
            found += without_scripts(plain_page, studio, state)
    wrong = {name: words for name, words in found if words and name.partition(",")[0] not in state.skip}
    assert not wrong


def stretch(page, size):
    """Make the window as wide as `size`, and as high as the page where a bar would cover some of it. What is shown, as a text."""
    page.set_viewport_size(size)
    seen = measure.told(page, "uncovered", "shown")
    if seen["uncovered"] > size["height"]:
        page.set_viewport_size({**size, "height": seen["uncovered"]})
    return seen["shown"]


def is_first(state):
    """Whether no state of its template comes before it: what it shares with later ones is looked at here."""
    return state is next(one for one in STATES if one.template == state.template)


def part_of(state):
    """What axe reads of it: the first state of a page whole, the others without the frame that they share with it."""
    return state.part or ("main" if state.whole and not is_first(state) and state.path not in FRAMED else "")


def by_axe(page, state, matrix):
    if matrix == "small":
        for size, scheme in ((PHONE, "dark"), (WIDE, "light")):
            stretch(page, size)
            page.emulate_media(color_scheme=scheme)
            yield from one_look(page, state, f"{size['width']} {scheme} ltr")
        page.emulate_media(color_scheme="light")
        return
    shown = None
    for size in (PHONE, WIDE):
        before, shown = shown, stretch(page, size)
        # What follows from the markup alone was told at the other width, unless it is other markup or more of it is shown here.
        known = shown == before and not is_first(state)
        yield from both_ways(page, state, size["width"], [*axe.COLOURS, *axe.LAYOUT] if known else None)


def both_ways(page, state, width, rules):
    """One width in light and dark, left to right and right to left.

    axe looks at two of these four: light from the left and dark from the right. The ruler holds the others to them: between light
    and dark nothing may move, and with the direction no colour may change, so that axe could say nothing else about them.
    """
    yield from one_look(page, state, f"{width} light ltr", rules, keep="light ltr")
    page.emulate_media(color_scheme="dark")
    yield from named(f"{width} dark ltr", measure.told(page, keep="dark ltr", moved="light ltr"))
    look = {"dir": "rtl", "keep": "dark rtl", "recoloured": "dark ltr"}
    yield from one_look(page, state, f"{width} dark rtl", [*axe.COLOURS, *axe.LAYOUT], **look)
    page.emulate_media(color_scheme="light")
    look = {"keep": "light rtl", "moved": "dark rtl", "recoloured": "light ltr"}
    yield from named(f"{width} light rtl", measure.told(page, **look))
    page.evaluate("document.documentElement.dir = 'ltr'")


def one_look(page, state, look, rules=None, **order):
    yield from named(look, measure.told(page, "sideways", "clipped", **order))
    yield f"axe, {look}", axe.findings(page, part_of(state), rules, mail=bool(state.mail))


def named(look, found):
    return [(f"{name}, {look}", words) for name, words in found.items()]


def in_another_theme(page, studio, state):
    """The same page in every other theme: nothing that one theme brings along may be taken for granted."""
    for name in tokens.told()["themes"].keys() - {tokens.told()["active"]}:
        page.evaluate(WEARS, sheet_of(page.context, studio, name))
        whole = part_of(state) != "main"
        for size, scheme in ((WIDE, "light"), (PHONE, "dark")) if whole else ((PHONE, "dark"),):
            page.emulate_media(color_scheme=scheme)
            stretch(page, size)
            look = f"{name} {size['width']} {scheme}"
            yield from one_look(page, state, look, [*axe.COLOURS, *axe.LAYOUT])
            page.set_viewport_size(size)
            yield from named(look, measure.told(page, "focus", limit=12))
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


def by_ruler(page):
    page.set_viewport_size(LOW)
    yield from named("390", measure.told(page, "focus", "small"))
    for size in (NARROW, ZOOMED):
        page.set_viewport_size(size)
        yield from named(f"{size['width']} by {size['height']}", measure.told(page, "sideways", "clipped"))
    page.set_viewport_size(WIDE)
    yield from named("1280", measure.told(page, "structure", "faded", "focus"))
    yield from named("double text", measure.told(page, "sideways", "clipped", size="200%"))
    yield from named("loose text", measure.told(page, "sideways", "clipped", spaced=True))
    page.emulate_media(media="print")
    yield from named("on paper", measure.told(page, "faded"))
    page.emulate_media(media="screen", forced_colors="active", reduced_motion="reduce")
    yield from named("forced colours, no motion", measure.told(page, "borderless", "moving", "faded"))


def without_scripts(page, studio, state):
    # Nothing waits here for the page to come to rest: without scripts there is nothing that could say so.
    page.goto(f"{studio.address}/_gallery/play/{state.path}/?scripts=off", wait_until="load")
    yield "faded, without scripts", measure.faded(page)
    yield "sideways, without scripts", measure.sideways(page)


def test_no_template_is_without_states():
    pieces, wrong = states.pieces()
    assert [*wrong, *check.orphans(pieces)] == []
