"""What the landing page shows differently to visitors who have been here before."""

from re import search

import pytest

from core.testing import PASSWORD, person

pytestmark = pytest.mark.django_db


def strip_in(page):
    return 'id="frag-promo-strip"' in page.text


def dismiss(client, htmx):
    strip = client.get("/fragments/promo-strip/", headers=htmx)
    client.post("/offers/dismiss/", {"promo": search(r'name="promo" value="([^"]+)"', strip.text).group(1)}, headers=htmx)
    return strip


def test_a_visitor_finds_room_for_an_announcement(visitor):
    assert strip_in(visitor.get("/"))


def test_who_dismissed_every_announcement_finds_no_empty_place_for_one(visitor, htmx):
    while 'data-state="ok"' in dismiss(visitor, htmx).text and 'data-state="ok"' in visitor.get("/fragments/promo-strip/").text:
        pass
    assert not strip_in(visitor.get("/"))


def test_a_reused_page_does_not_take_the_place_from_others(visitor, htmx, monkeypatch):
    from django.test import Client

    from core import views

    monkeypatch.setattr(views.landing_reuse, "seconds", 60)
    test_who_dismissed_every_announcement_finds_no_empty_place_for_one(visitor, htmx)
    assert strip_in(Client().get("/"))


def test_who_signed_in_on_this_browser_before_sees_the_way_back_marked(visitor):
    assert "btn-link-marked" not in visitor.get("/").text
    person("ada@example.com")
    visitor.post("/login/", {"login": "ada@example.com", "password": PASSWORD})
    visitor.post("/logout/")
    visitor.get("/")
    assert "btn-link-marked" in visitor.get("/").text


def test_an_announcement_is_there_also_for_who_asks_from_an_unreadable_page(visitor, htmx):
    assert visitor.get("/fragments/promo-strip/", headers={**htmx, "HX-Current-URL": "http://["}).status_code == 200
