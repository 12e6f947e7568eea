"""The pages that belong to nobody: health, the theme choice, the way in for staff, and a request that cannot be read."""

import pytest

from core.accounts import rate_limits
from core.tests.asgi_client import asked


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_monitor_hears_that_the_process_answers(method):
    assert asked("/health/", method=method).status == 200


@pytest.mark.parametrize("back", ["/%2fevil.example", "//evil.example", "/\\evil.example", "https://evil.example/", ""])
@pytest.mark.django_db
def test_choosing_a_theme_never_leads_off_the_site(visitor, back):
    assert visitor.post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "field"), [("/theme/", "theme"), ("/offers/dismiss/", "promo")])
def test_a_choice_can_be_made_often_but_not_for_ever(visitor, address, field):
    statuses = [visitor.post(address, {field: "dark"}).status_code for _ in range(rate_limits.CHOICES.amount + 1)]
    assert statuses[-2:] == [302, 429]


@pytest.mark.django_db
def test_choosing_a_theme_leads_back_to_the_page_and_is_remembered(visitor):
    reply = visitor.post("/theme/", {"theme": "dark", "next": "/privacy/"})
    assert (reply["Location"], visitor.cookies["theme"].value) == ("/privacy/", "dark")


def test_a_member_who_opens_the_administration_is_told_that_it_needs_different_access(member):
    reply = member.get("/admin/", follow=True)
    assert reply.status_code == 403
    assert "This page needs different access" in reply.text


def test_staff_come_back_to_the_administration_after_signing_in(visitor):
    assert visitor.get("/admin/login/?next=/admin/")["Location"] == "/login/?next=%2Fadmin%2F"


def test_a_form_in_letters_that_the_site_does_not_read_is_refused_with_a_page():
    letters = {"content-type": "application/x-www-form-urlencoded; charset=utf-16"}
    reply = asked("/signup/", method="POST", headers=letters, body=b"email=ada")
    assert reply.status == 400
    assert "That did not fit" in reply.text
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_fault_of_ours_leaves_somebody_to_write_to(visitor, monkeypatch, settings):
    settings.SUPPORT_EMAIL = "help@example.com"
    monkeypatch.setattr("core.views.HomePageView.anon_page", None)
    visitor.raise_request_exception = False
    reply = visitor.get("/")
    assert reply.status_code == 500
    assert 'href="mailto:help@example.com"' in reply.text


@pytest.mark.parametrize(("host", "status"), [("testserver", 301), ("evil.example", 400)])
def test_what_plain_http_is_answered_carries_the_policy(visitor, settings, host, status):
    settings.SECURE_SSL_REDIRECT = True
    reply = visitor.get("/", headers={"Host": host})
    assert reply.status_code == status
    assert reply["Content-Security-Policy"].startswith("default-src 'none'")
