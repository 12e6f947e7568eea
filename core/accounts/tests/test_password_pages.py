"""Forgotten and changed passwords, and being asked again before something that matters."""

import re

import pytest
from django.test import Client

from core.accounts.tests.test_sign_in import link_in
from core.models import User
from core.testing import PASSWORD, person
from core.testing import signed_in as client_of

pytestmark = pytest.mark.django_db
NEW = "tangerine piano cloud"


@pytest.fixture
def reset_link(mailoutbox):
    """Asks for a new password for ada@example.com; gives the address of the form behind the mailed link."""
    person("ada@example.com")

    def ask(client):
        client.post("/password/reset/", {"email": "ada@example.com"})
        return client.get(link_in(mailoutbox[-1])).headers["Location"]

    return ask


def test_known_and_unknown_addresses_get_the_same_answer(visitor, mailoutbox):
    person("ada@example.com")
    for email in ("ada@example.com", "nobody@example.com"):
        reply = visitor.post("/password/reset/", {"email": email})
        assert (reply.status_code, reply.headers["Location"]) == (302, "/password/reset/sent/")
        assert email in visitor.get("/password/reset/sent/").content.decode()
    assert [mail.subject for mail in mailoutbox] == ["Reset your password", "There is no account with this address"]


def test_the_mail_goes_to_the_stored_address_however_it_was_typed(visitor, mailoutbox):
    person("kay@example.com")
    visitor.post("/password/reset/", {"email": "\u212aAY@example.com"})
    assert [mail.to for mail in mailoutbox] == [["kay@example.com"]]


def test_a_new_password_signs_in_here_and_nowhere_else_and_is_told(visitor, reset_link, mailoutbox):
    form = reset_link(visitor)
    other = Client()
    other.post("/login/", {"login": "ada@example.com", "password": PASSWORD})
    # That sign-in ended the link, as any does: ask again.
    form = reset_link(visitor)
    assert visitor.post(form, {"password1": NEW}).headers["Location"] == "/"
    assert visitor.get("/settings/").status_code == 200 and other.get("/settings/").status_code == 302
    assert mailoutbox[-1].subject == "Your password changed"
    assert Client().post("/login/", {"login": "ada@example.com", "password": NEW}).status_code == 302


def test_opening_the_link_changes_nothing_and_using_it_ends_it(visitor, reset_link, mailoutbox):
    form = reset_link(visitor)
    assert visitor.get(form).status_code == 200 and "_auth_user_id" not in visitor.session
    visitor.post(form, {"password1": NEW})
    reply = Client().get(link_in(mailoutbox[0]))
    assert reply.status_code == 410 and "This link has ended" in reply.content.decode()


def test_opening_the_link_does_not_sign_somebody_else_out(reset_link, stranger):
    assert stranger.get(reset_link(stranger)).status_code == 200
    assert stranger.get("/settings/").status_code == 200


def test_the_link_ends_after_an_hour(visitor, reset_link, settings):
    form = reset_link(visitor)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert visitor.post(form, {"password1": NEW}).status_code == 410


def test_a_new_password_ends_a_change_of_address_that_an_intruder_began(visitor, reset_link, mailoutbox):
    intruder = client_of(User.objects.get(email="ada@example.com"))
    intruder.post("/settings/confirm/", {"password": PASSWORD})
    intruder.post("/settings/email/", {"action": "change", "email": "intruder@example.com"})
    theirs = link_in(next(mail for mail in mailoutbox if mail.to == ["intruder@example.com"]))
    visitor.post(reset_link(visitor), {"password1": NEW})
    assert intruder.post(theirs).status_code == 410
    assert User.objects.get().email == "ada@example.com"


def test_the_new_password_follows_the_policy(visitor, reset_link):
    reply = visitor.post(reset_link(visitor), {"password1": "lantern4"})
    assert reply.status_code == 422 and "Add 4 more." in reply.content.decode()


def test_too_many_wrong_passwords_do_not_stand_in_the_way_of_a_reset(visitor, reset_link):
    for n in range(7):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/login/", {"login": "ada@example.com", "password": "x"})
    visitor.post(reset_link(visitor), {"password1": NEW})
    assert Client().post("/login/", {"login": "ada@example.com", "password": NEW}).status_code == 302


def test_changing_the_password_needs_the_current_one(member):
    reply = member.post("/settings/password/", {"oldpassword": "wrong", "password1": NEW})
    html = reply.content.decode()
    assert reply.status_code == 422 and "That is not your current password." in html and "<title>Error: " in html
    assert "autofocus" in re.search(r'<input[^>]*name="oldpassword"[^>]*>', html)[0]


def test_changing_it_keeps_this_device_and_ends_the_others(member, mailoutbox):
    other = client_of(member.user)
    reply = member.post("/settings/password/", {"oldpassword": PASSWORD, "password1": NEW})
    assert reply.headers["Location"] == "/settings/"
    assert "Your password is changed. Other devices are signed out." in member.get("/settings/").content.decode()
    assert other.get("/settings/").status_code == 302
    assert [mail.subject for mail in mailoutbox] == ["Your password changed"]


def test_guessing_the_current_password_is_limited(member):
    found = [member.post("/settings/password/", {"oldpassword": "x", "password1": NEW}).status_code for _ in range(6)]
    assert found == [422] * 5 + [429]


def test_somebody_without_a_password_sets_a_first_one(member):
    member.user.set_unusable_password()
    member.user.save()
    member.force_login(member.user)
    assert member.get("/settings/password/").headers["Location"] == "/settings/password/first/"
    assert member.post("/settings/password/first/", {"password1": NEW}).headers["Location"] == "/settings/"
    member.user.refresh_from_db()
    assert member.user.check_password(NEW)


def test_confirming_access_with_a_wrong_password_says_so(member):
    reply = member.post("/settings/confirm/", {"password": "wrong"})
    assert reply.status_code == 422 and "That is not your password." in reply.content.decode()
