"""Signing in and out, with a password and with a link by mail."""

import re

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from core.accounts import sign_in_links
from core.testing import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada@example.com")


def sign_in(client, **data):
    return client.post("/login/", {"login": "ada@example.com", "password": PASSWORD, **data})


def signed_in(client):
    return "_auth_user_id" in client.session


def link_in(mail):
    return re.search(r"http://testserver(/\S+)", mail.body)[1]


def test_the_page_asks_as_password_managers_expect(visitor):
    html = visitor.get("/login/").content.decode()
    assert 'autocomplete="username webauthn"' in html and 'autocomplete="current-password"' in html
    assert "Keep me signed in on this device for 30 days" in html and " checked" not in html
    assert "/password/reset/" in html and "/login/link/" in html and "#join" in html


def test_a_right_password_leads_home_under_a_new_session(visitor, ada):
    visitor.get("/login/")
    visitor.session.save()
    before = visitor.session.session_key
    assert sign_in(visitor, login=" ADA@example.com").headers["Location"] == "/"
    assert signed_in(visitor) and visitor.session.session_key != before


@pytest.mark.parametrize("data", [{"password": "wrong"}, {"login": "nobody@example.com"}, {"password": PASSWORD.upper()}])
def test_anything_that_does_not_match_gets_one_sentence(visitor, ada, data):
    reply = sign_in(visitor, **data)
    html = reply.content.decode()
    assert reply.status_code == 422 and "<title>Error: Sign in" in html
    assert html.count("That email and password do not match.") == 1
    password = re.search(r'<input[^>]*name="password"[^>]*>', html)[0]
    assert "autofocus" in password and "value" not in password
    assert f'value="{data.get("login", "ada@example.com")}"' in html and not signed_in(visitor)


def test_known_and_unknown_addresses_get_the_same_page(visitor, ada):
    def page(email):
        html = sign_in(Client(), login=email, password="wrong").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\{"X-CSRFToken":"\w+"\}', "", html).replace(email, "?")

    assert page("ada@example.com") == page("eve@example.com")


def test_a_closed_account_looks_like_a_wrong_password_and_its_owner_is_told(visitor, mailoutbox):
    person("ada@example.com", is_active=False)
    assert "That email and password do not match." in sign_in(visitor).content.decode()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["ada@example.com"], "Your account is closed")]


def test_staying_signed_in_lasts_thirty_days_and_otherwise_as_long_as_the_browser(visitor, ada):
    sign_in(visitor, remember="on")
    assert visitor.cookies["sessionid"]["max-age"] == 30 * 24 * 3600
    other = Client()
    sign_in(other)
    assert other.cookies["sessionid"]["max-age"] == ""


def test_an_expired_session_is_explained(visitor):
    assert "You were signed out after a while. Sign in to carry on." in visitor.get("/login/?why=expired").content.decode()


def test_a_member_is_sent_where_they_wanted_to_go(member):
    assert member.get("/login/?next=/picks/").headers["Location"] == "/picks/"
    assert member.get("/login/").headers["Location"] == "/"


@pytest.mark.parametrize("way", ["/picks/", "/settings/?tab=1", "/a%20b/"])
def test_next_leads_to_a_page_of_this_site(visitor, ada, way):
    assert sign_in(visitor, next=way).headers["Location"] == way


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example",
        "http:///evil.example", "/%2f%2fevil.example", "%2f%2fevil.example", "/\t/evil.example", "\t//evil.example",
        "/\n/evil.example", "javascript:alert(1)", "data:text/html,x", "//testserver@evil.example", "https://testserver@evil.example",
        " //evil.example",
    ],
)  # fmt: skip
def test_next_never_leaves_the_site(ada, way):
    client = Client()
    html = client.get("/login/", {"next": way}).content.decode()
    assert "evil" not in html and "alert(1)" not in html
    assert sign_in(client, next=way).headers["Location"] == "/"
    assert client.get("/login/", {"next": way}).headers["Location"] == "/"


def test_signing_out_is_a_button_and_ends_the_session(member):
    cookie = member.cookies["sessionid"].value
    assert "Sign out" in member.get("/logout/").content.decode() and signed_in(member)
    reply = member.post("/logout/")
    assert reply.headers["Location"] == "/" and reply.headers["Clear-Site-Data"] == '"prefetchCache", "prerenderCache"'
    assert "You are signed out." in member.get("/").content.decode()
    replay = Client()
    replay.cookies["sessionid"] = cookie
    assert replay.get("/settings/").status_code == 302


def test_signing_out_twice_is_no_mistake(visitor):
    assert visitor.post("/logout/").headers["Location"] == "/" == visitor.get("/logout/").headers["Location"]


def test_a_link_by_mail_signs_in_by_its_button_once(visitor, ada, mailoutbox):
    reply = visitor.post("/login/link/", {"email": "Ada@example.com", "next": "/picks/"})
    assert reply.headers["Location"] == "/login/link/sent/"
    assert "ada@example.com" in visitor.get("/login/link/sent/").content.decode()
    link = link_in(mailoutbox[0])
    assert "ada@example.com" in visitor.get(link).content.decode() and not signed_in(visitor)
    ada.emailaddress_set.update(verified=True)
    assert visitor.post(link).headers["Location"] == "/picks/" and signed_in(visitor)
    again = Client().post(link)
    assert again.status_code == 410 and "It was used already, and works only once." in again.content.decode()


def test_the_first_proof_of_an_address_ends_what_a_stranger_set_up_with_it(visitor, ada):
    stranger = Client()
    sign_in(stranger)
    assert signed_in(stranger)
    ada.refresh_from_db()
    reply = visitor.post(f"/login/link/{sign_in_links.token(ada)}/")
    assert reply.headers["Location"] == "/settings/password/first/"
    assert "Choose a new password" in visitor.get("/settings/password/first/").content.decode()
    assert ada.emailaddress_set.get().verified
    assert stranger.get("/settings/").status_code == 302
    assert sign_in(Client()).status_code == 422


def test_the_button_of_a_sign_in_form_carries_the_address_along(visitor, ada, mailoutbox):
    visitor.post("/login/link/", {"login": "ada@example.com", "password": "x"})
    assert mailoutbox[0].to == ["ada@example.com"]


def test_a_link_ends_after_ten_minutes(visitor, ada, monkeypatch):
    made_at = signing.time.time()
    link = f"/login/link/{sign_in_links.token(ada)}/"
    monkeypatch.setattr(signing.time, "time", lambda: made_at + 599)
    assert visitor.get(link).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: made_at + 602)
    reply = visitor.post(link)
    assert reply.status_code == 410 and "This link has ended" in reply.content.decode() and not signed_in(visitor)


def test_a_link_ends_with_any_sign_in_new_password_or_closing(visitor, ada):
    link = f"/login/link/{sign_in_links.token(ada)}/"
    ada.set_password("another long sentence")
    ada.save()
    assert visitor.get(link).status_code == 410
    link = f"/login/link/{sign_in_links.token(ada)}/"
    ada.last_login = timezone.now()
    ada.save()
    assert visitor.get(link).status_code == 410
    link = f"/login/link/{sign_in_links.token(ada)}/"
    ada.is_active = False
    ada.save()
    assert visitor.get(link).status_code == 410


def test_of_two_presses_at_once_one_wins(ada):
    first, second = (sign_in_links.read(sign_in_links.token(ada))[0] for _ in range(2))
    sign_in_links.use(first)
    with pytest.raises(sign_in_links.LinkEnded):
        sign_in_links.use(second)


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "💥", "a" * 3000])
def test_a_link_that_was_never_made_is_over(visitor, token):
    assert visitor.get(f"/login/link/{token}/").status_code == 410


def test_somebody_without_an_account_gets_the_same_answer_and_another_mail(visitor, mailoutbox):
    reply = visitor.post("/login/link/", {"email": "nobody@example.com"})
    assert reply.headers["Location"] == "/login/link/sent/"
    assert [mail.subject for mail in mailoutbox] == ["There is no account with this address"]


def test_an_old_token_on_the_sign_in_page_offers_to_send_the_address_again(ada):
    client = Client(enforce_csrf_checks=True)
    html = sign_in(client).content.decode()
    assert "This form got old" in html and 'name="login" value="ada@example.com"' in html and PASSWORD not in html


def test_the_wall_sends_a_visitor_to_sign_in_and_back(visitor):
    assert visitor.get("/settings/").headers["Location"] == "/login/?next=%2Fsettings%2F"
