"""What one page alone must do: print, run without scripts, keep its ids through swaps, wear the chosen scheme, have a title.

What every page must do stands in test_accessibility.py.
"""

import pytest
from playwright.sync_api import expect

from e2e import measure
from e2e.conftest import PHONE
from e2e.people import Person
from e2e.readers import join, pick

TITLED = ["/", "/offers/", "/privacy/", "/terms/", "/login/", "/login/link/", "/login/link/sent/", "/login/closed/"]
TITLED += ["/password/reset/", "/password/reset/sent/", "/offline/", "/nowhere/", "/offers/dismiss/"]
TITLED_FOR_MEMBERS = [
    "/",
    "/picks/",
    "/picks/offers/",
    "/settings/",
    "/settings/email/",
    "/settings/password/",
    "/settings/confirm/",
    "/logout/",
]


def ground(page):
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_every_page_has_a_title_of_its_own(reader):
    titles = [title_at(reader, path) for path in TITLED]
    join(reader.page.context, reader.site)
    titles += [title_at(reader, path) for path in TITLED_FOR_MEMBERS]
    assert sorted(set(titles)) == sorted(titles)


def title_at(person, path):
    person.opens(path)
    return person.page.title()


def test_ten_answers_later_every_id_is_still_there_once(reader):
    join(reader.page.context, reader.site)
    pick(reader.page.context, reader.site)
    reader.opens()
    reader.sees_what_services_gave()
    for name in ["recommendations", "promos"] * 5:
        with reader.page.expect_response(f"**/fragments/{name}/"):
            swap = "(name) => htmx.ajax('GET', `/fragments/${name}/`, {target: `#frag-${name}`, swap: 'outerHTML'})"
            reader.page.evaluate(swap, name)
    assert measure.structure(reader.page) == []


def test_on_paper_the_address_of_the_site_stands_where_the_form_was(reader):
    reader.opens()
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("#join")).to_be_hidden()
    expect(reader.page.get_by_text(f"Create your account at {reader.site.address.removeprefix('http://')}")).to_be_visible()
    expect(reader.page.get_by_role("button")).to_have_count(0)
    measure.at_rest(reader.page)
    assert measure.faded(reader.page) == []


@pytest.mark.parametrize("path", ["/", "/picks/"])
def test_without_scripts_every_word_is_there_and_nothing_sticks_out(path, browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    person = Person(context.new_page(), site)
    if path == "/picks/":
        join(context, site)
    person.opens(path)
    assert measure.faded(person.page) == []
    assert measure.sideways(person.page) == []
    assert measure.structure(person.page) == []
    context.close()


def test_a_chosen_scheme_stays_whatever_the_system_says(reader):
    reader.page.emulate_media(color_scheme="light")
    paper = ground(reader.opens().page)
    reader.page.emulate_media(color_scheme="dark")
    assert ground(reader.page) != paper
    reader.presses("Light")
    expect(reader.page.locator("html")).to_have_attribute("data-theme", "light")
    assert ground(reader.page) == paper
    reader.opens("/privacy/")
    assert ground(reader.page) == paper
    reader.presses("System")
    expect(reader.page.locator("html")).not_to_have_attribute("data-theme", "light")
    assert ground(reader.page) != paper


def test_pictures_move_into_register_only_where_motion_is_welcome(reader):
    reader.opens()
    # To where the picture has begun to come in: further on it lies in register already.
    reader.page.locator(".closing-art").evaluate("(one) => scrollBy(0, one.getBoundingClientRect().top - innerHeight + 60)")
    reader.page.wait_for_function(f"() => ({measure.MOVING})().length > 0")
    reader.page.emulate_media(reduced_motion="reduce")
    measure.at_rest(reader.page)
    assert measure.moving(reader.page) == []


@pytest.mark.parametrize("path", ["/", "/picks/", "/settings/email/"])
def test_on_a_phone_the_bar_never_covers_what_has_the_focus(path, reader):
    join(reader.page.context, reader.site)
    reader.page.set_viewport_size({**PHONE, "height": 640})
    reader.opens(path)
    reader.page.wait_for_load_state("networkidle")
    covered = []
    for _ in range(reader.page.evaluate("document.querySelectorAll('a, button, input, [tabindex]').length")):
        reader.page.keyboard.press("Tab")
        covered += reader.page.evaluate(COVERED)
    assert covered == []


COVERED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body || one.closest(".desk-nav")) return [];
  const bar = document.querySelector(".desk-nav").getBoundingClientRect();
  const box = one.getBoundingClientRect();
  const under = Math.min(box.bottom, bar.bottom) - Math.max(box.top, bar.top);
  return box.height && under > box.height / 2 ? [`${one.localName} ${one.textContent.trim().slice(0, 40)}`] : [];
}
"""
