"""The gallery and the state switcher in a browser, as a designer uses them."""

import pytest
from playwright.sync_api import expect

from e2e import axe, measure
from e2e.conftest import PHONE, WIDE
from e2e.people import PASSWORD, Person, an_address

PAGES = [
    "",
    "?q=shelf",
    "piece/landing/_signup/",
    "state/landing/_signup/both-wrong/",
    "foundations/colours/",
    "foundations/motion/",
]


@pytest.fixture
def designer(page, workshop):
    """Somebody with the gallery open in a tab."""
    return Person(page, workshop)


# Some of the states in the frames are played without a network.
@pytest.mark.usefixtures("network_gone")
@pytest.mark.parametrize("path", PAGES)
def test_the_gallery_holds_itself_to_what_it_shows(path, designer):
    designer.opens(f"/_gallery/{path}")
    for size in (WIDE, PHONE):
        designer.page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            designer.page.emulate_media(color_scheme=scheme)
            measure.at_rest(designer.page)
            # The frames are checked as pages of their own.
            rules = axe.COLOURS if scheme == "dark" else None
            assert axe.findings(designer.page, ".g-main > :not(.g-stages)", rules) == []
        assert measure.sideways(designer.page) == []
    assert measure.structure(designer.page) == []


def test_a_search_leads_to_a_state_and_on_to_the_next(designer):
    designer.opens("/_gallery/")
    designer.page.keyboard.press("/")
    expect(designer.page.get_by_label("Find a state")).to_be_focused()
    designer.page.keyboard.type("sign-up both wrong".replace("sign-up ", "_signup "))
    designer.page.keyboard.press("Enter")
    designer.page.get_by_role("main").get_by_role("link", name="both-wrong").first.click()
    designer.sees("both-wrong")
    expect(designer.page.frame_locator("#stage").get_by_text("Two things to fix.")).to_be_visible()
    designer.page.get_by_role("link", name="Next").click()
    expect(designer.page.get_by_role("heading", level=1)).not_to_have_text("both-wrong")


def test_width_scheme_direction_words_and_size_are_links(designer):
    designer.opens("/_gallery/state/landing/_signup/pristine/")
    for name in ("390", "Dark", "Right to left", "Longer", "200 %", "Reduced", "On"):
        designer.page.get_by_role("group", name="How to look at it").get_by_role("link", name=name, exact=True).click()
    expect(designer.page.locator("#stage")).to_have_attribute("width", "390")
    looked = designer.page.frame_locator("#stage").locator("html")
    expect(looked).to_have_attribute("dir", "rtl")
    expect(looked).to_have_attribute("data-theme", "dark")
    expect(looked).to_have_css("font-size", "32px")
    expect(looked.get_by_role("button", name="Çŕéáţé".replace("ţ", "t"))).to_be_visible()


def test_axe_says_in_place_what_it_finds(designer):
    designer.opens("/_gallery/state/landing/_signup/pristine/")
    expect(designer.page.get_by_text("axe finds nothing at this width and in this scheme.")).to_be_visible()


def test_the_gallery_works_without_scripts(browser, workshop):
    context = browser.new_context(java_script_enabled=False)
    person = Person(context.new_page(), workshop)
    person.opens("/_gallery/")
    person.page.get_by_label("Find a state").fill("pristine")
    person.presses("Find")
    person.page.get_by_role("main").get_by_role("link", name="pristine").first.click()
    person.sees("pristine")
    expect(person.page.frame_locator("#stage").locator("h1").first).to_be_attached()
    context.close()


def test_a_state_forced_in_the_bar_stands_on_the_real_page(designer):
    designer.opens("/")
    designer.page.get_by_text("Workshop", exact=True).click()
    designer.page.get_by_label("Signup", exact=True).select_option("too-many-tries")
    designer.presses("Apply")
    designer.creates_account(an_address(), PASSWORD)
    expect(designer.slot).to_contain_text("Too many tries")
    designer.page.get_by_text("Workshop").first.click()
    designer.presses("Reset")
    designer.opens("/").creates_account()
    designer.sees_the_dashboard()


def test_latency_holds_answers_back(designer):
    designer.opens("/")
    designer.page.get_by_text("Workshop", exact=True).click()
    designer.page.get_by_label("Answers wait").fill("1500")
    designer.presses("Apply")
    expect(designer.page.get_by_text("1500 ms")).to_be_visible()
    designer.creates_account()
    expect(designer.button).to_have_text("Creating account…")
    designer.sees_the_dashboard()


def test_on_a_live_site_staff_see_the_gallery_with_the_setting_and_nobody_without(reader, browser, studio):
    reader.opens("/_gallery/")
    reader.sees("This page is not here")
    context = browser.new_context()
    stranger = Person(context.new_page(), studio)
    stranger.opens("/_gallery/")
    stranger.sees("This page is not here")
    studio.lets_in(context)
    stranger.opens("/_gallery/state/landing/_signup/pristine/")
    stranger.sees("pristine")
    expect(stranger.page.get_by_text("axe finds nothing at this width and in this scheme.")).to_be_visible()
    expect(stranger.page.get_by_text("Workshop", exact=True)).to_have_count(1)
    context.close()
