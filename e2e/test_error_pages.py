"""When something is wrong a page says what, in plain words and with the right status, and leads on."""

import pytest
from playwright.sync_api import expect

from e2e.people import PASSWORD, Person, an_address
from e2e.places import PLACES, next_document
from e2e.readers import join

SAID = {
    "no such page": "This page is not here",
    "an address that answers forms only": "This address works differently",
    "a form that got old": "This form got old",
    "more than fits": "That did not fit",
    "too many tries behind a link": "Too many tries",
    "sign-in link that ended": "This link has ended",
    "our own fault": "We hit a problem",
}


@pytest.mark.parametrize("name", SAID)
def test_the_status_is_right_and_the_words_are_plain(name, page, request):
    place = next(place for place in PLACES if place.name == name)
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
    place.go(Person(page, request.getfixturevalue(place.on)))
    assert answers[-1].status == place.status
    expect(page.get_by_role("heading", level=1)).to_have_text(SAID[name])
    words = page.locator("main").inner_text()
    assert str(place.status) not in words
    assert "Traceback" not in page.content()
    if place.status == 429:
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
