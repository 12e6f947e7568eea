"""On every page, in every state: axe finds nothing, and the page holds together however somebody looks at it.

Light and dark, on a desk and on a phone, at 320 px, with large or loose text, in forced colours, without motion.
"""

import pytest
from playwright.sync_api import expect

from e2e import axe, measure
from e2e.conftest import PHONE, WIDE
from e2e.people import Person
from e2e.places import PLACES

# A phone of the smallest kind, and what is left of 1280 by 720 at 400 % zoom.
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 180}


# Some places are reached by losing the network.
@pytest.mark.usefixtures("network_gone")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_everybody_can_read_and_use(place, page, request):
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
    place.go(Person(page, request.getfixturevalue(place.on)))
    page.context.set_offline(False)
    if not place.name.endswith(("loading", "slow")):
        # A fragment that comes in while axe is reading would leave it undecided.
        expect(page.locator("[data-fragment][data-state=loading]")).to_have_count(0)
    assert place.status is None or answers[-1].status == place.status
    assert page.title().startswith("Error: ") == (place.form and place.status in (422, 429))
    wrong = {name: found for name, found in [*found_by_axe(page, place), *found_by_ruler(page)] if found}
    page.unroute_all(behavior="ignoreErrors")
    assert not wrong


def found_by_axe(page, place):
    # The pages on the way in and the bare ones are one column: only the home page and the desk are laid out anew for a phone.
    for size in (WIDE, PHONE) if page.locator(".hero, .desk").count() else (WIDE,):
        page.set_viewport_size(size)
        # As high as the page, so that no bar covers any of it.
        page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            measure.at_rest(page)
            yield f"{size['width']} {scheme}", axe.findings(page, place.part, colours_only=scheme == "dark")
    page.emulate_media(color_scheme="light")


def found_by_ruler(page):
    page.set_viewport_size(WIDE)
    measure.at_rest(page)
    yield "structure", measure.structure(page)
    yield "faded", measure.faded(page)
    yield "clipped", measure.clipped(page)
    for size in (NARROW, ZOOMED):
        page.set_viewport_size(size)
        measure.at_rest(page)
        yield f"sideways in {size}", measure.sideways(page)
        yield f"clipped in {size}", measure.clipped(page)
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
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    measure.at_rest(page)
    yield "borderless", measure.borderless(page)
    yield "moving", measure.moving(page)
    yield "faded without motion", measure.faded(page)
