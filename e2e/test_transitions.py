"""How one page becomes the next where the browser can show it: short, ended by any input, and not at all with reduced motion."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import PHONE, WIDE
from e2e.people import PASSWORD, Person
from e2e.readers import elsewhere, join

MOST = 220
PARTS = """
() => document.getAnimations().filter((one) => one.effect.pseudoElement?.startsWith("::view-transition"))
  .map((one) => ({ part: one.effect.pseudoElement, ends: one.effect.getComputedTiming().endTime }))
"""
RUNNING = f"() => ({PARTS})().length > 0"
# What the transition shows at its longest, on whichever document it runs; a document keeps it for the next one to be asked.
WATCHES = f"""
(() => {{
  const seen = {{}};
  const look = () => {{
    for (const {{ part, ends }} of ({PARTS})()) seen[part] = ends;
    requestAnimationFrame(look);
  }};
  window.seen = seen;
  look();
}})()
"""
NAMES = """
() => {
  const named = [...document.querySelectorAll("*")].map((one) => getComputedStyle(one).viewTransitionName);
  return named.filter((name) => name !== "none" && name !== "root");
}
"""
HOLDS_STILL = {"playbackRate": 0.001}
PUBLIC = ["/", "/login/", "/login/link/", "/password/reset/", "/privacy/", "/terms/", "/offers/", "/offline/", "/nowhere/"]
MEMBERS = ["/", "/picks/", "/picks/?add", "/picks/offers/", "/settings/", "/settings/email/", "/settings/password/", "/privacy/"]


def holds_still(person):
    """Let animations run so slowly that none ends by itself here."""
    tools = person.page.context.new_cdp_session(person.page)
    tools.send("Animation.enable")
    tools.send("Animation.setPlaybackRate", HOLDS_STILL)


def goes_to(person, name):
    person.page.get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_no_page_gives_two_parts_one_name(size, reader):
    reader.page.set_viewport_size(size)
    for path in PUBLIC:
        names = reader.opens(path).page.evaluate(NAMES)
        assert len(names) == len(set(names)), (path, names)
    join(reader.page.context, reader.site)
    for path in MEMBERS:
        names = reader.opens(path).page.evaluate(NAMES)
        assert len(names) == len(set(names)), (path, names)
        assert "logo" in names


def test_joining_shows_the_card_leave_the_side_come_and_the_bookcase_become_the_shelf(reader):
    reader.page.add_init_script(WATCHES)
    reader.opens().creates_account()
    reader.sees_the_dashboard()
    reader.page.wait_for_function(f"() => Object.keys(window.seen).length && !({RUNNING})()")
    seen = reader.page.evaluate("window.seen")
    wanted = {"old(entrance)", "new(side)", "group(shelf)", "group(logo)", "group(root)"}
    assert {f"::view-transition-{part}" for part in wanted} <= set(seen)
    assert max(seen.values()) <= MOST, seen


def test_a_fragment_that_comes_meanwhile_does_not_cut_the_morph_short(reader):
    reader.opens()
    holds_still(reader)
    reader.creates_account()
    reader.page.wait_for_function(RUNNING)
    reader.sees_what_services_gave()
    assert reader.page.evaluate(RUNNING)
    reader.page.keyboard.press("Shift")
    reader.page.wait_for_function(f"() => !({RUNNING})()")
    reader.sees_the_dashboard()


def test_signing_in_on_a_page_of_its_own_leads_on_to_the_dashboard_likewise(reader):
    email = elsewhere(reader)
    reader.page.add_init_script(WATCHES)
    reader.opens("/login/").types(email, PASSWORD).presses("Sign in")
    reader.sees_the_dashboard()
    reader.page.wait_for_function(f"() => Object.keys(window.seen).length && !({RUNNING})()")
    seen = reader.page.evaluate("window.seen")
    assert {"::view-transition-group(logo)", "::view-transition-new(side)", "::view-transition-old(entrance)"} <= set(seen)
    assert max(seen.values()) <= MOST, seen


def test_between_a_members_pages_the_side_stays_where_it_is(reader):
    join(reader.page.context, reader.site)
    reader.page.add_init_script(WATCHES)
    reader.opens("/settings/")
    goes_to(reader, "Offers")
    reader.sees("Offers")
    reader.page.wait_for_function(f"() => Object.keys(window.seen).length && !({RUNNING})()")
    seen = reader.page.evaluate("window.seen")
    assert {"::view-transition-old(side)", "::view-transition-new(side)"} <= set(seen)
    assert max(seen.values()) <= MOST, seen


@pytest.mark.parametrize("act", ["key", "pointer"])
def test_a_key_or_a_press_ends_the_way_to_another_page(reader, act):
    join(reader.page.context, reader.site)
    reader.opens("/settings/")
    holds_still(reader)
    goes_to(reader, "Offers")
    reader.page.wait_for_function(RUNNING)
    if act == "key":
        reader.page.keyboard.press("Shift")
    else:
        reader.page.mouse.click(3, 3)
    reader.page.wait_for_function(f"() => !({RUNNING})()")
    reader.sees("Offers")


def test_a_press_during_the_way_there_reaches_what_is_under_it(reader):
    join(reader.page.context, reader.site)
    reader.opens("/settings/")
    holds_still(reader)
    goes_to(reader, "Offers")
    reader.page.wait_for_function(RUNNING)
    box = reader.page.get_by_role("link", name="Your picks", exact=True).bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.sees("Your picks")


@pytest.mark.parametrize("way", ["morph", "pages"])
def test_with_reduced_motion_nothing_moves_from_page_to_page(reader, way):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.page.add_init_script(WATCHES)
    if way == "morph":
        reader.opens().creates_account()
        reader.sees_the_dashboard()
    else:
        join(reader.page.context, reader.site)
        reader.opens("/settings/")
        goes_to(reader, "Offers")
        reader.sees("Offers")
    # Long enough for a transition to have begun.
    for _ in range(10):
        reader.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert reader.page.evaluate("window.seen") == {}
    assert reader.page.evaluate(NAMES) == []


def test_on_a_phone_the_bar_at_the_foot_lies_over_the_picker(page, site):
    page.set_viewport_size(PHONE)
    person = Person(page, site)
    join(page.context, site)
    person.opens("/picks/")
    page.locator(".pick").nth(6).scroll_into_view_if_needed()
    bar = page.locator(".desk-nav")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    inside = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.desk-nav'))"
    assert page.evaluate(inside, [box["x"] + 30, box["y"] + box["height"] / 2])
