"""Signing in: the page, wrong passwords, where one goes afterwards, help by mail, and other sites' accounts."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person, an_address
from e2e.readers import elsewhere
from e2e.server import Server

MISMATCH = "That email and password do not match."
NEW_PASSWORD = "nine slow rivers meet"


def signs_in(person, email, password=PASSWORD):
    person.types(email, password).presses("Sign in")


def test_the_sign_in_page_signs_in_and_goes_home(reader):
    email = elsewhere(reader)
    reader.opens("/login/")
    expect(reader.email).to_have_attribute("autocomplete", "username webauthn")
    expect(reader.password).to_have_attribute("autocomplete", "current-password")
    expect(reader.page.get_by_label("Keep me signed in on this device for 30 days")).not_to_be_checked()
    signs_in(reader, email)
    reader.sees_the_dashboard()
    reader.hears("You are signed in.", region="live")
    assert reader.heard.count("You are signed in.") == 1
    expect(reader.page).to_have_url(reader.site.address + "/")


def test_a_stay_that_is_kept_lasts_thirty_days_and_any_other_ends_with_the_browser(reader):
    email = elsewhere(reader)
    reader.opens("/login/")
    signs_in(reader, email)
    reader.sees_the_dashboard()

    def session():
        return next(one for one in reader.page.context.cookies() if one["name"] == "sessionid")

    assert session()["expires"] == -1
    reader.signs_out()
    reader.sees_the_landing_page()
    reader.opens("/login/")
    reader.page.get_by_label("Keep me signed in on this device for 30 days").check()
    signs_in(reader, email)
    reader.sees_the_dashboard()
    days = (session()["expires"] - reader.page.evaluate("Date.now() / 1000")) / 86400
    assert 29.9 < days <= 30


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(reader, known):
    email = elsewhere(reader) if known else an_address()
    reader.opens("/login/")
    signs_in(reader, email, "six brass kettles")
    expect(reader.page.get_by_text(MISMATCH)).to_have_count(1)
    expect(reader.page).to_have_title(re.compile("^Error: Sign in"))
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_have_value("")
    expect(reader.password).to_be_focused()
    expect(reader.password).to_have_attribute("aria-invalid", "true")
    expect(reader.email).not_to_have_attribute("aria-invalid", "true")
    assert reader.answers == [("/login/", 422)]


def test_a_wrong_password_on_the_landing_page_s_card_empties_it_and_says_so_once(reader):
    email = elsewhere(reader)
    reader.holds_the_clock().opens().asks_to_sign_in()
    expect(reader.email).to_be_focused()
    signs_in(reader, email, "six brass kettles")
    reader.hears(MISMATCH, region="live")
    expect(reader.password).to_be_focused()
    expect(reader.password).to_have_value("")
    expect(reader.email).to_have_value(email)
    reader.lets_time_pass(5)
    assert reader.heard == [MISMATCH] and reader.answers == [("/fragments/sign-in/", 422)]
    signs_in(reader, email)
    reader.sees_the_dashboard()


def test_a_page_for_members_asks_to_sign_in_and_then_goes_on(reader):
    email = elsewhere(reader)
    reader.opens("/settings/")
    reader.sees("Sign in")
    signs_in(reader, email, "six brass kettles")
    reader.reads(MISMATCH)
    signs_in(reader, email)
    reader.sees("Settings")
    expect(reader.page).to_have_url(reader.site.address + "/settings/")


def test_an_ended_session_is_explained(reader):
    reader.opens("/login/?next=/picks/&why=expired")
    reader.reads("You were signed out after a while. Sign in to carry on.")
    reader.opens("/login/")
    expect(reader.page.get_by_text("You were signed out after a while")).to_have_count(0)


@pytest.mark.parametrize(
    "next_url", ["https://example.org/", "//example.org/", "/%2fexample.org", "/\\example.org", "javascript:alert(1)"]
)
def test_going_on_never_leaves_the_site(reader, next_url):
    email = elsewhere(reader)
    reader.page.goto(f"{reader.site.address}/login/?next={next_url}")
    signs_in(reader, email)
    reader.sees_the_dashboard()
    expect(reader.page).to_have_url(reader.site.address + "/")


def test_going_on_is_kept_when_somebody_signs_up_instead(reader):
    reader.opens("/settings/")
    reader.page.get_by_role("link", name="Create account").click()
    expect(reader.page.get_by_label("Create a password")).to_be_visible()
    reader.creates_account()
    reader.sees("Settings")


def test_going_on_is_kept_while_the_card_changes_to_signing_in_and_back(reader):
    email = elsewhere(reader)
    reader.opens("/?next=/picks/").asks_to_sign_in()
    reader.card.get_by_role("link", name="Create account").click()
    expect(reader.page.get_by_label("Create a password")).to_be_visible()
    reader.creates_account(email, "six brass kettles")
    expect(reader.page.get_by_role("heading", name="You already have an account")).to_be_visible()
    reader.page.get_by_role("link", name="Use another email").click()
    expect(reader.page.get_by_label("Create a password")).to_be_visible()
    reader.page.locator("#sign-in").click()
    expect(reader.card.get_by_role("heading", name="Sign in")).to_be_visible()
    signs_in(reader, email)
    reader.sees("Your picks")


def test_a_member_who_reads_what_visitors_read_is_not_asked_to_sign_in(reader):
    reader.joins()
    reader.page.get_by_role("link", name="Privacy").click()
    reader.sees("Privacy notice")
    expect(reader.page.get_by_role("link", name="Sign in")).to_have_count(0)
    reader.page.get_by_role("link", name="Home", exact=True).click()
    reader.sees_the_dashboard()


def test_whoever_is_signed_in_has_no_use_for_the_sign_in_page(reader):
    reader.joins()
    reader.opens("/login/?next=/picks/")
    reader.sees("Your picks")


# Too many wrong passwords


def test_after_five_wrong_passwords_it_says_how_long_to_wait_and_offers_a_link(page, limited):
    with closing(sqlite3.connect(limited.folder / "db.sqlite3")) as database:
        database.execute("DELETE FROM core_ratecount")
        database.commit()
    reader = Person(page, limited)
    email = elsewhere(reader)
    reader.opens("/login/")
    for _ in range(5):
        signs_in(reader, email, "six brass kettles")
        expect(page.get_by_text(MISMATCH)).to_be_visible()
        expect(reader.password).to_have_value("")
    reader.forgets()
    signs_in(reader, email)
    expect(page.get_by_role("alert").get_by_text("Too many tries. Try again in 5 minutes.")).to_be_visible()
    expect(page.get_by_role("button", name="Email me a sign-in link")).to_be_visible()
    expect(reader.email).to_have_value(email)
    assert reader.answers == [("/login/", 429)]


# By mail


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(newcomer, workshop):
    email = elsewhere(newcomer)
    page = newcomer.page
    newcomer.opens("/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    newcomer.sees("Choose a new password")
    newcomer.types(email).presses("Email me a link")
    newcomer.sees("Check your inbox")
    expect(page.locator("#main")).to_contain_text(f"If {email} has an account, a link is on its way.")
    assert [mail["Subject"] for mail in workshop.mails() if mail["To"] == email][-1] == "Reset your password"
    url = newcomer.follows_the_newest_mail(email, "Reset your password")
    newcomer.sees("Choose a new password")
    password = page.get_by_label("New password")
    password.fill("short")
    newcomer.presses("Save password")
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    password.fill(NEW_PASSWORD)
    newcomer.presses("Save password")
    newcomer.sees_the_dashboard()
    assert [mail["Subject"] for mail in workshop.mails() if mail["To"] == email][-1] == "Your password changed"
    page.goto(url)
    newcomer.sees("This link has ended")
    newcomer.opens("/")
    newcomer.signs_out()
    newcomer.sees_the_landing_page()
    newcomer.opens("/login/")
    signs_in(newcomer, email)
    expect(page.get_by_text(MISMATCH)).to_be_visible()
    signs_in(newcomer, email, NEW_PASSWORD)
    newcomer.sees_the_dashboard()


def test_a_new_password_ends_every_other_session(newcomer, new_context):
    other = Person(new_context().new_page(), newcomer.site)
    email = other.joins()
    newcomer.opens("/password/reset/").types(email).presses("Email me a link")
    newcomer.follows_the_newest_mail(email, "Reset your password")
    newcomer.page.get_by_label("New password").fill(NEW_PASSWORD)
    newcomer.presses("Save password")
    newcomer.sees_the_dashboard()
    other.page.reload()
    other.sees_the_landing_page()


def test_an_unknown_address_gets_the_same_page_and_a_mail_of_its_own(newcomer, workshop):
    email = an_address()
    newcomer.opens("/password/reset/").types(email).presses("Email me a link")
    newcomer.sees("Check your inbox")
    expect(newcomer.page.locator("#main")).to_contain_text(f"If {email} has an account, a link is on its way.")
    assert len([mail for mail in workshop.mails() if mail["To"] == email]) == 1


def test_a_sign_in_link_signs_in_once_and_only_by_its_button(newcomer):
    email = elsewhere(newcomer)
    newcomer.opens().asks_to_sign_in()
    signs_in(newcomer, email, "six brass kettles")
    newcomer.hears(MISMATCH)
    newcomer.presses("Email me a link")
    newcomer.sees("Check your inbox")
    url = newcomer.follows_the_newest_mail(email, "Your sign-in link")
    newcomer.sees("One press to sign in")
    newcomer.opens("/")
    newcomer.sees_the_landing_page()
    newcomer.page.goto(url)
    expect(newcomer.page.get_by_role("button", name="Sign in", exact=True)).to_be_focused()
    newcomer.page.keyboard.press("Enter")
    # Nobody had proved this address before, so whoever chose the password may have been somebody else.
    newcomer.sees("Set a password")
    newcomer.reads("You are signed in, and your email is confirmed. Choose a new password: the old one has ended.")
    newcomer.opens("/")
    newcomer.sees_the_dashboard()
    expect(newcomer.page.locator("#verify")).to_have_count(0)
    newcomer.signs_out()
    newcomer.sees_the_landing_page()
    newcomer.page.goto(url)
    newcomer.sees("This link has ended")
    newcomer.sees_nothing_of(email)


# Other sites' accounts


@pytest.fixture(scope="module")
def social(tmp_path_factory):
    server = Server(
        tmp_path_factory.mktemp("social"),
        GOOGLE_CLIENT_ID="id",
        GOOGLE_CLIENT_SECRET="secret",
        GITHUB_CLIENT_ID="id",
        GITHUB_CLIENT_SECRET="secret",
    ).start()
    yield server
    server.stop()


@pytest.mark.parametrize("path", ["/", "/login/"])
def test_google_and_github_are_offered_when_they_are_set_up_and_not_otherwise(reader, social, context, path):
    reader.opens(path)
    expect(reader.page.get_by_role("button", name=re.compile("^Continue with"))).to_have_count(0)
    person = Person(context.new_page(), social).opens(path)
    expect(person.page.get_by_role("button", name=re.compile("^Continue with"))).to_have_text(
        ["Continue with Google", "Continue with GitHub"]
    )


def test_continue_with_github_leaves_for_github(page, social):
    github = re.compile(r"https://github\.com/login/oauth/authorize\?.*state=")
    # GitHub is not there for a browser of ours. What counts is that the page's own policy lets the form lead to it.
    with page.expect_event("requestfailed", lambda request: github.match(request.url)) as left:
        Person(page, social).opens("/login/").presses("Continue with GitHub")
    assert left.value.failure == "net::ERR_NAME_NOT_RESOLVED"
