"""The whole way by keyboard alone, as scripts: what Tab meets, where the focus goes, and that nothing covers it."""

import re

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person, an_address
from e2e.readers import join, pick

NAMED = """
() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.textContent || one.getAttribute("aria-label") || one.textContent || "";
  return one === document.body ? "" : label.replace(/\\s+/g, " ").trim();
}
"""


def tabs(person, count):
    """Press Tab so often; the names of what had the focus."""
    names = []
    for _ in range(count):
        person.page.keyboard.press("Tab")
        names.append(person.page.evaluate(NAMED))
    return names


def test_tab_meets_the_landing_page_in_reading_order(reader):
    reader.opens()
    expect(reader.page.locator("#frag-promo-strip[data-state=ok]")).to_be_visible()
    offer = reader.page.locator("#frag-promo-strip a").inner_text()
    assert tabs(reader, 11) == [
        "Skip to sign-up form",
        offer,
        "Dismiss announcement",
        "Dimorph",
        "Sign in",
        "Email",
        "Create a password",
        "Show password",
        "Create account",
        "terms",
        "privacy notice",
    ]


def test_the_skip_links_lead_past_what_is_the_same_everywhere(reader):
    reader.opens()
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_role("link", name="Skip to sign-up form")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.email).to_be_focused()
    join(reader.page.context, reader.site)
    reader.opens()
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("field", ["email", "password"])
def test_enter_in_any_field_sends_the_form_and_the_focus_goes_to_what_is_wrong(reader, field):
    reader.opens().types("grace@", PASSWORD)
    getattr(reader, field).press("Enter")
    expect(reader.email).to_be_focused()
    expect(reader.email).to_have_accessible_description("Email needs an address after the @, such as example.com.")
    expect(reader.password).to_have_value(PASSWORD)


def test_the_focus_stays_on_the_button_while_the_form_is_sent_and_one_request_goes_out(reader):
    held = reader.opens().delays("/signup/")
    reader.types(an_address(), PASSWORD)
    reader.button.focus()
    for key in ("Enter", "Space", "Enter"):
        reader.page.keyboard.press(key)
    expect(reader.button).to_have_text("Creating account…")
    expect(reader.button).to_be_focused()
    held.go()
    reader.sees_the_dashboard()
    assert held.count == 1
    expect(reader.page.locator("h1")).to_be_focused()
    reader.page.go_back()
    expect(reader.page.locator("#signup")).to_have_count(0)


def test_showing_the_password_changes_name_and_status_and_keeps_what_was_typed(reader):
    reader.opens().types("grace@", PASSWORD)
    reader.password.focus()
    reader.page.keyboard.press("Tab")
    button = reader.page.get_by_role("button", name="Show password")
    expect(button).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("button", name="Hide password")).to_be_focused()
    expect(reader.page.locator("#id_password1-shown")).to_have_text("Password is visible")
    expect(reader.password).to_have_value(PASSWORD)
    reader.email.press("Enter")
    expect(reader.email).to_have_attribute("aria-invalid", "true")
    expect(reader.password).to_have_attribute("type", "password")
    expect(button).to_be_visible()


def test_the_profile_menu_opens_by_enter_and_gives_the_focus_back_by_escape(reader):
    join(reader.page.context, reader.site)
    reader.opens()
    button = reader.page.get_by_role("button", name="profile and sign out")
    menu = reader.page.locator("#profile-menu")
    button.focus()
    reader.page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    assert tabs(reader, 2) == ["Settings", "Email address"]
    reader.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_the_carousel_turns_by_its_buttons_and_keeps_the_focus_there(reader):
    join(reader.page.context, reader.site)
    reader.opens().sees_what_services_gave()
    carousel = reader.page.locator("[data-carousel]")
    position = carousel.locator("[data-carousel-position]")
    following = carousel.get_by_role("button", name=re.compile("Next"))
    count = int(position.inner_text().split()[-1])
    following.focus()
    reader.page.keyboard.press("Enter")
    expect(position).to_have_text(f"2 of {count}")
    expect(following).to_be_focused()
    reader.hears(f"Offer 2 of {count}", region="live")
    expect(carousel.locator("[data-carousel-list] > *").nth(1)).to_be_in_viewport(ratio=0.9)
    carousel.get_by_role("button", name=re.compile("Previous")).press("Enter")
    expect(position).to_have_text(f"1 of {count}")


WHOLE = """
() => {
  const row = document.querySelector(".shelf-scroll").getBoundingClientRect();
  const card = document.activeElement.closest(".book")?.getBoundingClientRect();
  const inside = card && card.left >= row.left - 1 && card.right <= row.right + 1;
  return Boolean(inside) && card.left >= -1 && card.right <= innerWidth + 1;
}
"""


@pytest.mark.parametrize("size", [(1280, 720), (390, 640)])
def test_the_row_of_books_scrolls_by_arrows_and_shows_each_focused_book_whole(reader, size):
    reader.page.set_viewport_size({"width": size[0], "height": size[1]})
    join(reader.page.context, reader.site)
    pick(reader.page.context, reader.site)
    reader.opens().sees_what_services_gave()
    row = reader.page.get_by_role("region", name="Row of recommended books")
    row.focus()
    row.evaluate("(row) => { window.ended = new Promise((done) => row.addEventListener('scrollend', done, { once: true })); }")
    reader.page.keyboard.press("ArrowRight")
    reader.page.evaluate("() => window.ended.then(() => true)")
    assert row.evaluate("(row) => row.scrollLeft") > 0
    books = row.locator(".book-link")
    for n in range(books.count()):
        reader.page.keyboard.press("Tab")
        expect(books.nth(n)).to_be_focused()
        reader.page.wait_for_function(WHOLE)
        assert not covered(reader)


COVERED = """
() => {
  const one = document.activeElement;
  if (one === document.body || one.matches("main, [tabindex='-1']")) return "";
  const box = one.getBoundingClientRect();
  for (const y of [box.top + 2, box.bottom - 2]) {
    const over = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1), y);
    const bar = over?.closest(".desk-nav, .desk-side");
    if (bar && !bar.contains(one)) return one.outerHTML.slice(0, 120);
  }
  return box.bottom > innerHeight + 1 && box.height < innerHeight / 2 ? `below: ${one.outerHTML.slice(0, 120)}` : "";
}
"""


def covered(person):
    """What has the focus, when a bar lies over it or it is out of sight; otherwise nothing."""
    return person.page.evaluate(COVERED)


def test_on_a_small_phone_no_bar_covers_what_has_the_focus(reader):
    reader.page.set_viewport_size({"width": 390, "height": 640})
    join(reader.page.context, reader.site)
    reader.opens().sees_what_services_gave()
    reader.page.emulate_media(reduced_motion="reduce")
    met = 0
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("document.activeElement === document.body"):
            break
        met += 1
        reader.page.wait_for_function(f"() => !({COVERED})()")
    assert met > 20


def test_try_again_keeps_the_focus_until_the_books_are_there(page, troubled, services):
    services.reset()
    reader = Person(page, troubled)
    join(reader.page.context, reader.site)
    words = "Your picks did not load. The rest of the page still works."
    reader.page.route("**/fragments/recommendations/", lambda route: route.fulfill(status=500, body="broken"), times=2)
    reader.holds_the_clock().opens()
    again = reader.page.locator("#frag-recommendations-retry")
    expect(again).to_be_visible()
    expect(reader.page.locator("#frag-recommendations")).to_contain_text(words)
    assert words not in reader.heard
    again.focus()
    reader.page.keyboard.press("Enter")
    reader.hears(words, region="alert")
    expect(again).to_be_focused()
    reader.lets_time_pass(5)
    held = reader.delays("/fragments/recommendations/")
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#frag-recommendations")).to_have_attribute("aria-busy", "true")
    expect(again).to_be_focused()
    held.go()
    expect(reader.page.locator("#frag-recommendations-heading")).to_be_focused()
    expect(reader.page.get_by_role("button", name="Show my shelf")).to_be_visible()
