"""The core journey in a browser that runs no scripts: forms, whole pages and redirects, with the same words."""

import re

import pytest
from playwright.sync_api import expect

from e2e.people import CREATED, PASSWORD, an_address
from e2e.readers import elsewhere
from e2e.server import Server


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site when nothing is at hand: what would load after the page is a link. test_perceived_speed.py has the other case."""
    server = Server(tmp_path_factory.mktemp("plain"), WARM_SECONDS="0").start()
    yield server
    server.stop()


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


def test_somebody_joins_picks_three_books_leaves_and_comes_back(reader):
    reader.opens()
    expect(reader.page.get_by_role("button", name=re.compile("Show"))).to_have_count(0)
    expect(reader.page.get_by_role("link", name="See current offers")).to_be_visible()
    email = reader.creates_account()
    reader.sees_the_dashboard()
    assert reader.answers == [("/signup/", 302)]
    expect(reader.page).to_have_url(reader.site.address + "/")
    reader.reads(CREATED)
    # No grey bones that nothing would ever replace.
    expect(reader.page.locator(".bones").first).to_be_hidden()

    reader.page.get_by_role("link", name="Open the offers").click()
    reader.sees("Offers")
    reader.opens()
    reader.page.get_by_role("link", name="Open your recommendations").click()
    reader.sees("Your picks")
    for book in reader.page.locator(".pick-label").all()[:2]:
        book.click()
    reader.presses("Show my shelf")
    reader.reads("Pick 1 more book. You have picked 2.")
    expect(reader.page).to_have_title(re.compile("^Error: "))
    expect(reader.page.get_by_role("checkbox", checked=True)).to_have_count(2)
    reader.page.locator(".pick-label").nth(5).click()
    reader.presses("Show my shelf")
    reader.reads("Saved. Your shelf now starts from 3 books.")
    expect(reader.page.locator(".book-reason").first).not_to_be_empty()

    reader.opens()
    expect(reader.page.get_by_text(CREATED)).to_have_count(0)
    reader.signs_out()
    reader.sees_the_landing_page()
    reader.reads("You are signed out.")
    reader.page.go_back()
    expect(reader.page.locator("body")).not_to_contain_text(email)

    reader.opens()
    reader.page.get_by_role("link", name="Sign in", exact=True).click()
    reader.sees("Sign in")
    reader.types(email, PASSWORD).presses("Sign in")
    reader.sees_the_dashboard()


def test_a_wrong_email_comes_back_as_a_whole_page_with_the_focus_on_it(reader):
    reader.opens().creates_account("grace@")
    expect(reader.page).to_have_title(re.compile("^Error: Dimorph"))
    reader.sees_the_landing_page()
    expect(reader.email).to_have_value("grace@")
    expect(reader.email).to_be_focused()
    expect(reader.email).to_have_accessible_description("Email needs an address after the @, such as example.com.")
    expect(reader.password).to_have_value("")
    assert reader.answers == [("/signup/", 422)]
    reader.creates_account()
    reader.sees_the_dashboard()


def test_a_weak_password_and_two_wrong_fields_come_back_likewise(reader):
    reader.opens().creates_account("grace@example.com", "lantern4")
    reader.reads("Password needs 12 or more characters. Add 4 more.")
    expect(reader.email).to_have_value("grace@example.com")
    expect(reader.password).to_be_focused()
    reader.creates_account("grace@", "short")
    reader.reads("Two things to fix.")
    expect(reader.email).to_be_focused()


@pytest.mark.parametrize("taken", [True, False])
def test_advice_about_an_address_is_taken_or_left(reader, taken):
    meant = an_address().replace("example.com", "gmail.com")
    typed = meant.replace("gmail", "gmial")
    reader.opens().creates_account(typed)
    reader.reads(f"Did you mean {meant}?")
    expect(reader.page.get_by_role("button", name="Use gmail.com")).to_be_focused()
    reader.types(password=PASSWORD).presses("Use gmail.com" if taken else "Create account")
    reader.sees_the_dashboard()
    expect(reader.page.locator(".desk-profile")).to_contain_text(meant if taken else typed)


def test_a_known_address_leads_to_signing_in(reader):
    email = elsewhere(reader)
    reader.opens().creates_account(email, "six brass kettles")
    expect(reader.page.get_by_role("heading", name="You already have an account")).to_be_visible()
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_be_focused()
    reader.types(password=PASSWORD).presses("Sign in")
    reader.sees_the_dashboard()


def test_a_form_that_got_old_keeps_its_text(reader):
    reader.opens().types(an_address(), PASSWORD)
    email = reader.email.input_value()
    reader.page.context.clear_cookies()
    reader.presses("Create account")
    reader.sees("This form got old")
    reader.presses("Reload and keep my text")
    reader.sees_the_landing_page()
    expect(reader.email).to_have_value(email)
    reader.types(password=PASSWORD).presses("Create account")
    reader.sees_the_dashboard()


def test_a_wrong_password_comes_back_with_the_address(reader):
    email = elsewhere(reader)
    reader.opens("/login/?next=/picks/")
    reader.types(email, "six brass kettles").presses("Sign in")
    reader.reads("That email and password do not match.")
    expect(reader.email).to_have_value(email)
    expect(reader.password).to_be_focused()
    reader.types(password=PASSWORD).presses("Sign in")
    reader.sees("Your picks")


def test_an_announcement_is_dismissed_and_the_first_steps_are_closed_by_plain_forms(reader):
    reader.opens().creates_account()
    reader.sees_the_dashboard()
    reader.presses("Close the welcome panel")
    reader.sees_the_dashboard()
    expect(reader.page.get_by_role("heading", name="Three steps to a full shelf")).to_have_count(0)
