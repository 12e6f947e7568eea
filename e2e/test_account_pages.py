"""An account after its first day: confirming and changing the address, the password, the name and the theme."""

import re

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person, an_address
from e2e.readers import join

NEW_PASSWORD = "nine slow rivers meet"


@pytest.fixture
def member(newcomer):
    """A newcomer who has joined; `member.address_of_account` is the address."""
    newcomer.address_of_account = join(newcomer.page.context, newcomer.site)
    return newcomer


def changes_email(person, new):
    """Ask for the change on the page that is open, and show that it is them."""
    person.page.get_by_label("New email").fill(new)
    person.presses("Change email")
    person.sees("Confirm it is you")
    person.types(password=PASSWORD).presses("Confirm")
    person.reads(f"We sent a link to {new}. Your email changes when you press it.")


def subjects(person, to):
    return [mail["Subject"] for mail in person.site.mails() if mail["To"] == to]


def test_the_bar_goes_when_the_address_is_confirmed_by_the_button_behind_the_link(member):
    email = member.address_of_account
    member.opens()
    bar = member.page.locator("#verify")
    expect(bar).to_contain_text(f"We sent a link to {email}. Open it to confirm that the address is yours.")
    url = member.follows_the_newest_mail(email, "Is this your address?")
    member.sees("One press to confirm")
    member.opens()
    expect(bar).to_be_visible()
    member.page.goto(url)
    expect(member.page.get_by_role("button", name="Confirm address")).to_be_focused()
    member.page.keyboard.press("Enter")
    member.sees_the_dashboard()
    expect(bar).to_have_count(0)
    member.hears(f"{email} is confirmed. Thank you.", region="live")
    expect(member.page.locator("#welcome li", has_text="Confirm your email")).to_contain_text("Done")
    member.page.goto(url)
    member.sees("This link has ended")


def test_the_bar_sends_the_mail_again(member):
    email = member.address_of_account
    member.opens().presses("Send again")
    member.reads(f"We sent the email again, to {email}.")
    member.sees_the_dashboard()
    assert subjects(member, email) == ["Is this your address?"] * 2


def test_a_confirmation_on_another_device_leads_to_signing_in(member, new_context):
    email = member.address_of_account
    other = Person(new_context().new_page(), member.site)
    other.follows_the_newest_mail(email, "Is this your address?")
    other.presses("Confirm address")
    other.sees("Sign in")
    other.reads(f"{email} is confirmed. Thank you.")


def test_a_new_address_counts_when_its_owner_confirms_it_and_the_old_one_is_told(member):
    old, new = member.address_of_account, an_address()
    member.opens()
    member.page.get_by_role("link", name="Change address").click()
    member.sees("Email")
    member.page.get_by_label("New email").fill("nobody@")
    member.presses("Change email")
    expect(member.page.get_by_label("New email")).to_be_focused()
    expect(member.page).to_have_title(re.compile("^Error: "))
    changes_email(member, new)
    expect(member.page.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()
    assert subjects(member, old)[-1] == "Your address is changing"
    member.opens()
    expect(member.page.locator(".desk-profile")).to_contain_text(old)
    expect(member.page.locator("#verify")).to_contain_text(new)
    member.follows_the_newest_mail(new, "Confirm your new address")
    member.presses("Confirm address")
    member.sees_the_dashboard()
    expect(member.page.locator(".desk-profile")).to_contain_text(new)
    expect(member.page.locator("#verify")).to_have_count(0)


def test_the_old_address_can_stop_the_change(member, new_context):
    old, new = member.address_of_account, an_address()
    member.opens("/settings/email/")
    changes_email(member, new)
    expect(member.page.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()
    other = Person(new_context().new_page(), member.site)
    other.follows_the_newest_mail(old, "Your address is changing")
    other.sees("Keep your email")
    other.presses("Keep my email")
    other.sees("Your email stays")
    member.follows_the_newest_mail(new, "Confirm your new address")
    member.sees("This link has ended")


def test_a_pending_change_can_be_cancelled(member):
    member.opens("/settings/email/")
    changes_email(member, an_address())
    member.presses("Cancel the change")
    member.reads(f"The change is cancelled. Your email stays {member.address_of_account}.")
    expect(member.page.get_by_role("heading", name="Waiting for confirmation")).to_have_count(0)


def test_a_change_asks_for_the_password_and_then_goes_on_by_itself(member):
    first, second = an_address(), an_address()
    member.opens("/settings/email/")
    member.page.get_by_label("New email").fill(first)
    member.presses("Change email")
    member.sees("Confirm it is you")
    member.types(password="six brass kettles").presses("Confirm")
    member.reads("That is not your password.")
    expect(member.password).to_be_focused()
    member.types(password=PASSWORD).presses("Confirm")
    member.reads(f"We sent a link to {first}. Your email changes when you press it.")
    # Somebody who has just shown who they are is not asked again at once.
    member.page.get_by_label("New email").fill(second)
    member.presses("Change email")
    member.reads(f"We sent a link to {second}. Your email changes when you press it.")


def test_a_changed_password_keeps_this_session_and_ends_the_others(member, new_context):
    other = Person(new_context().new_page(), member.site).opens("/login/")
    other.types(member.address_of_account, PASSWORD).presses("Sign in")
    other.sees_the_dashboard()
    member.opens("/settings/")
    member.page.get_by_role("link", name="Change password").click()
    current, new = member.page.get_by_label("Current password"), member.page.get_by_label("New password")
    current.fill("six brass kettles")
    new.fill(NEW_PASSWORD)
    member.presses("Change password")
    member.reads("That is not your current password.")
    expect(current).to_be_focused()
    current.fill(PASSWORD)
    new.fill(NEW_PASSWORD)
    member.presses("Change password")
    member.sees("Settings")
    member.reads("Your password is changed. Other devices are signed out.")
    assert subjects(member, member.address_of_account)[-1] == "Your password changed"
    other.page.reload()
    other.sees_the_landing_page()


def test_the_name_greets_and_one_that_is_too_long_is_kept_to_be_shortened(member):
    member.opens("/settings/")
    name = member.page.get_by_label("Name")
    name.fill("A" * 81)
    member.presses("Save name")
    expect(name).to_be_focused()
    expect(name).to_have_value("A" * 81)
    member.reads("Name can have 80 characters at most.")
    name.fill("<b>Ada</b> Löve")
    member.presses("Save name")
    member.reads("Your name is saved.")
    member.hears("Your name is saved.", region="live")
    member.opens()
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Hello, <b>Ada</b> Löve")


def test_the_theme_is_remembered_on_both_pages(member):
    member.opens()
    member.page.get_by_role("button", name="profile and sign out").click()
    member.presses("Dark")
    expect(member.page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = member.page.evaluate("getComputedStyle(document.body).backgroundColor")
    member.sees_the_dashboard()
    member.signs_out()
    member.sees_the_landing_page()
    member.page.reload()
    expect(member.page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    assert member.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    member.presses("Light")
    expect(member.page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_link_to_sign_out_asks_for_the_button(member):
    member.opens("/logout/")
    member.sees("Sign out")
    member.presses("Sign out")
    member.sees_the_landing_page()
    member.hears("You are signed out.", region="live")


def test_a_plain_form_is_sent_once_however_often_its_button_is_pressed(member):
    held = member.opens("/settings/").delays("/settings/")
    member.page.get_by_label("Name").fill("Ada")
    button = member.page.get_by_role("button", name="Save name")
    with member.page.expect_request("**/settings/"):
        button.click(click_count=3, no_wait_after=True)
    held.go()
    member.reads("Your name is saved.")
    assert held.count == 1
