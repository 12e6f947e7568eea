"""Offers for members: the carousel, the full page, and the house message in their place."""

import json

import pytest

from dashboard.tests.pages import HTMX, state, text

pytestmark = pytest.mark.django_db
CAROUSEL = "/fragments/promos/"


@pytest.fixture
def campaigns(settings, tmp_path):
    """A function that puts this many member campaigns on."""

    def put_on(count, **changes):
        path = tmp_path / f"{count}.json"
        campaign = {
            "body": "Open one and begin.",
            "cta": {"label": "Find a book", "url": "/picks/"},
            "starts_at": "2020-01-01T00:00:00Z",
            "ends_at": "2090-01-01T00:00:00Z",
            "audiences": ["member"],
        }
        made = [{**campaign, "id": f"number-{i}", "title": f"Offer number {i}", **changes} for i in range(count)]
        path.write_text(json.dumps({"campaigns": made}))
        settings.PROMOS_FILE = str(path)

    return put_on


def test_three_offers_turn_with_two_buttons_that_wait_for_the_script(member, campaigns):
    campaigns(5)
    response = member.get(CAROUSEL)
    assert state(response) == "ok"
    assert text(response).count('<li class="slide"') == 3
    assert "data-carousel-controls hidden" in text(response)
    assert "1 of 3" in text(response)


def test_one_offer_needs_no_buttons(member, campaigns):
    campaigns(1)
    page = text(member.get(CAROUSEL))
    assert "Offer number 0" in page
    assert "data-carousel" not in page.replace("data-carousel-list", "")


def test_without_an_offer_the_house_speaks(member, campaigns):
    campaigns(0)
    response = member.get(CAROUSEL)
    assert state(response) == "empty"
    assert "Ten quiet minutes" in text(response)


def test_without_the_service_the_house_speaks_and_no_error_is_shown(member, no_promos):
    response = member.get(CAROUSEL)
    assert response.status_code == 200
    assert state(response) == "failed"
    assert "Ten quiet minutes" in text(response)
    assert "did not" not in text(response)


def test_an_outage_shows_the_last_offers_without_a_note(member, settings, dead_port):
    before = text(member.get(CAROUSEL))
    settings.PROMOS_URL = dead_port
    response = member.get(CAROUSEL)
    assert state(response) == "stale"
    assert text(response).replace('"stale"', '"ok"') == before


def test_markup_in_an_offer_is_shown_as_text(member, campaigns):
    campaigns(1, title="<script>alert(1)</script>", body="{{ user.email }}")
    page = text(member.get(CAROUSEL))
    assert "<script" not in page
    assert "ada@example.com" not in page


def test_the_full_page_shows_every_offer(member, campaigns):
    campaigns(3)
    page = member.get("/picks/offers/")
    assert page.status_code == 200
    assert text(page).count("Offer number") == 3


def test_the_full_page_stands_without_the_service(member, no_promos):
    page = member.get("/picks/offers/")
    assert page.status_code == 200
    assert "nothing on for members today" in text(page)


@pytest.mark.parametrize("address", [CAROUSEL, "/fragments/recommendations/", "/picks/", "/picks/offers/"])
def test_a_visitor_must_sign_in_first(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")


def test_a_signed_out_carousel_is_no_place_for_a_sign_in_page(visitor):
    response = visitor.get(CAROUSEL, headers=HTMX)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/login/?next=%2F&why=expired"


def test_an_offer_is_only_read(member):
    assert member.post(CAROUSEL).status_code == 405
