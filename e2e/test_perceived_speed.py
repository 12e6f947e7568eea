"""What makes the site feel quick, and that none of it is ever wrong: pages that are fetched ahead, fragments that are there from
the start, and parts that are laid out late."""

import time

import pytest
from playwright.sync_api import expect

from e2e.conftest import PHONE, WIDE
from e2e.people import PASSWORD, Person
from e2e.readers import elsewhere, join, pick
from e2e.test_budgets import NOTES_SHIFTS, SHIFT, shifted

# Fetched ahead -----------------------------------------------------------------------------------------------------------

DELIVERY = "performance.getEntriesByType('navigation')[0].deliveryType"


class Ahead:
    """What one tab fetched ahead: {address: state}, as the browser's own tools tell it."""

    def __init__(self, person):
        self.person, self.states = person, {}
        tools = person.page.context.new_cdp_session(person.page)
        tools.on("Preload.prefetchStatusUpdated", self.note)
        tools.send("Preload.enable")

    def note(self, event):
        self.states[event["prefetchUrl"].removeprefix(self.person.site.address)] = event["status"]

    def rests_on(self, name, ends="Ready", path=None):
        """Let the pointer rest on a link until what it leads to is there, or was refused (`ends` is Failure)."""
        link = self.person.page.get_by_role("link", name=name, exact=True).first
        path = path or link.get_attribute("href")
        link.hover()
        for _ in range(100):
            if self.states.get(path) == ends:
                return link
            self.person.page.wait_for_timeout(50)
        raise AssertionError((path, self.states))


@pytest.fixture
def ahead(reader):
    return Ahead(reader)


def came_ahead(person):
    return person.page.evaluate(DELIVERY) == "navigational-prefetch"


def test_a_link_that_the_pointer_rests_on_leads_to_a_page_that_is_there_already(reader, ahead):
    reader.opens("/privacy/")
    ahead.rests_on("Sign in").click()
    reader.sees("Sign in")
    assert came_ahead(reader)


def test_a_member_s_pages_are_fetched_ahead_likewise(reader, ahead):
    join(reader.page.context, reader.site)
    reader.opens("/settings/")
    ahead.rests_on("Your picks").click()
    reader.sees("Your picks")
    assert came_ahead(reader)


def test_a_page_that_was_fetched_ahead_has_a_form_that_works(reader, ahead):
    email = elsewhere(reader)
    reader.opens("/privacy/")
    ahead.rests_on("Sign in").click()
    reader.sees("Sign in")
    assert came_ahead(reader)
    reader.types(email, PASSWORD).presses("Sign in")
    reader.sees_the_dashboard()


def test_only_what_is_listed_is_ever_fetched_ahead(reader):
    asked = []
    reader.page.on("request", lambda request: asked.append(request) if "sec-purpose" in request.headers else None)
    email = join(reader.page.context, reader.site)
    for path in ("/", "/settings/", "/picks/"):
        reader.opens(path)
        reader.page.wait_for_load_state("networkidle")
        for link in reader.page.locator("a[href]:visible").all():
            if not link.get_attribute("href").startswith(("http", "mailto")):
                link.hover(force=True)
                # As long as a browser takes for a rest.
                reader.page.wait_for_timeout(250)
        reader.page.locator(".desk-profile").click()
        reader.page.get_by_role("button", name="Sign out", exact=True).hover()
        reader.page.wait_for_timeout(250)
    addresses = {request.url.removeprefix(reader.site.address).partition("?")[0] for request in asked}
    assert addresses and addresses <= {"/", "/picks/", "/picks/offers/", "/settings/", "/privacy/", "/terms/"}
    expect(reader.page.locator(".desk-profile")).to_contain_text(email)


def test_what_a_visitor_fetched_ahead_is_not_shown_to_a_member(reader, ahead, context):
    reader.opens("/terms/")
    ahead.rests_on("Privacy")
    Person(context.new_page(), reader.site).joins()
    reader.returns_to_the_tab().page.get_by_role("link", name="Privacy", exact=True).first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Privacy")
    # The member's masthead, also when the pointer that pressed had fetched it anew.
    expect(reader.page.get_by_role("banner").get_by_role("link", name="Home", exact=True)).to_be_visible()


def test_what_a_member_fetched_ahead_is_not_shown_after_signing_out_elsewhere(reader, ahead, context):
    email = reader.joins()
    reader.opens("/settings/")
    ahead.rests_on("Your picks")
    other = Person(context.new_page(), reader.site).opens()
    other.signs_out()
    other.sees_the_landing_page()
    reader.returns_to_the_tab().page.get_by_role("link", name="Your picks", exact=True).click()
    reader.sees("Sign in")
    reader.sees_nothing_of(email)


def test_what_was_fetched_before_the_morph_is_not_shown_after_it(reader, ahead):
    reader.opens()
    ahead.rests_on("Privacy")
    reader.creates_account()
    reader.sees_the_dashboard()
    reader.page.get_by_role("link", name="Privacy", exact=True).click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Privacy")
    # The member's masthead, also when the pointer that pressed had fetched it anew.
    expect(reader.page.get_by_role("banner").get_by_role("link", name="Home", exact=True)).to_be_visible()


def test_a_message_waits_for_the_page_that_somebody_looks_at(reader, ahead):
    join(reader.page.context, reader.site)
    reader.opens("/settings/")
    token = reader.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token, "name": "Grace"}
    reader.page.context.request.post(reader.site.address + "/settings/", form=form, max_redirects=0)
    ahead.rests_on("Your picks", ends="Failure").click()
    reader.sees("Your picks")
    reader.reads("Your name is saved.")
    assert not came_ahead(reader)


# There from the start ------------------------------------------------------------------------------------------------------


@pytest.fixture
def fragments_of(reader):
    """A function that opens a path and gives the fragments that were asked for after it."""

    def opened(path="/"):
        asked = []
        reader.page.on("request", lambda request: asked.append(request.url) if "/fragments/" in request.url else None)
        reader.opens(path)
        reader.page.wait_for_load_state("networkidle")
        return [url.removeprefix(reader.site.address) for url in asked]

    return opened


def warm_up(person):
    """Let the site hear from both services, as it does for any earlier reader."""
    context = person.page.context.browser.new_context()
    try:
        hears(context, person.site, "promo-strip", "ok")
        join(context, person.site)
        hears(context, person.site, "promos", "ok")
        hears(context, person.site, "recommendations", "empty")
    finally:
        context.close()


def hears(context, site, name, state):
    """Ask for a fragment until the service behind it answered in time, which a busy machine may not let it do at once."""
    for _ in range(20):
        if f'data-state="{state}"' in context.request.get(f"{site.address}/fragments/{name}/").text():
            return
        time.sleep(0.25)
    raise AssertionError(f"{name} never came as {state}")


def test_a_visitor_reads_the_announcement_without_another_request(reader, fragments_of):
    warm_up(reader)
    assert fragments_of() == []
    expect(reader.page.get_by_label("Announcement")).to_be_visible()
    reader.presses("Dismiss announcement")
    expect(reader.page.get_by_label("Announcement")).to_have_count(0)
    expect(reader.page.locator("#logo")).to_be_focused()


def test_a_reader_finds_offers_and_shelf_without_another_request(reader, fragments_of):
    warm_up(reader)
    join(reader.page.context, reader.site)
    pick(reader.page.context, reader.site)
    # Their own shelf is asked for once, the first time.
    hears(reader.page.context, reader.site, "recommendations", "ok")
    assert fragments_of() == []
    expect(reader.page.locator("#frag-recommendations .book")).to_have_count(12)
    later = reader.page.get_by_role("button", name="Next offer")
    later.click()
    expect(reader.page.locator("[data-carousel-position]")).to_contain_text("2 of")


def test_after_the_morph_the_picker_is_there_and_works(reader, fragments_of):
    warm_up(reader)
    fragments_of()
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url) if "/fragments/" in request.url else None)
    reader.creates_account()
    reader.sees_the_dashboard()
    reader.page.wait_for_load_state("networkidle")
    assert asked == []
    expect(reader.page.get_by_text("0 of 3 picked")).to_be_visible()
    for number in range(3):
        reader.page.locator(".pick-label").nth(number).click()
    reader.presses("Show my shelf")
    expect(reader.page.locator("#frag-recommendations .book")).to_have_count(12)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_nothing_moves_when_everything_is_there_from_the_start(size, reader, fragments_of):
    warm_up(reader)
    reader.page.add_init_script(NOTES_SHIFTS)
    reader.page.set_viewport_size({**size, "height": 2400})
    assert fragments_of() == []
    assert shifted(reader.page)[0] <= SHIFT, shifted(reader.page)
    join(reader.page.context, reader.site)
    for picks in (0, 3):
        if picks:
            pick(reader.page.context, reader.site)
            hears(reader.page.context, reader.site, "recommendations", "ok")
        assert fragments_of() == []
        assert shifted(reader.page)[0] <= SHIFT, shifted(reader.page)


def test_without_scripts_they_are_read_without_a_way_round(browser, site):
    context = browser.new_context(java_script_enabled=False)
    person = Person(context.new_page(), site)
    warm_up(person)
    person.opens()
    expect(person.page.get_by_label("Announcement")).to_be_visible()
    join(context, site)
    person.opens()
    expect(person.page.locator("#frag-promos .slide").first).to_be_visible()
    for box in person.page.locator(".pick-label").all()[:3]:
        box.click()
    person.presses("Show my shelf")
    person.reads("Saved. Your shelf now starts from 3 books.")
    context.close()


# Laid out late -------------------------------------------------------------------------------------------------------------

HEIGHTS = """
() => [...document.querySelectorAll(".below")].map((one) => one.getBoundingClientRect().height)
"""
ALL_LAID_OUT = "() => document.querySelectorAll('.below').forEach((one) => (one.style.contentVisibility = 'visible'))"
LAID_OUT = "(one) => one.checkVisibility({ contentVisibilityAuto: true })"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_room_that_is_set_aside_is_about_as_high_as_what_comes(size, reader):
    reader.page.set_viewport_size(size)
    reader.opens()
    assert not reader.page.locator("#start").evaluate(LAID_OUT)
    set_aside = reader.page.evaluate(HEIGHTS)
    reader.page.evaluate(ALL_LAID_OUT)
    real = reader.page.evaluate(HEIGHTS)
    assert len(real) == 4
    assert set_aside == [pytest.approx(height, rel=0.06) for height in real]


def test_the_browser_finds_words_that_are_not_laid_out_yet(reader):
    reader.opens()
    assert not reader.page.locator("#start").evaluate(LAID_OUT)
    assert reader.page.evaluate("window.find('One gap, kept for you')")
    expect(reader.page.locator("#start")).to_be_in_viewport()


def test_a_link_to_a_heading_that_is_not_laid_out_yet_arrives_at_it(reader):
    reader.opens("/#answers")
    expect(reader.page.locator("#answers")).to_be_in_viewport()


def test_from_the_end_of_the_page_the_button_leads_to_the_first_field(reader):
    reader.opens()
    reader.page.get_by_role("link", name="Create account").click()
    expect(reader.email).to_be_focused()
    expect(reader.email).to_be_in_viewport(ratio=1)


def test_on_paper_everything_is_laid_out(reader):
    reader.opens()
    reader.page.emulate_media(media="print")
    for name in ("reasons", "covers", "answers", "start"):
        assert reader.page.locator(f"#{name}").evaluate(LAID_OUT)
    reader.page.emulate_media(media="screen")
    assert b"/Type /Page" in reader.page.pdf()
