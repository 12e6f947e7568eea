"""Every state of the sign-up card, as somebody at the keyboard meets it: words, focus, what is heard and what stays typed."""

import re
import sqlite3
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import pytest
from playwright.sync_api import expect

from e2e.people import OFFLINE, PASSWORD, Person, an_address
from e2e.readers import elsewhere
from e2e.server import Server

FAILED = "We could not create the account. Nothing was charged or saved."


def described(field):
    """The words that describe a field, as a screen reader would put them together."""
    return field.evaluate(
        "(input) => (input.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)"
        ".map((id) => document.getElementById(id).textContent.trim()).join(' ')"
    )


def width(button):
    return round(button.bounding_box()["width"], 1)


def test_the_empty_card_has_no_focus_no_error_and_nothing_to_hear(reader):
    reader.opens()
    expect(reader.page.get_by_role("region", name="Create your free account")).to_be_visible()
    expect(reader.email).to_have_value("")
    expect(reader.password).to_have_value("")
    expect(reader.card.locator("[aria-invalid]")).to_have_count(0)
    expect(reader.slot).to_be_empty()
    assert reader.page.evaluate("document.activeElement.tagName") == "BODY"
    assert reader.heard == []
    assert described(reader.password) == "12 characters or more. Three random words work well."


def test_coming_for_the_form_puts_the_focus_in_it(reader):
    reader.opens("/#join")
    expect(reader.email).to_be_focused()
    reader.opens("/login/")
    reader.page.get_by_role("link", name="Create account").click()
    expect(reader.email).to_be_focused()


def test_typing_and_leaving_a_field_is_not_judged(reader):
    reader.opens()
    reader.email.press_sequentially("not-an-address")
    reader.page.keyboard.press("Tab")
    reader.password.press_sequentially("short")
    reader.page.keyboard.press("Tab")
    reader.page.wait_for_load_state("networkidle")
    expect(reader.card.locator("[aria-invalid], .field-error")).to_have_count(0)
    assert reader.answers == [] and reader.heard == []


def test_while_it_is_sent_the_button_says_so_and_keeps_its_focus_and_width(reader):
    held = reader.holds_the_clock().opens().delays("/signup/")
    before = width(reader.button)
    reader.creates_account()
    expect(reader.button).to_have_text("Creating account…")
    expect(reader.button).to_have_attribute("aria-disabled", "true")
    expect(reader.button).to_be_focused()
    expect(reader.button).to_be_enabled(enabled=False)
    assert reader.button.get_attribute("disabled") is None and width(reader.button) == before
    assert reader.heard == []
    reader.lets_time_pass(4.1)
    expect(reader.button).to_have_text("Still working…")
    reader.hears("Still working…", region="live")
    assert width(reader.button) == before
    held.go()
    reader.sees_the_dashboard()


@pytest.mark.parametrize("how", ["clicks", "enter"])
def test_three_fast_presses_make_one_request_and_one_account(reader, how):
    held = reader.opens().delays("/signup/")
    reader.types(an_address(), PASSWORD)
    if how == "clicks":
        reader.button.click(click_count=3, delay=0)
    else:
        for _ in range(3):
            reader.password.press("Enter")
    expect(reader.button).to_have_attribute("aria-disabled", "true")
    held.go()
    reader.sees_the_dashboard()
    assert held.count == 1 and reader.answers == [("/signup/", 302)]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Add your email."),
        ("grace", "Email needs an @, such as name@example.com."),
        ("grace@", "Email needs an address after the @, such as example.com."),
        ("gr ace@example.com", "Email has a space in it. Take the space out."),
        ("grace@example", "The part after @ needs a dot, such as example.com."),
        ("grace@@example.com", "Email has more than one @. Keep one."),
        ("grace\u202e@example.com", "Email has a hidden character in it. Type the address instead of pasting it."),
        ("x" * 250 + "@example.com", "Email can have 254 characters at most."),
    ],
)
def test_a_wrong_email_is_named_and_everything_typed_stays(reader, email, sentence):
    reader.opens().marks_the_page()
    reader.creates_account(email)
    reader.hears(sentence, region="live")
    expect(reader.email).to_be_focused()
    expect(reader.email).to_have_attribute("aria-invalid", "true")
    assert described(reader.email) == sentence
    # A field for addresses shows and sends them without the hidden characters and spaces that its browser takes out.
    expect(reader.email).to_have_value(reader.email.evaluate("(input) => input.value"))
    expect(reader.password).to_have_value(PASSWORD)
    expect(reader.password).not_to_have_attribute("aria-invalid", "true")
    expect(reader.button).to_have_text("Create account")
    expect(reader.button).not_to_have_attribute("aria-disabled", "true")
    assert reader.answers == [("/signup/", 422)] and reader.heard == [sentence] and reader.never_left_the_page


def test_the_email_alone_is_mended_and_the_password_need_not_be_typed_again(reader):
    reader.opens().creates_account("grace@")
    expect(reader.email).to_have_attribute("aria-invalid", "true")
    reader.types(email=an_address()).presses("Create account")
    reader.sees_the_dashboard()


def test_an_address_that_looks_mistyped_gets_advice_that_one_press_takes(reader):
    meant = an_address().replace("example.com", "gmail.com")
    reader.opens().creates_account(meant.replace("gmail", "gmial"))
    advice = f"Did you mean {meant}?"
    use = reader.page.get_by_role("button", name="Use gmail.com")
    expect(use).to_be_focused()
    reader.hears(advice, region="live")
    assert described(reader.email) == advice and reader.heard == [advice]
    expect(reader.email).not_to_have_attribute("aria-invalid", "true")
    expect(reader.password).to_have_value(PASSWORD)
    assert reader.answers == [("/signup/", 422)]
    reader.page.keyboard.press("Enter")
    reader.sees_the_dashboard()
    expect(reader.page.locator(".desk-profile")).to_contain_text(meant)


@pytest.mark.parametrize("how", ["button", "enter"])
def test_an_address_that_looks_mistyped_is_taken_as_it_is_the_second_time(reader, how):
    typed = an_address().replace("example.com", "gmial.com")
    reader.opens().creates_account(typed)
    expect(reader.page.get_by_role("button", name="Use gmail.com")).to_be_visible()
    if how == "button":
        reader.presses("Create account")
    else:
        reader.email.press("Enter")
    reader.sees_the_dashboard()
    expect(reader.page.locator(".desk-profile")).to_contain_text(typed)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Add a password. It needs 12 or more characters."),
        ("lantern4", "Password needs 12 or more characters. Add 4 more."),
        ("password123456", "Password is one that attackers try first. Three random words work well."),
        ("grace-hopper and lanterns", "Password contains your email. Leave that part out."),
    ],
)
def test_a_weak_password_gets_one_reason_and_stays_to_be_mended(reader, password, sentence):
    reader.opens().creates_account("grace-hopper@example.com", password)
    reader.hears(sentence, region="live")
    expect(reader.password).to_be_focused()
    expect(reader.password).to_have_attribute("aria-invalid", "true")
    assert sentence in described(reader.password)
    expect(reader.card.locator(".field-error")).to_have_count(1)
    expect(reader.password).to_have_value(password)
    expect(reader.email).to_have_value("grace-hopper@example.com")
    assert reader.answers == [("/signup/", 422)] and reader.heard == [sentence]


def test_a_weak_password_is_weighed_again_while_it_is_mended(reader):
    reader.opens().creates_account("grace@example.com", "short")
    weighed = reader.page.locator("#password-verdict")
    expect(weighed.locator(".verdict-fits")).to_have_text("Too short")
    reader.hears("Password needs 12 or more characters. Add 7 more.")
    reader.forgets()
    held = reader.delays("/fragments/password-verdict/")
    reader.password.fill("password123456")
    reader.page.keyboard.press("Tab")
    reader.page.wait_for_function("() => document.querySelector('#password-verdict').matches('.htmx-request')")
    # Only the weighing is under way: nothing is being created.
    expect(reader.button).to_have_text("Create account")
    held.go()
    expect(weighed.locator(".verdict-fits")).to_have_text("Too common")
    reader.password.fill(PASSWORD)
    reader.page.keyboard.press("Tab")
    expect(weighed.locator(".verdict-fits")).to_have_text("Good")
    assert reader.heard == ["Password: Too common", "Password: Good"]


def test_a_weighing_that_fails_says_nothing(reader):
    reader.opens().creates_account("grace@example.com", "short")
    reader.hears("Password needs 12 or more characters. Add 7 more.")
    reader.forgets()
    reader.page.route("**/fragments/password-verdict/", fails(500))
    with reader.page.expect_response("**/fragments/password-verdict/"):
        reader.password.fill(PASSWORD)
        reader.page.keyboard.press("Tab")
    reader.page.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(reader.slot).to_be_empty()
    assert reader.heard == []


def test_mending_a_weak_password_and_pressing_at_once_sends_the_form(reader):
    reader.opens().creates_account(an_address(), "short")
    expect(reader.password).to_be_focused()
    weighing, sending = reader.delays("/fragments/password-verdict/"), reader.delays("/signup/")
    reader.password.fill(PASSWORD)
    reader.presses("Create account")
    expect(reader.button).to_have_text("Creating account…")
    weighing.go()
    reader.page.wait_for_function("() => !document.querySelector('#password-verdict.htmx-request')")
    expect(reader.button).to_have_text("Creating account…")
    expect(reader.button).to_have_attribute("aria-disabled", "true")
    sending.go()
    reader.sees_the_dashboard()


def test_two_wrong_fields_are_counted_and_the_first_has_the_focus(reader):
    reader.opens().creates_account("grace@", "short")
    reader.hears("Two things to fix.")
    expect(reader.slot).to_have_text("Two things to fix.")
    expect(reader.email).to_be_focused()
    expect(reader.card.locator("[aria-invalid=true]")).to_have_count(2)
    expect(reader.password).to_have_value("short")
    assert reader.heard == ["Two things to fix."] and reader.answers == [("/signup/", 422)]
    # The count goes when one of them is mended.
    reader.types(email="grace@example.com").presses("Create account")
    expect(reader.slot).to_be_empty()
    expect(reader.password).to_be_focused()


def test_a_known_address_turns_the_card_into_the_sign_in_card(reader):
    email = elsewhere(reader)
    reader.opens().marks_the_page()
    reader.creates_account(email, "six brass kettles")
    title = "You already have an account"
    expect(reader.card.get_by_role("heading", name=title)).to_be_visible()
    reader.hears(title, region="live")
    expect(reader.email).to_have_value(email)
    password = reader.page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_value("")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(reader.page.get_by_role("button", name="Email me a link")).to_be_visible()
    assert reader.answers == [("/signup/", 422)] and reader.heard == [title]
    password.fill(PASSWORD)
    reader.presses("Sign in")
    reader.sees_the_dashboard()
    assert reader.never_left_the_page


def test_use_another_email_gives_the_empty_sign_up_card_back(reader):
    reader.opens().creates_account(elsewhere(reader), "six brass kettles")
    reader.page.get_by_role("link", name="Use another email").click()
    expect(reader.page.get_by_label("Create a password")).to_have_value("")
    expect(reader.email).to_have_value("")
    expect(reader.email).to_be_focused()
    reader.creates_account()
    reader.sees_the_dashboard()


# Too many tries


@pytest.fixture
def rested(limited):
    """The server that counts tries, with nothing counted yet."""
    with closing(sqlite3.connect(limited.folder / "db.sqlite3")) as database:
        database.execute("DELETE FROM core_ratecount")
        database.commit()
    return limited


def test_too_many_sign_ups_say_how_long_to_wait_and_keep_what_was_typed(page, rested):
    reader = Person(page, rested).opens()
    retry_after = []
    page.on("response", lambda answer: retry_after.append(answer.header_value("retry-after")) if answer.status == 429 else None)
    for n in range(10):
        reader.creates_account("grace@", PASSWORD)
        expect(reader.button).not_to_have_attribute("aria-disabled", "true")
        page.wait_for_function("(n) => window.heard.length === n + 1", arg=n)
    reader.forgets()
    reader.creates_account("grace@example.com")
    expect(reader.slot).to_have_text("Too many tries. Try again in 3 minutes.")
    assert reader.heard == ["Too many tries. Try again in 3 minutes."] and reader.answers == [("/signup/", 429)]
    expect(reader.email).to_have_value("grace@example.com")
    expect(reader.password).to_have_value(PASSWORD)
    expect(reader.button).to_be_focused()
    expect(reader.card.locator("[aria-invalid]")).to_have_count(0)
    assert 120 < int(retry_after[0]) <= 180


def test_a_short_wait_counts_down_for_the_eye_and_is_said_only_at_its_start_and_end(page, rested):
    reader = Person(page, rested).holds_the_clock().opens().asks_to_sign_in()
    for n in range(10):
        reader.types("grace@", "x").presses("Sign in")
        page.wait_for_function("(n) => window.heard.length === n + 1", arg=n)
    reader.forgets()
    reader.types("grace@example.com", "six brass kettles").presses("Sign in")
    expect(reader.slot).to_contain_text(re.compile(r"Try again in \d\d seconds"))
    (start,) = reader.heard
    left = int(re.fullmatch(r"Too many tries\. Try again in (\d+) seconds\.", start)[1])
    assert 30 < left <= 60 and reader.answers == [("/fragments/sign-in/", 429)]
    expect(reader.button).to_be_focused()
    expect(reader.email).to_have_value("grace@example.com")
    expect(reader.password).to_have_value("six brass kettles")
    page.clock.run_for((left - 5) * 1000)
    expect(reader.slot).to_contain_text(re.compile(r"Try again in [1-5] seconds"))
    assert reader.heard == [start]
    page.clock.run_for(6000)
    expect(reader.slot).to_be_empty()
    reader.hears("You can try again now.", region="live")
    assert reader.heard == [start, "You can try again now."]


# The server is down, or the network is gone


def fails(status):
    body = "<h1>Server Error</h1><p id=msg>Internal words</p>"
    return lambda route: (
        route.fulfill(status=status, body=body, content_type="text/html") if status else route.abort("connectionreset")
    )


@pytest.mark.usefixtures("network_gone")
@pytest.mark.parametrize("status", [500, 502, 503, None])
def test_a_server_that_fails_is_said_so_and_try_again_sends_the_same(reader, status):
    reader.opens().marks_the_page()
    reader.page.route("**/signup/", fails(status), times=1)
    email = reader.creates_account()
    expect(reader.slot).to_contain_text(FAILED)
    again = reader.slot.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    expect(reader.page.locator("body")).not_to_contain_text("Internal words")
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_have_value(PASSWORD)
    expect(reader.button).to_have_text("Create account")
    assert len(reader.heard) == 1 and reader.heard[0].startswith(FAILED)
    again.press("Enter")
    reader.sees_the_dashboard()
    assert reader.never_left_the_page


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """The site on a machine that hashes one password at a time."""
    server = Server(tmp_path_factory.mktemp("narrow"), PASSWORD_HASHING_AT_ONCE="1").start()
    yield server
    server.stop()


@contextmanager
def storm(site, people=40):
    """Strangers who try to sign in without a pause, more of them than the server lets wait."""
    over, refused = threading.Event(), threading.Event()

    def stranger():
        connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
        connection.request("GET", "/login/")
        answer = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[1]
        headers = {
            "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = f"csrfmiddlewaretoken={token}&login=nobody%40example.com&password=six+brass+kettles"
        while not over.is_set():
            connection.request("POST", "/login/", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 503:
                refused.set()
        connection.close()

    threads = [threading.Thread(target=stranger) for _ in range(people)]
    for thread in threads:
        thread.start()
    try:
        assert refused.wait(30)
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_in_a_storm_of_sign_ins_the_card_says_so_and_try_again_works_afterwards(page, narrow):
    reader = Person(page, narrow)
    known, wrong = elsewhere(reader), "six brass kettles"
    reader.opens()
    turned_away = reader.slot.get_by_text(FAILED)
    let_in = page.get_by_role("link", name="Use another email")
    with storm(narrow):
        # Who gets one of the few places is luck, so whoever got one asks again.
        for _ in range(20):
            reader.creates_account(known, wrong)
            expect(turned_away.or_(let_in)).to_be_visible(timeout=15_000)
            if turned_away.is_visible():
                break
            let_in.click()
            expect(page.get_by_label("Create a password")).to_be_visible()
    expect(turned_away).to_be_visible()
    assert reader.answers[-1] == ("/signup/", 503)
    expect(reader.email).to_have_value(known)
    expect(reader.password).to_have_value(wrong)
    reader.types(password=PASSWORD)
    reader.slot.get_by_role("button", name="Try again").click()
    reader.sees_the_dashboard()
    reader.hears("You already had an account. Signed in.")


@pytest.mark.usefixtures("network_gone")
def test_without_an_answer_for_fifteen_seconds_it_stops_waiting(reader):
    held = reader.holds_the_clock().opens().delays("/signup/")
    email = reader.creates_account()
    expect(reader.button).to_have_text("Creating account…")
    reader.lets_time_pass(14)
    expect(reader.button).to_have_text("Still working…")
    expect(reader.slot).to_be_empty()
    reader.lets_time_pass(1.5)
    expect(reader.slot).to_contain_text(FAILED)
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_have_value(PASSWORD)
    held.lose()
    reader.slot.get_by_role("button", name="Try again").click()
    reader.sees_the_dashboard()


@pytest.mark.usefixtures("network_gone")
def test_offline_keeps_everything_and_sends_nothing_by_itself_afterwards(reader):
    reader.opens().types(an_address(), PASSWORD)
    reader.page.context.set_offline(True)
    bar = reader.page.locator("#offline")
    expect(bar).to_have_text(OFFLINE)
    reader.forgets()
    reader.presses("Create account")
    expect(reader.slot).to_have_text(OFFLINE)
    expect(reader.password).to_have_value(PASSWORD)
    expect(reader.button).to_be_focused()
    assert reader.heard == [OFFLINE]
    reader.page.context.set_offline(False)
    expect(bar).to_have_text("You are online again.")
    expect(reader.slot).to_be_empty()
    reader.page.wait_for_load_state("networkidle")
    assert reader.answers == []
    reader.presses("Create account")
    reader.sees_the_dashboard()


def test_a_page_that_was_open_for_too_long_gets_a_new_token_and_keeps_what_was_typed(reader):
    reader.opens().marks_the_page()
    reader.types(an_address(), PASSWORD)
    email = reader.email.input_value()
    reader.page.context.clear_cookies()
    reader.presses("Create account")
    sentence = "This page was open for a while. Press Create account again."
    expect(reader.slot).to_have_text(sentence)
    expect(reader.button).to_be_focused()
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_have_value(PASSWORD)
    assert reader.heard == [sentence] and reader.answers == [("/signup/", 403)]
    reader.page.keyboard.press("Enter")
    reader.sees_the_dashboard()
    assert reader.never_left_the_page


def test_the_sign_in_card_gets_a_new_token_likewise(reader):
    email = elsewhere(reader)
    reader.opens().asks_to_sign_in().types(email, PASSWORD)
    reader.page.context.clear_cookies()
    reader.presses("Sign in")
    expect(reader.slot).to_have_text("This page was open for a while. Press Sign in again.")
    expect(reader.button).to_be_focused()
    expect(reader.password).to_have_value(PASSWORD)
    reader.page.keyboard.press("Enter")
    reader.sees_the_dashboard()


# Passwords that are shown, and fields that the browser fills in


def test_show_password_shows_it_says_so_and_hides_it_again_when_sent(reader):
    reader.opens().types("grace@", PASSWORD)
    reader.page.get_by_role("button", name="Show password").click()
    expect(reader.password).to_have_attribute("type", "text")
    reader.hears("Password is visible")
    reader.page.get_by_role("button", name="Hide password").click()
    expect(reader.password).to_have_attribute("type", "password")
    reader.hears("Password is hidden")
    reader.page.get_by_role("button", name="Show password").click()
    reader.presses("Create account")
    expect(reader.email).to_have_attribute("aria-invalid", "true")
    expect(reader.password).to_have_attribute("type", "password")
    expect(reader.password).to_have_value(PASSWORD)
    expect(reader.page.get_by_role("button", name="Show password")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_password_manager_fills_in_has_the_page_s_colours_and_moves_nothing(reader, scheme):
    reader.page.emulate_media(color_scheme=scheme)
    reader.opens()
    before = reader.email.evaluate("(input) => getComputedStyle(input).color"), reader.email.bounding_box()
    tools = reader.page.context.new_cdp_session(reader.page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": "#id_email"})["nodeId"]
    tools.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": ["autofill"]})
    style = reader.email.evaluate("(input) => [getComputedStyle(input).webkitTextFillColor, getComputedStyle(input).boxShadow]")
    surface = reader.email.evaluate("(input) => getComputedStyle(input).backgroundColor")
    assert style[0] == before[0] and "inset" in style[1], (style, surface)
    assert reader.email.bounding_box() == before[1]
