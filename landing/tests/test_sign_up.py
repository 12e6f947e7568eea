"""Signing up in the landing page: every state of the card, with htmx and without scripts."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from core.models import User
from core.testing import PASSWORD, person

pytestmark = pytest.mark.django_db

NEW = {"email": "grace@example.com", "password1": "seven quiet lanterns"}
HX = {"HX-Request": "true", "HX-Target": "section#join-card"}


def sign_up(client, **data):
    return client.post("/signup/", {**NEW, **data}, headers=HX)


def field(html, name):
    return re.search(rf'<input class="input"[^>]*name="{name}"[^>]*>', html)[0]


def test_the_link_to_sign_up_leads_to_the_form_and_keeps_where_to_go(visitor):
    assert visitor.get("/signup/").headers["Location"] == "/#join"
    assert visitor.get("/signup/?next=/picks/").headers["Location"] == "/?next=%2Fpicks%2F#join"


def test_a_member_has_no_use_for_the_sign_up_link(member):
    assert member.get("/signup/").headers["Location"] == "/"


def test_the_form_asks_for_two_things_and_says_what_a_password_needs(visitor):
    page = visitor.get("/").content.decode()
    assert 'autocomplete="email"' in field(page, "email") and 'type="email"' in field(page, "email")
    assert 'autocomplete="new-password"' in field(page, "password1")
    assert "12 characters or more. Three random words work well." in page
    assert "autofocus" not in page and "aria-invalid" not in page


def test_signing_up_creates_one_account_signs_in_and_goes_home(visitor, mailoutbox):
    reply = sign_up(visitor, email=" Grace@Example.com ")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.email, user.email_as_typed) == ("grace@example.com", "Grace@Example.com")
    assert visitor.session["_auth_user_id"] == str(user.pk)
    assert [mail.to for mail in mailoutbox] == [["grace@example.com"]]


def test_the_dashboard_says_once_that_the_account_is_there(visitor):
    page = visitor.post("/signup/", NEW, follow=True).content.decode()
    assert page.count("Account created. You are signed in.") == 1


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Add your email."),
        ("grace", "Email needs an @, such as name@example.com."),
        ("@example.com", "Email needs a name before the @, such as name@example.com."),
        ("grace@", "Email needs an address after the @, such as example.com."),
        ("gr ace@example.com", "Email has a space in it. Take the space out."),
        ("grace@example", "The part after @ needs a dot, such as example.com."),
        ("g" * 250 + "@example.com", "Email can have 254 characters at most."),
    ],
)
def test_a_wrong_email_gets_its_own_sentence_and_the_focus(visitor, email, sentence):
    reply = sign_up(visitor, email=email)
    html = reply.content.decode()
    assert reply.status_code == 422 and html.startswith('<section id="join-card"')
    assert html.count("aria-invalid") == 1 and sentence in html
    assert "autofocus" in field(html, "email") and 'aria-describedby="id_email-error"' in field(html, "email")
    assert f'value="{email}"' in field(html, "email") and f'data-announce="{sentence}"' in html


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Add a password. It needs 12 or more characters."),
        ("lantern4", "Password needs 12 or more characters. Add 4 more."),
        ("password123456", "Password is one that attackers try first. Three random words work well."),
        ("grace loves lanterns", "Password contains your email. Leave that part out."),
    ],
)
def test_a_weak_password_gets_one_reason_and_the_focus(visitor, password, sentence):
    reply = sign_up(visitor, password1=password)
    html = reply.content.decode()
    assert reply.status_code == 422 and sentence in html and html.count("field-error") == 1
    assert "autofocus" in field(html, "password1") and "autofocus" not in field(html, "email")
    assert f'data-announce="{sentence}"' in html and "value=" not in field(html, "password1")
    assert 'value="grace@example.com"' in field(html, "email")


def test_two_wrong_fields_are_both_marked_and_the_slot_says_how_many(visitor):
    html = sign_up(visitor, email="grace", password1="short").content.decode()
    assert html.count("aria-invalid") == 2 and html.count("autofocus") == 1
    assert "autofocus" in field(html, "email")
    assert "Two things to fix." in html and "data-announce" not in html


def test_an_address_that_looks_mistyped_gets_advice_once(visitor):
    reply = sign_up(visitor, email="grace@gmial.com")
    html = reply.content.decode()
    assert reply.status_code == 422 and "Did you mean grace@gmail.com?" in html
    assert re.search(r'<button[^>]*name="email_meant"[^>]*value="grace@gmail.com"[^>]*autofocus', html)
    assert "aria-invalid" not in html and not User.objects.exists()
    again = sign_up(visitor, email="grace@gmial.com", email_checked="grace@gmial.com")
    assert again.status_code == 302 and User.objects.get().email == "grace@gmial.com"


def test_pressing_enter_beside_the_advice_does_not_take_it(visitor):
    html = sign_up(visitor, email="grace@gmial.com").content.decode()
    first_button = re.search(r'<button[^>]*type="submit"[^>]*>', html)[0]
    assert "name=" not in first_button


def test_taking_the_advice_signs_up_with_the_address_that_was_meant(visitor):
    reply = visitor.post("/signup/", {**NEW, "email": "grace@gmial.com", "email_meant": "grace@gmail.com"})
    assert reply.status_code == 302 and User.objects.get().email == "grace@gmail.com"


def test_a_known_address_with_its_password_signs_in(visitor):
    user = person("grace@example.com")
    reply = sign_up(visitor, password1=PASSWORD)
    assert reply.status_code == 302 and visitor.session["_auth_user_id"] == str(user.pk)
    assert "You already had an account. Signed in." in visitor.get("/").content.decode()
    assert User.objects.count() == 1


def test_a_known_address_with_another_password_turns_the_card_into_sign_in(visitor):
    person("grace@example.com")
    reply = sign_up(visitor)
    html = reply.content.decode()
    assert reply.status_code == 422 and "You already have an account" in html
    assert 'value="grace@example.com"' in field(html, "login")
    # Another id than the sign-up password: a morph would keep what is typed there.
    assert 'id="id_password"' in field(html, "password") and 'autocomplete="current-password"' in field(html, "password")
    assert "autofocus" in field(html, "password")
    assert all(words in html for words in ("Sign in", "Email me a link", "Use another email"))
    assert 'data-announce="You already have an account"' in html


def test_a_known_address_is_not_asked_for_a_password_of_the_policy(visitor):
    person("grace@example.com")
    assert "You already have an account" in sign_up(visitor, password1="short").content.decode()


def test_without_scripts_an_error_is_the_whole_page_with_the_values_kept(visitor):
    reply = visitor.post("/signup/", {**NEW, "password1": "short"})
    html = reply.content.decode()
    assert reply.status_code == 422 and html.startswith("<!doctype html>")
    assert "<title>Error: " in html and 'value="grace@example.com"' in field(html, "email")
    assert html.count("autofocus") == 1 and html.count('id="join-card"') == 1


def test_without_scripts_a_known_address_gets_the_page_with_the_sign_in_card(visitor):
    person("grace@example.com")
    html = visitor.post("/signup/", NEW).content.decode()
    assert html.startswith("<!doctype html>") and "You already have an account" in html
    assert html.count('id="join-card"') == 1 and 'action="/login/"' in html


def test_where_to_go_afterwards_is_kept_and_stays_on_this_site(visitor):
    assert visitor.post("/signup/", {**NEW, "next": "/picks/"}).headers["Location"] == "/picks/"
    assert Client().post("/signup/", {**NEW, "email": "b@example.com", "next": "//evil.example"}).headers["Location"] == "/"


def test_with_htmx_another_page_than_home_is_opened_as_a_document(visitor):
    reply = sign_up(visitor, next="/picks/")
    assert (reply.status_code, reply.headers["HX-Redirect"]) == (200, "/picks/")


def test_the_eleventh_try_in_three_minutes_waits_and_keeps_what_was_typed(visitor):
    for _ in range(10):
        assert sign_up(visitor, password1="short").status_code == 422
    reply = sign_up(visitor)
    html = reply.content.decode()
    assert reply.status_code == 429 and 170 <= int(reply.headers["Retry-After"]) <= 180
    assert "Too many tries. Try again in 3 minutes." in html
    assert 'value="grace@example.com"' in field(html, "email") and 'id="signup-button"' in html
    assert not User.objects.exists()


def test_without_scripts_too_many_tries_are_the_page_with_the_address_kept(visitor):
    for _ in range(10):
        visitor.post("/signup/", {**NEW, "password1": "short"})
    reply = visitor.post("/signup/", NEW)
    assert reply.status_code == 429 and "<title>Error: " in reply.content.decode()
    assert 'value="grace@example.com"' in field(reply.content.decode(), "email")


def test_five_wrong_passwords_for_a_known_address_wait_like_a_sign_in(visitor):
    person("grace@example.com")
    for _ in range(5):
        assert sign_up(visitor).status_code == 422
    assert sign_up(visitor, password1=PASSWORD).status_code == 429


def test_an_old_token_gets_a_fresh_card_with_the_address_kept():
    client = Client(enforce_csrf_checks=True)
    reply = sign_up(client)
    html = reply.content.decode()
    assert reply.status_code == 403 and "This page was open for a while. Press Create account again." in html
    assert 'value="grace@example.com"' in field(html, "email") and re.search(r"<button[^>]*autofocus", html)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    assert sign_up(client, csrfmiddlewaretoken=token).status_code == 302


def test_an_old_token_after_signing_in_elsewhere_leads_home(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("ada@example.com"))
    assert sign_up(client).headers["HX-Redirect"] == "/"
    assert client.post("/signup/", NEW).headers["Location"] == "/"


def test_without_scripts_an_old_token_offers_to_send_the_text_again():
    client = Client(enforce_csrf_checks=True)
    reply = client.post("/signup/", NEW)
    html = reply.content.decode()
    assert reply.status_code == 403 and "This form got old" in html and "cookie" in html
    assert 'value="grace@example.com"' in html and NEW["password1"] not in html


def test_an_old_token_from_another_site_is_not_offered_again():
    client = Client(enforce_csrf_checks=True)
    html = client.post("/signup/", NEW, headers={"Origin": "https://evil.example"}).content.decode()
    assert "This form got old" in html and "grace@example.com" not in html


def test_the_cards_can_be_fetched_by_anybody(visitor):
    assert 'id="signup"' in visitor.get("/fragments/sign-up/").content.decode()
    assert 'id="sign-in-form"' in visitor.get("/fragments/sign-in/").content.decode()


def test_signing_in_from_the_card_goes_home(visitor):
    user = person("grace@example.com")
    reply = visitor.post("/fragments/sign-in/", {"login": "grace@example.com", "password": PASSWORD}, headers=HX)
    assert (reply.status_code, reply.headers["Location"]) == (302, "/")
    assert visitor.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_in_the_card_keeps_the_address(visitor):
    person("grace@example.com")
    reply = visitor.post("/fragments/sign-in/", {"login": "grace@example.com", "password": "wrong"}, headers=HX)
    html = reply.content.decode()
    assert reply.status_code == 422 and html.startswith('<section id="join-card"')
    assert "That email and password do not match." in html and "autofocus" in field(html, "password")
    assert 'value="grace@example.com"' in field(html, "login")


def test_social_sign_up_is_not_offered_unless_it_is_set_up(visitor):
    assert "Continue with" not in visitor.get("/").content.decode()


def test_twenty_at_once_with_one_address_make_one_account(tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "RATE_LIMITS": "false", "PASSWORD_HASHING_AT_ONCE": "20"}
    command = [sys.executable, "-m", "landing.tests.parallel_sign_ups"]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    # Everybody has the right password of the account that one of them made, so all are signed in.
    assert found == {"users": 1, "addresses": 1, "statuses": {"302": 20}}
