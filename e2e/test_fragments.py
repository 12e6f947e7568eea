"""What the two services give the page, as a reader meets it: in time, late, in part, hostile, or not at all."""

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person
from e2e.readers import join, pick

SHELF = "#frag-recommendations"
OFFERS = "#frag-promos"

# When each fragment stood in the page with its answer, in milliseconds since the page was asked for.
NOTES_ARRIVALS = """
window.arrived = {};
new MutationObserver(() => {
  for (const one of document.querySelectorAll("[data-fragment]:not([data-state=loading])"))
    window.arrived[one.dataset.fragment] ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
"""


@pytest.fixture
def newcomer(page, troubled, services):
    """A member without picks."""
    services.reset()
    person = Person(page, troubled)
    person.address = join(page.context, troubled)
    return person


@pytest.fixture
def regular(newcomer):
    """A member with three picks."""
    pick(newcomer.page.context, newcomer.site)
    return newcomer


@pytest.fixture
def cut_off(page, cold):
    """A member with three picks on a site whose services fail and have never answered it."""
    person = Person(page, cold).holds_the_clock()
    with_cold_services(person, "/")
    return person


def with_cold_services(person, open_path):
    """Services that fail and have never answered this process: nothing good is kept."""
    services = person.site.services
    services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.site.stop()
    for service in ("promos", "recommendations"):
        services.be(service, "500")
    person.site.start()
    person.opens(open_path)


def box(person, selector):
    return person.page.locator(selector).first.bounding_box()


def ends_as(person, fragment, state):
    expect(person.page.locator(fragment)).to_have_attribute("data-state", state)
    expect(person.page.locator(fragment)).to_have_attribute("aria-busy", "false")


# In time ----------------------------------------------------------------------------------------------------------------


def test_bones_of_the_real_shape_stand_in_until_the_books_come(regular):
    held = regular.delays("/fragments/recommendations/")
    regular.opens()
    shelf = regular.page.locator(SHELF)
    expect(shelf).to_have_attribute("aria-busy", "true")
    expect(shelf.get_by_role("heading", name="Recommended for you")).to_be_visible()
    expect(shelf.locator(".bones")).to_have_attribute("aria-hidden", "true")
    bone = box(regular, f"{SHELF} .bone.book-cover")
    height = box(regular, SHELF)["height"]
    held.go()
    ends_as(regular, SHELF, "ok")
    assert box(regular, f"{SHELF} img.book-cover") == pytest.approx(bone, abs=1)
    assert box(regular, SHELF)["height"] == pytest.approx(height, abs=1)


def test_every_book_on_the_shelf_says_why_it_is_there(regular):
    regular.opens()
    ends_as(regular, SHELF, "ok")
    reasons = regular.page.locator(f"{SHELF} .book-reason").all_inner_texts()
    assert len(reasons) == 12
    assert set(reasons) == {"Because you liked Dracula"}


def test_both_services_are_asked_at_once_and_both_answers_come_into_the_page(regular, services):
    for service in ("promos", "recommendations"):
        services.be(service, "slow", 0.6)
    regular.opens()
    # The benchmark measures how soon they are there; here neither may wait until the other has answered.
    services.wait_for_calls(lambda calls: calls["together"])
    ends_as(regular, SHELF, "ok")
    ends_as(regular, OFFERS, "ok")


def test_a_service_that_hangs_delays_neither_the_page_nor_the_other_service(regular, services):
    regular.page.add_init_script(NOTES_ARRIVALS)
    services.be("promos", "blackhole")
    regular.opens()
    regular.sees_the_dashboard()
    regular.sees_what_services_gave()
    arrived = regular.page.evaluate("window.arrived")
    assert arrived["recommendations"] < arrived["promos"]
    ends_as(regular, SHELF, "ok")


# Late -------------------------------------------------------------------------------------------------------------------


def test_after_four_seconds_the_page_says_that_it_is_still_loading(regular):
    regular.holds_the_clock().delays("/fragments/recommendations/")
    regular.opens()
    words = regular.page.locator(SHELF).get_by_text("Still loading your picks")
    expect(words).to_be_hidden()
    regular.lets_time_pass(4.1)
    expect(words).to_be_visible()
    regular.hears("Still loading your picks", "live")


@pytest.mark.usefixtures("network_gone")
def test_after_eight_seconds_it_gives_up_and_offers_another_try(regular):
    regular.holds_the_clock()
    held = regular.delays("/fragments/recommendations/")
    regular.opens()
    regular.lets_time_pass(8.1)
    expect(regular.page.locator(SHELF)).to_contain_text("Your picks did not load. The rest of the page still works.")
    held.go()
    regular.presses("Try again")
    ends_as(regular, SHELF, "ok")


# In part, out of date, or nothing -------------------------------------------------------------------------------------------


def test_a_broken_item_is_left_out_and_the_others_are_shown(regular, services):
    services.be("promos", "one-bad")
    services.be("recommendations", "one-bad")
    regular.opens()
    ends_as(regular, SHELF, "ok")
    expect(regular.page.locator(f"{SHELF} .book")).to_have_count(4)
    expect(regular.page.locator(f"{OFFERS} .slide")).to_have_count(3)


def test_a_single_offer_has_no_buttons(regular, services):
    # Of five offers only one has a link that may be followed.
    services.be("promos", "links")
    regular.opens()
    ends_as(regular, OFFERS, "ok")
    expect(regular.page.locator(f"{OFFERS} .slide")).to_have_count(1)
    expect(regular.page.locator(OFFERS).get_by_role("button")).to_have_count(0)


def test_without_new_books_or_offers_the_page_says_so_and_what_to_do(regular, services):
    services.be("promos", "no-items")
    services.be("recommendations", "no-items")
    regular.opens()
    ends_as(regular, SHELF, "empty")
    expect(regular.page.locator(SHELF)).to_contain_text("Nothing new since yesterday")
    ends_as(regular, OFFERS, "empty")
    expect(regular.page.locator(OFFERS)).to_contain_text("Ten quiet minutes")


def test_a_service_that_fails_leaves_the_last_good_picks_until_another_try(regular, services):
    regular.opens()
    ends_as(regular, SHELF, "ok")
    services.be("recommendations", "500")
    services.be("promos", "500")
    regular.opens()
    ends_as(regular, SHELF, "stale")
    expect(regular.page.locator(SHELF)).to_contain_text("Showing picks from earlier today. New ones are on the way.")
    expect(regular.page.locator(f"{SHELF} .book")).to_have_count(12)
    ends_as(regular, OFFERS, "stale")
    expect(regular.page.locator(OFFERS)).not_to_contain_text("earlier")
    services.be("recommendations", "ok")
    regular.presses("Try again")
    ends_as(regular, SHELF, "ok")
    expect(regular.page.locator(f"{SHELF}-heading")).to_be_focused()


# Not at all ---------------------------------------------------------------------------------------------------------------


def test_a_failure_that_lasts_is_tried_again_ever_later_and_ends_on_the_heading(cut_off, services):
    again = cut_off.page.get_by_role("button", name="Try again")
    ends_as(cut_off, SHELF, "failed")
    ends_as(cut_off, OFFERS, "failed")
    expect(cut_off.page.locator(OFFERS)).to_contain_text("Ten quiet minutes")
    with cut_off.page.expect_response("**/fragments/recommendations/"):
        again.click()
    ends_as(cut_off, SHELF, "failed")
    expect(again).to_be_focused()
    cut_off.hears("Your picks did not load.", "alert")
    asked = services.calls()["calls"]["recommendations"]
    again.click()
    cut_off.hears("Try again in 5 seconds.", "live")
    assert services.calls()["calls"]["recommendations"] == asked
    services.be("recommendations", "ok")
    cut_off.lets_time_pass(5.1)
    again.click()
    ends_as(cut_off, SHELF, "ok")
    expect(cut_off.page.locator(f"{SHELF}-heading")).to_be_focused()


def test_after_three_tries_in_vain_it_says_later_and_keeps_the_way_to_popular_books(cut_off):
    again = cut_off.page.locator(SHELF).get_by_role("button", name="Try again")
    for wait in (0, 5.1, 30.1):
        ends_as(cut_off, SHELF, "failed")
        cut_off.lets_time_pass(wait)
        with cut_off.page.expect_response("**/fragments/recommendations/"):
            again.click()
    expect(cut_off.page.locator(SHELF)).to_contain_text("Try again later.")
    expect(again).to_have_count(0)
    expect(cut_off.page.locator(f"{SHELF}-heading")).to_be_focused()
    expect(cut_off.page.locator(SHELF).get_by_role("link", name="Browse popular books")).to_be_visible()


@pytest.mark.usefixtures("network_gone")
def test_without_a_network_the_shell_stays_and_another_try_brings_the_shelf(regular):
    regular.page.route("**/fragments/recommendations/", lambda route: route.abort())
    regular.opens()
    ends_as(regular, SHELF, "failed")
    regular.page.unroute_all()
    regular.presses("Try again")
    ends_as(regular, SHELF, "ok")
    expect(regular.page.locator(f"{SHELF}-heading")).to_be_focused()


def test_a_session_that_ended_takes_the_whole_page_to_sign_in_and_back(regular, services):
    regular.opens()
    ends_as(regular, SHELF, "ok")
    services.be("recommendations", "500")
    regular.opens()
    ends_as(regular, SHELF, "stale")
    regular.page.context.clear_cookies()
    regular.presses("Try again")
    regular.page.wait_for_url("**/login/?next=%2F&why=expired")
    expect(regular.page.get_by_text("You were signed out after a while. Sign in to carry on.")).to_be_visible()
    regular.types(regular.address, PASSWORD)
    regular.page.locator("#login").get_by_role("button", name="Sign in", exact=True).click()
    regular.page.wait_for_url(regular.site.address + "/")
    regular.sees_the_dashboard()


# Hostile ------------------------------------------------------------------------------------------------------------------

HANDLERS = """
[...document.querySelectorAll("*")].flatMap((one) => [...one.attributes].map((attribute) => attribute.name))
  .filter((name) => name.startsWith("on") || name.startsWith("hx-on"))
"""
STRANGE_LINKS = """
[...document.querySelectorAll("a[href]")].filter((one) =>
  !["http:", "https:", "mailto:"].includes(one.protocol) || one.hostname === "evil.example").map((one) => one.href)
"""


@pytest.mark.parametrize("mode", ["xss", "links"])
def test_what_a_service_says_is_shown_and_never_done(mode, regular, services):
    services.be("promos", mode)
    services.be("recommendations", mode)
    for path in ("/", "/picks/", "/picks/offers/"):
        regular.opens(path)
        regular.page.wait_for_load_state("networkidle")
        nothing_ran(regular.page)
    regular.page.context.clear_cookies()
    for path in ("/", "/offers/"):
        regular.opens(path)
        regular.page.wait_for_load_state("networkidle")
        nothing_ran(regular.page)


def nothing_ran(page):
    assert page.evaluate("window.__xss") is None
    assert page.evaluate(HANDLERS) == []
    assert page.evaluate(STRANGE_LINKS) == []
    assert page.locator("#page img:not(.book-cover, .cover)").count() == 0


def test_markup_and_template_code_are_read_as_they_were_written(regular, services):
    services.be("recommendations", "xss")
    regular.opens("/picks/")
    titles = regular.page.locator(".book-title").all_text_contents()
    assert "<img src=x onerror=\"window.__xss='image'\">" in titles
    assert "{{7*7}} ${7*7} {% debug %}" in titles
    assert "evil title" in titles


FAULTS = [
    "oversize",
    "endless",
    "gzip-bomb",
    "deep",
    "html",
    "content-type",
    "truncated",
    "redirect",
    "rst",
    "cut",
    "drip",
    "refuse",
]


def test_no_fault_of_a_service_harms_the_page(regular, services):
    for mode in FAULTS:
        services.be("promos", mode)
        services.be("recommendations", mode)
        regular.opens()
        regular.sees_what_services_gave()
        regular.sees_the_dashboard()
        states = regular.page.eval_on_selector_all("[data-fragment]", "all => all.map((one) => one.dataset.state)")
        assert set(states) <= {"stale", "failed"}, (mode, states)
        assert "It works" not in regular.page.content()
    assert services.calls()["canary"] == 0


# The announcement -----------------------------------------------------------------------------------------------------------


def test_a_dismissed_announcement_stays_away_and_leaves_the_focus_on_the_logo(reader):
    reader.opens()
    reader.presses("Dismiss announcement")
    expect(reader.page.get_by_label("Announcement")).to_have_count(0)
    expect(reader.page.locator("#logo")).to_be_focused()
    reader.opens()
    reader.page.wait_for_load_state("networkidle")
    expect(reader.page.get_by_label("Announcement")).to_have_count(0)


# The first three books --------------------------------------------------------------------------------------------------------


def picks_books(person, *numbers):
    for number in numbers:
        person.page.locator(".pick-label").nth(number).click()


def test_the_picker_counts_and_says_how_many_are_missing(newcomer):
    newcomer.opens()
    expect(newcomer.page.get_by_text("0 of 3 picked")).to_be_visible()
    picks_books(newcomer, 4)
    expect(newcomer.page.get_by_text("1 of 3 picked")).to_be_visible()
    newcomer.presses("Show my shelf")
    expect(newcomer.page.get_by_text("Pick 2 more books. You have picked 1.")).to_be_visible()
    expect(newcomer.page.locator("#picks-error")).to_be_focused()
    expect(newcomer.page.locator(".pick-box").nth(4)).to_be_checked()


def test_three_picks_make_a_shelf_with_reasons_and_complete_the_step(newcomer):
    newcomer.opens()
    newcomer.marks_the_page()
    picks_books(newcomer, 0, 1, 2)
    newcomer.presses("Show my shelf")
    ends_as(newcomer, SHELF, "ok")
    expect(newcomer.page.locator(f"{SHELF} .book-reason").first).to_have_text("Because you liked Dracula")
    expect(newcomer.page.locator(f"{SHELF}-heading")).to_be_focused()
    expect(newcomer.page.locator("#step-picks")).to_have_attribute("data-done", "true")
    newcomer.hears("Saved. Your shelf is here.", "live")
    assert newcomer.never_left_the_page


def test_picks_are_kept_when_the_service_dies_before_they_are_sent(newcomer, services):
    newcomer.opens()
    picks_books(newcomer, 0, 1, 2)
    services.be("recommendations", "500")
    newcomer.presses("Show my shelf")
    ends_as(newcomer, SHELF, "stale")
    services.be("recommendations", "ok")
    newcomer.opens()
    expect(newcomer.page.locator(f"{SHELF} .book-reason").first).to_have_text("Because you liked Dracula")


# The carousel -------------------------------------------------------------------------------------------------------------------


def test_the_buttons_turn_the_carousel_and_keep_the_focus(regular):
    regular.opens()
    ends_as(regular, OFFERS, "ok")
    later, earlier = (regular.page.get_by_role("button", name=name) for name in ("Next offer", "Previous offer"))
    for words in ("2 of 3", "3 of 3", "1 of 3"):
        later.click()
        expect(regular.page.locator("[data-carousel-position]")).to_have_text(words)
        regular.hears(f"Offer {words}", "live")
    expect(later).to_be_focused()
    expect(regular.page.get_by_role("heading", name="A week at sea")).to_be_in_viewport()
    earlier.click()
    expect(regular.page.locator("[data-carousel-position]")).to_have_text("3 of 3")
    expect(regular.page.get_by_role("heading", name="Free to read tonight")).to_be_in_viewport()


# Without scripts ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(browser, troubled, services):
    """Somebody whose browser runs no scripts."""
    services.reset()
    context = browser.new_context(java_script_enabled=False)
    yield Person(context.new_page(), troubled)
    context.close()


def test_without_scripts_links_lead_to_pages_with_the_same_books_and_offers(plain):
    join(plain.page.context, plain.site)
    plain.opens()
    expect(plain.page.locator(".bones").first).to_be_hidden()
    plain.page.get_by_role("link", name="Open your recommendations").click()
    picks_books(plain, 0, 1, 2)
    plain.page.get_by_role("button", name="Show my shelf").click()
    expect(plain.page.locator(".book-reason").first).to_have_text("Because you liked Dracula")
    plain.opens()
    plain.page.get_by_role("link", name="Open the offers").click()
    expect(plain.page.get_by_role("heading", name="A week at sea")).to_be_visible()


def test_without_scripts_a_visitor_finds_the_announcement_on_a_page(plain):
    plain.opens()
    plain.page.get_by_role("link", name="See current offers").click()
    expect(plain.page.get_by_role("heading", name="A week at sea")).to_be_visible()
