"""Every page and state that a person can meet, by name, and the way there. The accessibility and layout journeys walk them all.

A place is a function of a Person that leaves it on their screen, at rest. `on` names the fixture of the server that it needs.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import expect

from e2e.people import PASSWORD, an_address
from e2e.readers import elsewhere, field, join, pick

PLACES = []
SHORT = "too short"


@dataclass(frozen=True)
class Place:
    """`status` is what the last document was answered with; None when the place is reached without one.

    `part` selects what is different from the place before, where that is a part of the page.
    """

    name: str
    go: object
    on: str
    status: int | None
    part: str = ""

    @property
    def form(self):
        """Whether it is a page with a form on it, as opposed to a bare page that only says what is wrong."""
        return "behind a link" not in self.name


def place(name, on="site", status=None, part=""):
    def add(go):
        PLACES.append(Place(name, go, on, status, part))
        return go

    return add


def page_at(name, path, on="site", member=False, status=200):
    """A place that is only an address."""

    def go(person):
        if member:
            join(person.page.context, person.site)
        person.opens(path)

    PLACES.append(Place(name, go, on, status))


@contextmanager
def next_document(person):
    """Wait for the document that something inside leads to."""
    with person.page.expect_navigation(wait_until="load"):
        yield


def asks_for_new_address(person):
    """From the settings, with the password once more on the way. The address that was asked for."""
    address = an_address()
    person.opens("/settings/email/").page.get_by_label("New email").fill(address)
    with next_document(person):
        person.presses("Change email")
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    with next_document(person):
        person.presses("Confirm")
    expect(person.page.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()
    return address


def sends_without_scripts(person, form):
    """Send a form as the browser does when no script is in the way."""
    with next_document(person):
        person.page.evaluate("(selector) => document.querySelector(selector).submit()", form)


# A visitor's pages ------------------------------------------------------------------------------------------------------


@place("landing")
def landing(person):
    person.opens()
    expect(person.page.locator("#frag-promo-strip")).not_to_have_attribute("data-state", "loading")


@place("landing, all answers open", part="main")
def landing_unfolded(person):
    landing(person)
    person.page.evaluate("document.querySelectorAll('details').forEach((answer) => (answer.open = true))")


@place("sign-up, email missing", part="#join")
def email_missing(person):
    landing(person)
    person.types("", PASSWORD).presses("Create account")
    expect(person.email).to_have_attribute("aria-invalid", "true")


@place("sign-up, email malformed", part="#join")
def email_malformed(person):
    landing(person)
    person.types("ada@example", PASSWORD).presses("Create account")
    expect(person.email).to_have_attribute("aria-invalid", "true")


@place("sign-up, email looks mistyped", part="#join")
def email_mistyped(person):
    landing(person)
    person.types("ada@gmial.com", PASSWORD).presses("Create account")
    expect(person.card.get_by_role("button", name="Use")).to_be_visible()


@place("sign-up, password weak", part="#join")
def password_weak(person):
    landing(person)
    person.types(an_address(), SHORT).presses("Create account")
    expect(person.password).to_have_attribute("aria-invalid", "true")


@place("sign-up, both wrong", part="#join")
def both_wrong(person):
    landing(person)
    person.types("ada@example", SHORT).presses("Create account")
    expect(person.slot).to_contain_text("Two things")


@place("sign-up, address taken", part="#join")
def address_taken(person):
    address = elsewhere(person)
    landing(person)
    person.types(address, "another good password").presses("Create account")
    expect(person.card.get_by_role("heading", name="You already have an account")).to_be_visible()


@place("sign-up, too many tries", on="crowded", part="#join")
def too_many_sign_ups(person):
    # A taken address counts its wrong passwords, and nobody else is shut out meanwhile.
    address = elsewhere(person)
    landing(person)
    for _ in range(6):
        person.opens()
        person.types(address, "another good password").presses("Create account")
        expect(
            person.card.locator("h2", has_text="You already have").or_(person.slot.get_by_text("Too many").first)
        ).to_be_visible()
    expect(person.slot).to_contain_text("Too many tries")


@place("sign-up, no answer", part="#join")
def no_answer(person):
    landing(person)
    person.page.route("**/signup/", lambda route: route.abort())
    person.types(an_address(), PASSWORD).presses("Create account")
    expect(person.slot.get_by_role("button", name="Try again")).to_be_visible()


@place("sign-up, network gone")
def network_gone(person):
    landing(person)
    person.page.context.set_offline(True)
    person.types(an_address(), PASSWORD).presses("Create account")
    expect(person.slot).to_contain_text("You are offline")
    expect(person.page.locator("#offline")).to_be_visible()


@place("sign-up without scripts, both wrong", status=422)
def both_wrong_without_scripts(person):
    landing(person)
    person.types("ada@example", SHORT)
    sends_without_scripts(person, "#signup")


@place("sign-in card", part="#join")
def sign_in_card(person):
    landing(person)
    person.asks_to_sign_in()


@place("sign-in card, wrong password", part="#join")
def sign_in_card_wrong(person):
    sign_in_card(person)
    person.types(an_address(), "not the password").presses("Sign in")
    expect(person.page.locator(".field-error").first).to_be_visible()


page_at("offers for visitors", "/offers/")
page_at("privacy", "/privacy/")
page_at("terms", "/terms/")
page_at("sign in", "/login/")
page_at("sign in, signed out after a while", "/login/?next=%2F&why=expired")
page_at("sign in by email", "/login/link/")
page_at("account closed", "/login/closed/")
page_at("forgotten password", "/password/reset/")


@place("sign in, wrong password", status=422)
def sign_in_wrong(person):
    person.opens("/login/").types(an_address(), "not the password")
    with next_document(person):
        person.page.locator("#login button[type=submit]").click()


@place("forgotten password, email malformed", status=422)
def reset_malformed(person):
    person.opens("/password/reset/").types("ada@example")
    with next_document(person):
        person.presses("Email me a link")


@place("forgotten password, check your inbox", status=200)
def reset_sent(person):
    person.opens("/password/reset/").types(an_address())
    with next_document(person):
        person.presses("Email me a link")


@place("sign in by email, check your inbox", status=200)
def link_sent(person):
    person.opens("/login/link/").types(an_address())
    with next_document(person):
        person.presses("Email me a link")


@place("sign in, too many tries", on="crowded", status=429)
def too_many_sign_ins(person):
    address = elsewhere(person)
    for _ in range(6):
        person.opens("/login/").types(address, "not the password")
        with next_document(person):
            person.page.locator("#login button[type=submit]").click()
    expect(person.page.locator("[data-slot]")).to_contain_text("Too many tries")


page_at("landing with other ways to sign up", "/", on="crowded")
page_at("sign in with other ways", "/login/", on="crowded")
page_at("social sign-in failed", "/social/error/", on="crowded", status=401)
page_at("social sign-in cancelled", "/social/cancelled/", on="crowded")
page_at("connections", "/settings/sign-in/", on="crowded", member=True)


# Behind the links of mails: the development site keeps them ----------------------------------------------------------------


def mailed_link(person, address, path):
    """The link in the newest mail to this address whose path starts so."""
    for mail in reversed(person.site.mails()):
        if mail["To"] == address and (found := re.search(rf"http://\S+?({path}\S+)", mail.get_body(("plain",)).get_content())):
            return found.group(1)
    raise AssertionError(f"no mail to {address} with a link to {path}")


@place("mailbox", on="workshop", status=200)
def mailbox(person):
    elsewhere(person)
    person.opens("/dev/mailbox/")


@place("one mail", on="workshop", status=200)
def one_mail(person):
    mailbox(person)
    with next_document(person):
        person.page.locator("main li a").first.click()


@place("confirm the address", on="workshop", status=200)
def confirm_address(person):
    address = elsewhere(person)
    person.opens(mailed_link(person, address, "/email/confirm/"))


@place("address confirmed", on="workshop", status=200)
def address_confirmed(person):
    address = join(person.page.context, person.site)
    person.opens(mailed_link(person, address, "/email/confirm/"))
    with next_document(person):
        person.presses("Confirm address")


@place("new password", on="workshop", status=200)
def new_password(person):
    address = elsewhere(person)
    person.opens("/password/reset/").types(address)
    with next_document(person):
        person.presses("Email me a link")
    person.opens(mailed_link(person, address, "/password/reset/"))


@place("new password, too short", on="workshop", status=422)
def new_password_short(person):
    new_password(person)
    person.page.locator("input[type=password]").fill(SHORT)
    with next_document(person):
        person.presses("Save password")


@place("sign-in link", on="workshop", status=200)
def sign_in_link(person):
    address = elsewhere(person)
    person.opens("/login/link/").types(address)
    with next_document(person):
        person.presses("Email me a link")
    person.opens(mailed_link(person, address, "/login/link/"))


@place("keep the old address", on="workshop", status=200)
def keep_address(person):
    address = join(person.page.context, person.site)
    asks_for_new_address(person)
    person.opens(mailed_link(person, address, "/email/undo/"))


page_at("sign-in link that ended", "/login/link/not-a-link/", status=410)
page_at("confirmation that ended", "/email/confirm/not-a-key/", status=410)


# A member's pages -----------------------------------------------------------------------------------------------------------


@place("desk, first run")
def first_run(person):
    join(person.page.context, person.site)
    person.opens()
    person.sees_what_services_gave()


@place("desk, too few picks")
def too_few(person):
    first_run(person)
    for box in person.page.locator(".pick-label").all()[:2]:
        box.click()
    person.presses("Show my shelf")
    expect(person.page.locator("#picks-error")).to_be_visible()


@place("desk, shelf after the picks")
def shelf_after_picks(person):
    first_run(person)
    for box in person.page.locator(".pick-label").all()[:3]:
        box.click()
    person.presses("Show my shelf")
    expect(person.page.locator("#frag-recommendations .shelf")).to_be_visible()


@place("desk with a shelf")
def shelf(person):
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.opens()
    person.sees_what_services_gave()


@place("desk, profile menu open")
def profile_menu(person):
    shelf(person)
    person.page.get_by_role("button", name="profile and sign out").click()
    expect(person.page.locator("#profile-menu")).to_be_visible()


@place("picks", status=200)
def picks(person):
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.opens("/picks/")


@place("picks, too few", status=422)
def picks_too_few(person):
    join(person.page.context, person.site)
    person.opens("/picks/")
    with next_document(person):
        person.presses("Show my shelf")


page_at("picks, nothing picked yet", "/picks/", member=True)
page_at("offers for members", "/picks/offers/", member=True)
page_at("settings", "/settings/", member=True)
page_at("settings, email", "/settings/email/", member=True)
page_at("settings, password", "/settings/password/", member=True)
page_at("settings, confirm it is you", "/settings/confirm/", member=True)
page_at("sign out", "/logout/", member=True)


@place("settings, name saved", status=200)
def name_saved(person):
    join(person.page.context, person.site)
    person.opens("/settings/").page.get_by_label("Name").fill("Ada Lovelace")
    with next_document(person):
        person.presses("Save name")


@place("settings, email malformed", status=422)
def settings_email_malformed(person):
    join(person.page.context, person.site)
    person.opens("/settings/email/").page.get_by_label("New email").fill("ada@example")
    with next_document(person):
        person.presses("Change email")


@place("settings, email waits for confirmation", status=200)
def settings_email_pending(person):
    join(person.page.context, person.site)
    asks_for_new_address(person)


@place("settings, both passwords wrong", status=422)
def settings_password_wrong(person):
    join(person.page.context, person.site)
    person.opens("/settings/password/")
    for password in person.page.locator("main input[type=password]").all():
        password.fill(SHORT)
    with next_document(person):
        person.presses("Change password")


# When a service misbehaves: the faulty ones are set by the place itself -------------------------------------------------------


def desk_while(person, recommendations=("ok",), promos=("ok",), picked=True):
    """The desk of a member whose services behave so from the moment that it is opened."""
    services = person.site.services
    services.reset()
    join(person.page.context, person.site)
    if picked:
        pick(person.page.context, person.site)
    services.be("recommendations", *recommendations)
    services.be("promos", *promos)
    person.opens()
    person.sees_what_services_gave()


@place("desk, both fragments loading", on="troubled")
def loading(person):
    services = person.site.services
    services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.page.route("**/fragments/**", lambda route: None)
    person.opens()


@place("desk, picker loading", on="troubled")
def picker_loading(person):
    person.site.services.reset()
    join(person.page.context, person.site)
    person.page.route("**/fragments/**", lambda route: None)
    person.opens()


@place("desk, picks slow", on="troubled")
def slow(person):
    person.holds_the_clock()
    loading(person)
    person.lets_time_pass(4.1)
    expect(person.page.get_by_text("Still loading your picks").first).to_be_visible()


@place("desk, last good picks", on="troubled")
def stale(person):
    person.site.services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.opens()
    person.sees_what_services_gave()
    person.site.services.be("recommendations", "500")
    person.opens()
    expect(person.page.locator("#frag-recommendations")).to_have_attribute("data-state", "stale")


@place("desk, one bad book of five", on="troubled")
def partial(person):
    desk_while(person, ("one-bad",))


@place("desk, markup in every title", on="troubled")
def markup(person):
    desk_while(person, ("xss",), ("xss",))


@place("desk, very long titles", on="troubled")
def long_titles(person):
    desk_while(person, ("long",), ("long",))


@place("desk, no books and no offers", on="troubled")
def nothing_new(person):
    desk_while(person, ("no-items",), ("no-items",))
    expect(person.page.locator("#frag-recommendations")).to_have_attribute("data-state", "empty")


@place("desk, no answer for the picks", on="troubled")
def unanswered(person):
    person.page.route("**/fragments/recommendations/", lambda route: route.abort())
    desk_while(person)
    expect(person.page.get_by_role("button", name="Try again")).to_be_visible()


def with_cold_services(person, open_path):
    """Services that fail and have never answered this process: nothing good is kept."""
    services = person.site.services
    services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.site.stop()
    for service in ("promos", "recommendations"):
        services.be(service, "500")
    person.site.start()
    person.opens(open_path)


@place("desk, both services down", on="cold")
def services_down(person):
    with_cold_services(person, "/")
    expect(person.page.get_by_role("button", name="Try again")).to_be_visible()


@place("picks, service down", on="cold", status=200)
def picks_down(person):
    with_cold_services(person, "/picks/")


@place("offers for members, service down", on="cold", status=200)
def member_offers_down(person):
    with_cold_services(person, "/picks/offers/")


@place("offers for visitors, service down", on="cold", status=200)
def offers_down(person):
    person.site.services.be("promos", "500")
    person.site.stop()
    person.site.start()
    person.opens("/offers/")


@place("picks, last good ones", on="troubled", status=200)
def picks_stale(person):
    person.site.services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.opens("/picks/")
    person.site.services.be("recommendations", "500")
    person.opens("/picks/")


@place("picks, nothing new", on="troubled", status=200)
def picks_empty(person):
    person.site.services.reset()
    join(person.page.context, person.site)
    pick(person.page.context, person.site)
    person.site.services.be("recommendations", "no-items")
    person.opens("/picks/")


# When something is wrong ------------------------------------------------------------------------------------------------------

page_at("no such page", "/nowhere/", status=404)
page_at("no such page, for a member", "/nowhere/", member=True, status=404)
page_at("an address that answers forms only", "/offers/dismiss/", status=405)
page_at("offline page", "/offline/")


@place("a form that got old", status=403)
def old_form(person):
    join(person.page.context, person.site)
    person.opens("/settings/").page.get_by_label("Name").fill("Ada")
    person.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => (field.value = 'x'))")
    with next_document(person):
        person.presses("Save name")


@place("more than fits", status=413)
def too_large(person):
    landing(person)
    person.page.evaluate("document.querySelector('#signup input[type=email]').value = 'a'.repeat(1100000)")
    sends_without_scripts(person, "#signup")


@place("too many tries behind a link", on="crowded", status=429)
def too_many_presses(person):
    person.opens("/login/")
    token = field(person.page.content(), "csrfmiddlewaretoken")
    for _ in range(10):
        person.page.request.post(person.site.address + "/email/confirm/not-a-key/", form={"csrfmiddlewaretoken": token})
    person.page.evaluate("(document.querySelector('#login').action = '/email/confirm/not-a-key/')")
    sends_without_scripts(person, "#login")


@place("our own fault", on="broken", status=500)
def our_fault(person):
    person.page.context.add_cookies([{"name": "sessionid", "value": "a" * 32, "url": person.site.address}])
    person.opens()
