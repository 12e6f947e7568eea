"""What the pages may cost: the fold, the bytes, the requests and the movement. No times: those are a matter of the machine."""

import gzip
import re
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from e2e.conftest import PHONE, WIDE
from e2e.people import Person
from e2e.readers import join, pick

SMALL = {"width": 360, "height": 640}
# Gzipped, of the first view of the landing page.
HTML, CSS, JS, ALL = 10_000, 12_000, 20_000, 40_000
REQUESTS = 7
SHIFT = 0.02

NOTES_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    window.shifts.push({ value: one.value, by: one.sources.map(({ node }) => node?.id || node?.className || "?").join(" ") });
}).observe({ type: "layout-shift", buffered: true });
"""


# The fold -----------------------------------------------------------------------------------------------------------------


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("size, most", [(WIDE, 700), (PHONE, 720)], ids=["desk", "phone"])
def test_the_button_is_in_the_first_view(size, most, reader):
    reader.page.set_viewport_size(size)
    reader.opens()
    expect(reader.page.locator("#frag-promo-strip")).to_have_attribute("data-state", "ok")
    assert bottom(reader.button) <= most


def test_the_smallest_phone_shows_the_email_field_and_its_label(reader):
    reader.page.set_viewport_size(SMALL)
    reader.opens()
    expect(reader.page.locator("#frag-promo-strip")).to_have_attribute("data-state", "ok")
    expect(reader.page.get_by_text("Email", exact=True)).to_be_in_viewport(ratio=1)
    expect(reader.email).to_be_in_viewport(ratio=1)


# The weight ---------------------------------------------------------------------------------------------------------------


def gzipped(url):
    """What this address sends to a browser that takes gzip; squeezed here when the server leaves that to the proxy before it."""
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
        return len(body if answer.headers["Content-Encoding"] == "gzip" else gzip.compress(body))


def first_view(reader):
    """Addresses that the landing page's first view asks for, without fragments and the covers further down."""
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.opens()
    reader.page.wait_for_load_state("networkidle")
    own = urlsplit(reader.site.address).netloc
    assert {urlsplit(url).netloc for url in asked} == {own}
    return [url for url in asked if not re.match(r"/(fragments|covers)/", urlsplit(url).path)]


def test_the_landing_page_is_light(reader):
    weights = {urlsplit(url).path: gzipped(url) for url in first_view(reader)}
    of = {kind: sum(weight for path, weight in weights.items() if path.endswith(kind)) for kind in (".css", ".js")}
    assert len(weights) <= REQUESTS, weights
    assert weights["/"] <= HTML, weights
    assert of[".css"] <= CSS, weights
    assert of[".js"] <= JS, weights
    assert sum(weights.values()) <= ALL, weights


def test_nothing_but_drawings_is_a_picture_and_no_font_is_loaded(reader):
    kinds = set()
    reader.page.on("response", lambda answer: kinds.add(answer.headers.get("content-type", "").partition(";")[0]))
    reader.opens()
    reader.page.locator("footer").scroll_into_view_if_needed()
    reader.page.wait_for_load_state("networkidle")
    assert {kind for kind in kinds if kind.startswith(("image/", "font/", "application/font"))} <= {"image/svg+xml"}
    assert reader.page.evaluate("document.fonts.size") == 0


# Movement -----------------------------------------------------------------------------------------------------------------


def shifted(page):
    """The sum of all layout shifts, and what moved."""
    # Two frames later every shift so far has been told.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shifts = page.evaluate("window.shifts")
    return sum(one["value"] for one in shifts), shifts


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("mode", ["slow", "no-items", "500", "long"])
def test_the_landing_page_does_not_move_when_the_announcement_comes(mode, size, page, troubled, services):
    services.reset()
    services.be("promos", mode, 0.4)
    page.add_init_script(NOTES_SHIFTS)
    page.set_viewport_size(size)
    Person(page, troubled).opens()
    expect(page.locator("#frag-promo-strip")).not_to_have_attribute("data-state", "loading")
    total, shifts = shifted(page)
    assert total <= SHIFT, shifts


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("picked", [False, True], ids=["picker", "shelf"])
def test_the_desk_does_not_move_when_offers_and_books_come(picked, size, page, troubled, services):
    services.reset()
    person = Person(page, troubled)
    join(page.context, troubled)
    if picked:
        pick(page.context, troubled)
    page.add_init_script(NOTES_SHIFTS)
    page.set_viewport_size(size)
    for mode in ("slow", "one-bad", "500", "no-items"):
        for service in ("promos", "recommendations"):
            services.be(service, mode, 0.4)
        # High enough that the fragments are in view: what moves out of sight does not count, and should.
        page.set_viewport_size({**size, "height": 2400})
        person.opens()
        person.sees_what_services_gave()
        total, shifts = shifted(page)
        assert total <= SHIFT, (mode, shifts)
