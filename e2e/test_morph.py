"""One document, two pages: signing up or in turns the landing page into the dashboard, and no button brings the wrong one."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from e2e.people import CREATED, PASSWORD, Person, an_address

OTHER_PAGE = b"<!doctype html><html lang=en><title>Another site</title><link rel=icon href=data:,><h1>Another site</h1>"
# app.js listens for the end of a swap once; a second run of it would listen again.
COUNTS_RUNS = """
window.runs = 0;
const listen = document.addEventListener;
document.addEventListener = function (name, ...rest) {
  if (name === "htmx:after:swap") window.runs += 1;
  return listen.call(this, name, ...rest);
};
"""
NAMES = """
() => {
  const all = [...document.querySelectorAll("#page *:not(svg *)")];
  const ids = all.map((one) => one.id).filter(Boolean);
  return [[...new Set(ids)], [...new Set(all.flatMap((one) => [...one.classList]))]];
}
"""
SCRIPTS_AND_STYLES = """
() => ({
  styles: [...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href),
  scripts: [...document.querySelectorAll("script[src]")].map((script) => script.src),
})
"""


@pytest.fixture(scope="session")
def elsewhere():
    """The address of another site."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(OTHER_PAGE)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_signing_up_turns_the_page_into_the_dashboard_without_loading_a_document(reader):
    reader.opens().marks_the_page()
    reader.creates_account()
    reader.sees_the_dashboard()
    assert reader.never_left_the_page
    expect(reader.page).to_have_url(reader.site.address + "/")
    expect(reader.page).to_have_title("Your desk · Dimorph")
    assert reader.page.evaluate("history.length") == 2  # about:blank and the page
    assert reader.answers == [("/signup/", 302)]


def test_the_address_is_plain_afterwards_wherever_the_visitor_came_from(reader):
    reader.opens("/?utm_source=letter#join").marks_the_page()
    reader.creates_account()
    expect(reader.page).to_have_url(reader.site.address + "/")
    reader.sees_the_dashboard()
    assert reader.never_left_the_page


def test_the_head_is_right_and_nothing_in_it_is_loaded_or_run_twice(reader):
    loaded = []
    reader.page.on("request", lambda request: loaded.append(request.url) if "/static/" in request.url else None)
    reader.page.add_init_script(COUNTS_RUNS)
    reader.opens()
    before = reader.page.evaluate(SCRIPTS_AND_STYLES)
    expect(reader.page.locator("meta[name=description]")).to_have_count(1)
    reader.creates_account()
    reader.sees_the_dashboard()
    assert reader.page.evaluate(SCRIPTS_AND_STYLES) == before
    assert len(before["styles"]) == 1 and len(set(before["scripts"])) == len(before["scripts"]) == 3
    assert reader.page.evaluate("window.runs") == 1
    expect(reader.page.locator("meta[name=description]")).to_have_count(0)
    expect(reader.page.locator("head title")).to_have_count(1)
    assert len(loaded) == len(set(loaded))


def test_the_dashboard_starts_at_the_top_with_the_focus_on_its_heading(reader):
    reader.opens()
    reader.button.scroll_into_view_if_needed()
    reader.page.mouse.wheel(0, 150)
    reader.page.wait_for_function("() => scrollY > 0")
    reader.creates_account()
    reader.sees_the_dashboard()
    expect(reader.page.locator("h1")).to_be_focused()
    assert reader.page.evaluate("scrollY") == 0


def test_one_announcement_says_that_the_account_is_there_and_nothing_follows_it(reader):
    reader.holds_the_clock().opens()
    reader.page.evaluate("window.regions = [document.querySelector('#live'), document.querySelector('#alert')]")
    reader.creates_account()
    reader.sees_the_dashboard()
    reader.hears(CREATED, region="live")
    reader.sees_what_services_gave()
    reader.lets_time_pass(6)
    reader.page.wait_for_load_state("networkidle")
    assert reader.heard == [CREATED]
    assert reader.page.evaluate("window.regions.every((region) => region.isConnected)")
    expect(reader.page.locator("#live")).to_have_text(CREATED)


def test_a_form_that_is_sent_after_the_morph_passes_the_safety_check(reader):
    reader.opens().marks_the_page()
    reader.creates_account()
    reader.sees_the_dashboard()
    reader.presses("Close the welcome panel")
    expect(reader.page.get_by_role("heading", name="Three steps to a full shelf")).to_have_count(0)
    assert reader.never_left_the_page
    assert reader.answers[-1] == ("/welcome/dismiss/", 200)


def test_signing_in_on_the_landing_page_morphs_likewise(reader):
    email = reader.joins()
    reader.signs_out()
    reader.sees_the_landing_page()
    reader.asks_to_sign_in().marks_the_page()
    reader.forgets()
    reader.types(email, PASSWORD).presses("Sign in")
    reader.sees_the_dashboard()
    assert reader.never_left_the_page
    expect(reader.page).to_have_url(reader.site.address + "/")
    expect(reader.page.locator("h1")).to_be_focused()
    reader.hears("You are signed in.", region="live")


def test_signing_up_again_with_the_right_password_signs_in(reader):
    email = reader.joins()
    reader.signs_out()
    reader.sees_the_landing_page()
    reader.marks_the_page()
    reader.forgets()
    reader.creates_account(email)
    reader.sees_the_dashboard()
    assert reader.never_left_the_page
    reader.hears("You already had an account. Signed in.", region="live")


def test_neither_page_has_anything_of_the_other(reader):
    reader.opens()
    expect(reader.page.locator("#frag-promo-strip[data-state=loading]")).to_have_count(0)
    landing_ids, landing_classes = map(set, reader.page.evaluate(NAMES))
    reader.creates_account()
    reader.sees_the_dashboard()
    reader.sees_what_services_gave()
    desk_ids, desk_classes = map(set, reader.page.evaluate(NAMES))
    assert landing_ids & desk_ids <= {"main", "logo"}
    # What only one page's parts are called by; elements such as btn and note are everybody's.
    own = {name for name in landing_classes if re.match("hero|join|strip|reason|answer|below|entrance|wrap$", name)}
    desk = {name for name in desk_classes if re.match("desk|welcome|profile|picker|pick|slide|carousel|book", name)}
    assert own and desk and not own & desk_classes and not desk & landing_classes


def test_back_from_the_dashboard_leaves_the_site_and_never_shows_the_form(reader, elsewhere):
    reader.page.goto(elsewhere)
    reader.joins()
    reader.page.go_back()
    expect(reader.page.get_by_role("heading", name="Another site")).to_be_visible()
    reader.page.go_forward()
    reader.sees_the_dashboard()


def test_leaving_for_another_site_and_coming_back_shows_the_dashboard(reader, elsewhere):
    reader.joins()
    reader.page.goto(elsewhere)
    reader.page.go_back()
    reader.sees_the_dashboard()
    reader.page.reload()
    reader.sees_the_dashboard()


def test_back_and_forward_between_pages_of_the_site_show_the_member_s_pages(reader):
    reader.joins()
    reader.page.get_by_role("link", name="Your picks", exact=True).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Your picks")
    reader.page.go_back()
    reader.sees_the_dashboard()
    reader.page.go_forward()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Your picks")


def test_a_landing_page_left_open_goes_to_the_dashboard_when_another_tab_signed_in(reader, context):
    reader.opens()
    Person(context.new_page(), reader.site).joins()
    reader.returns_to_the_tab().creates_account()
    reader.sees_the_dashboard()
    assert ("/signup/", 403) not in reader.answers
    expect(reader.page).to_have_url(reader.site.address + "/")


def test_asking_for_the_sign_in_card_when_another_tab_signed_in_shows_the_dashboard(reader, context):
    reader.opens()
    Person(context.new_page(), reader.site).joins()
    reader.returns_to_the_tab().page.get_by_role("link", name="Sign in", exact=True).click()
    reader.sees_the_dashboard()


def test_a_dashboard_left_open_goes_to_the_sign_in_page_when_another_tab_signed_out(reader, context):
    reader.joins()
    other = Person(context.new_page(), reader.site).opens()
    other.signs_out()
    other.sees_the_landing_page()
    reader.returns_to_the_tab().presses("Close the welcome panel")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(reader.page.get_by_text("You were signed out after a while. Sign in to carry on.")).to_be_visible()


def test_a_dashboard_left_open_is_loaded_anew_when_another_tab_changed_the_account(reader, context):
    reader.joins()
    other = Person(context.new_page(), reader.site).opens()
    other.signs_out()
    other.sees_the_landing_page()
    second = other.creates_account()
    other.sees_the_dashboard()
    reader.returns_to_the_tab().signs_out()
    expect(reader.page.locator(".desk-profile")).to_contain_text(second)
    reader.signs_out()
    reader.sees_the_landing_page()


def test_signing_out_morphs_back_and_somebody_else_can_join_in_the_same_document(reader):
    first = reader.joins()
    reader.marks_the_page()
    reader.signs_out()
    reader.sees_the_landing_page()
    reader.hears("You are signed out.", region="live")
    expect(reader.page).to_have_title("Dimorph: your next great read is already free")
    expect(reader.page.locator("meta[name=description]")).to_have_count(1)
    expect(reader.email).to_have_value("")
    second = reader.creates_account()
    reader.sees_the_dashboard()
    assert reader.never_left_the_page
    expect(reader.page.locator("#page")).to_contain_text(second)
    expect(reader.page.locator("#page")).not_to_contain_text(first)


def test_after_signing_out_the_keyboard_starts_at_the_top_again(reader):
    reader.joins()
    reader.signs_out()
    reader.sees_the_landing_page()
    assert reader.page.evaluate("scrollY") == 0
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_role("link", name="Skip to sign-up form")).to_be_focused()


def test_no_button_brings_anything_back_after_signing_out(reader, elsewhere):
    email = reader.joins()
    reader.opens("/settings/").opens("/picks/").opens("/")
    reader.signs_out()
    reader.sees_the_landing_page()
    for _ in range(3):
        reader.page.go_back()
        expect(reader.page.locator("#page")).to_have_attribute("data-page", "landing")
        expect(reader.page.locator("body")).not_to_contain_text(email)
    for _ in range(3):
        reader.page.go_forward()
        expect(reader.page.locator("#page")).to_have_attribute("data-page", "landing")
        expect(reader.page.locator("body")).not_to_contain_text(email)
    reader.page.reload()
    reader.sees_the_landing_page()
    reader.page.goto(elsewhere)
    reader.page.go_back()
    reader.sees_the_landing_page()
    assert reader.page.evaluate("localStorage.length + sessionStorage.length") == 0
    reader.sees_nothing_of(email)


# A browser that keeps whole pages in memory for Back. Playwright switches that off unless told otherwise.


@pytest.fixture(scope="module")
def remembering(browser_type, browser_type_launch_args):
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture
def remembering_reader(remembering, site):
    context = remembering.new_context()
    yield Person(context.new_page(), site)
    context.close()


def goes(person, step):
    """Back or forward as the button does it: a page from memory fires no load."""
    person.page.evaluate(f"setTimeout(() => history.go({step}))")


def test_pages_kept_in_memory_do_not_come_back_after_signing_out(remembering_reader, elsewhere):
    person = remembering_reader
    email = person.joins()
    person.opens("/settings/")
    person.opens("/")
    person.signs_out()
    person.sees_the_landing_page()
    goes(person, -1)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    goes(person, -1)
    person.sees_the_landing_page()
    person.page.goto(elsewhere)
    goes(person, -1)
    person.sees_the_landing_page()
    expect(person.page.locator("body")).not_to_contain_text(email)


def test_a_dashboard_kept_in_memory_is_asked_for_again_when_another_tab_signed_out(remembering_reader, elsewhere):
    person = remembering_reader
    email = person.joins()
    person.page.goto(elsewhere)
    other = Person(person.page.context.new_page(), person.site).opens()
    other.signs_out()
    other.sees_the_landing_page()
    goes(person, -1)
    person.sees_the_landing_page()
    expect(person.page.locator("body")).not_to_contain_text(email)


def test_a_landing_page_kept_in_memory_becomes_the_dashboard_when_another_tab_signed_in(remembering_reader, elsewhere):
    person = remembering_reader
    person.opens().types(an_address(), PASSWORD)
    person.page.goto(elsewhere)
    Person(person.page.context.new_page(), person.site).joins()
    goes(person, -1)
    person.sees_the_dashboard()


def test_a_landing_page_that_comes_back_from_memory_is_as_new(remembering_reader, elsewhere):
    person = remembering_reader
    person.opens().types(an_address(), PASSWORD).presses("Show password")
    person.page.goto(elsewhere)
    goes(person, -1)
    person.sees_the_landing_page()
    expect(person.password).to_have_attribute("type", "password")
    expect(person.password).to_have_value("")


# The transition


RUNNING = """() => document.getAnimations().some((one) => one.effect.pseudoElement?.startsWith("::view-transition"))"""
WATCHES = f"""
() => {{
  window.moved = false;
  const look = () => {{
    window.moved ||= ({RUNNING})();
    requestAnimationFrame(look);
  }};
  look();
}}
"""


@pytest.mark.parametrize("act", ["key", "pointer"])
def test_a_key_or_a_press_during_the_transition_skips_to_its_end(reader, act):
    reader.opens()
    tools = reader.page.context.new_cdp_session(reader.page)
    tools.send("Animation.enable")
    # Slow enough that it could never end by itself here.
    tools.send("Animation.setPlaybackRate", {"playbackRate": 0.001})
    reader.creates_account()
    reader.page.wait_for_function(RUNNING)
    if act == "key":
        reader.page.keyboard.press("Shift")
    else:
        reader.page.mouse.click(3, 3)
    reader.page.wait_for_function(f"() => !({RUNNING})()")
    reader.sees_the_dashboard()


def test_with_reduced_motion_the_change_is_instant(reader):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.opens()
    reader.page.evaluate(WATCHES)
    reader.creates_account()
    reader.sees_the_dashboard()
    expect(reader.page.locator("h1")).to_be_focused()
    assert reader.page.evaluate("window.moved") is False
