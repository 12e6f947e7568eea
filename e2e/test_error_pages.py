"""When something is wrong a page says what, in plain words and with the right status, and leads on."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person, an_address
from e2e.readers import field, join


@contextmanager
def next_document(person):
    """Wait for the document that something inside leads to."""
    with person.page.expect_navigation(wait_until="load"):
        yield


def sends_without_scripts(person, form):
    """Send a form as the browser does when no script is in the way."""
    with next_document(person):
        person.page.evaluate("(selector) => document.querySelector(selector).submit()", form)


# The ways to each page, as people find them; what else these pages can say is in their states files.


def no_such_page(person):
    person.opens("/nowhere/")


def a_link_where_a_form_belongs(person):
    person.opens("/offers/dismiss/")


def a_form_that_got_old(person):
    join(person.page.context, person.site)
    person.opens("/settings/").page.get_by_label("Name").fill("Ada")
    person.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => (field.value = 'x'))")
    with next_document(person):
        person.presses("Save name")


def more_than_fits(person):
    person.opens()
    person.page.evaluate("document.querySelector('#signup input[type=email]').value = 'a'.repeat(1100000)")
    sends_without_scripts(person, "#signup")


def too_many_tries_behind_a_link(person):
    person.opens("/login/")
    token = field(person.page.content(), "csrfmiddlewaretoken")
    for _ in range(10):
        person.page.request.post(person.site.address + "/email/confirm/not-a-key/", form={"csrfmiddlewaretoken": token})
    person.page.evaluate("(document.querySelector('#login').action = '/email/confirm/not-a-key/')")
    sends_without_scripts(person, "#login")


def a_link_that_ended(person):
    person.opens("/login/link/not-a-link/")


def our_own_fault(person):
    person.page.context.add_cookies([{"name": "sessionid", "value": "a" * 32, "url": person.site.address}])
    person.opens()


@pytest.mark.parametrize(
    ("way", "on", "status", "heading"),
    [
        (no_such_page, "site", 404, "This page is not here"),
        (a_link_where_a_form_belongs, "site", 405, "This address works differently"),
        (a_form_that_got_old, "site", 403, "This form got old"),
        (more_than_fits, "site", 413, "That did not fit"),
        (too_many_tries_behind_a_link, "limited", 429, "Too many tries"),
        (a_link_that_ended, "site", 410, "This link has ended"),
        (our_own_fault, "broken", 500, "We hit a problem"),
    ],
)
def test_the_status_is_right_and_the_words_are_plain(way, on, status, heading, page, request):
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
    way(Person(page, request.getfixturevalue(on)))
    assert answers[-1].status == status
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert str(status) not in page.locator("main").inner_text()
    assert "Traceback" not in page.content()
    if status == 429:
        assert int(answers[-1].headers["retry-after"]) > 0


def test_a_page_that_is_not_there_leads_home(reader):
    reader.opens("/nowhere/")
    reader.page.get_by_role("link", name="Home").last.click()
    reader.sees_the_landing_page()


def test_an_unknown_fragment_is_not_there_either(reader):
    assert reader.page.request.get(reader.site.address + "/fragments/nothing/").status == 404


def test_the_administration_is_not_for_members_and_says_who_is_signed_in(reader):
    address = join(reader.page.context, reader.site)
    answer = reader.page.goto(reader.site.address + "/admin/")
    assert answer.status == 403
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("This page needs different access")
    expect(reader.page.get_by_text(f"You are signed in as {address}.")).to_be_visible()
    with next_document(reader):
        reader.presses("Switch account")
    reader.sees_the_landing_page()


def test_an_old_form_is_sent_again_with_what_was_typed(reader):
    join(reader.page.context, reader.site)
    reader.opens("/settings/").page.get_by_label("Name").fill("Ada Lovelace")
    reader.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => (field.value = 'x'))")
    with next_document(reader):
        reader.presses("Save name")
    with next_document(reader):
        reader.presses("Reload and keep my text")
    expect(reader.page.locator("main").get_by_text("Your name is saved.")).to_be_visible()
    expect(reader.page.get_by_label("Name")).to_have_value("Ada Lovelace")


def test_our_own_fault_while_signing_up_keeps_what_was_typed(page, broken):
    person = Person(page, broken).opens()
    address = an_address()
    person.types(address, PASSWORD).presses("Create account")
    expect(person.slot).to_contain_text("We could not create the account. Nothing was charged or saved.")
    expect(person.slot.get_by_role("button", name="Try again")).to_be_focused()
    expect(person.email).to_have_value(address)
    expect(person.password).to_have_value(PASSWORD)


def test_our_own_fault_on_a_whole_page_offers_another_try(page, broken):
    page.context.add_cookies([{"name": "sessionid", "value": "a" * 32, "url": broken.address}])
    assert page.goto(broken.address + "/privacy/").status == 500
    page.context.clear_cookies()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Privacy notice")).to_be_visible()
    assert "no such table: django_session" in broken.log.read_text()
