"""After a password was turned down, three words say how the next one stands, before it is sent."""

import re

import pytest

from core.accounts import rate_limits

pytestmark = pytest.mark.django_db
ADDRESS = "/fragments/password-verdict/"


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("", "Too short"),
        ("short", "Too short"),
        ("passwordpassword", "Too common"),
        ("grace-was-here-1906", "Too common"),
        ("paper lantern drift", "Good"),
    ],
)
def test_one_of_three_words_fits(visitor, password, fits):
    answer = visitor.post(ADDRESS, {"password1": password, "email": "grace-was-here@example.com"})
    assert re.findall(r'class="verdict-fits">([^<]+)', answer.text) == [fits]


def test_a_link_to_it_says_nothing(visitor):
    assert visitor.get(ADDRESS).status_code == 405


def test_it_cannot_be_asked_for_ever(visitor, settings):
    settings.RATE_LIMITS = True
    statuses = [visitor.post(ADDRESS, {"password1": "x"}).status_code for _ in range(rate_limits.VERDICTS.amount + 1)]
    assert statuses[-2:] == [200, 429]


def test_it_appears_only_after_a_password_was_turned_down(visitor):
    assert 'id="password-verdict"' not in visitor.get("/").text
    answer = visitor.post("/signup/", {"email": "grace@example.com", "password1": "short"})
    assert 'id="password-verdict"' in answer.text
