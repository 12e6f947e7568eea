"""How often anything may be tried: exact numbers, behind a proxy too, and nothing stored that names anybody."""

import pytest
from django.test import Client, RequestFactory

from core.accounts import rate_limits
from core.accounts.rate_limits import Limit
from core.models import RateCount
from core.testing import PASSWORD, person

pytestmark = pytest.mark.django_db
THREE = Limit("three", 3, 60)


@pytest.fixture
def clock(monkeypatch):
    """The time that limits see; set `clock.now`."""

    class Clock:
        now = 1_800_000_000

    monkeypatch.setattr(rate_limits, "now", lambda: Clock.now)
    return Clock


def statuses(url, times, data, **client):
    return [Client(**client).post(url, data).status_code for _ in range(times)]


def test_exactly_the_allowed_tries_pass_and_then_the_wait_is_told(clock):
    assert [rate_limits.wait(THREE, "a") for _ in range(3)] == [0, 0, 0]
    clock.now += 20
    assert rate_limits.wait(THREE, "a") == 40
    assert rate_limits.wait(THREE, "b") == 0


def test_the_window_opens_again(clock):
    [rate_limits.wait(THREE, "a") for _ in range(9)]
    clock.now += 60
    assert [rate_limits.wait(THREE, "a") for _ in range(4)] == [0, 0, 0, 60]


def test_forgetting_starts_again_from_nothing():
    [rate_limits.wait(THREE, "a") for _ in range(4)]
    rate_limits.forget(THREE, "a")
    assert rate_limits.wait(THREE, "a") == 0


def test_nothing_that_is_stored_names_anybody():
    rate_limits.wait(THREE, "ada@example.com")
    assert "ada" not in str(RateCount.objects.values().get())


def test_old_counts_are_cleared_away(clock, monkeypatch):
    rate_limits.wait(THREE, "a")
    clock.now += 61
    monkeypatch.setattr(rate_limits.secrets, "randbelow", lambda _n: 0)
    rate_limits.wait(THREE, "b")
    assert RateCount.objects.count() == 1


def test_limits_can_be_switched_off(settings):
    settings.RATE_LIMITS = False
    assert not any(rate_limits.wait(THREE, "a") for _ in range(9)) and not RateCount.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (30, "30 seconds"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"), (3600, "60 minutes")],
)
def test_the_sentence_never_promises_less_than_the_wait(seconds, words):
    assert rate_limits.sentence(seconds) == f"Too many tries. Try again in {words}."


@pytest.mark.parametrize(
    ("url", "allowed", "data"),
    [
        ("/signup/", 10, {"email": "new@example.com", "password1": "short"}),
        ("/login/", 10, {"login": "", "password": "x"}),
        ("/fragments/sign-in/", 10, {"login": "", "password": "x"}),
        ("/password/reset/", 5, {"email": ""}),
        ("/login/link/", 5, {"email": ""}),
        ("/login/link/wrong/", 10, {}),
        ("/email/confirm/wrong/", 10, {}),
        ("/email/undo/wrong/", 10, {}),
    ],
)
def test_one_network_may_send_a_form_so_often(url, allowed, data):
    found = statuses(url, allowed + 3, data)
    assert found.count(429) == 3 and found[-3:] == [429] * 3
    assert int(Client().post(url, data).headers["Retry-After"]) > 0


def test_another_network_is_not_affected():
    statuses("/password/reset/", 9, {"email": ""})
    assert Client(REMOTE_ADDR="198.51.100.9").post("/password/reset/", {"email": ""}).status_code == 422


def test_the_sixth_wrong_password_on_one_account_waits_from_wherever_it_comes():
    person("ada@example.com")
    found = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/login/", {"login": "Ada@example.com", "password": "x"}).status_code
        for n in range(7)
    ]
    assert found == [422] * 5 + [429] * 2


def test_unknown_addresses_wait_just_like_known_ones():
    found = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/login/", {"login": "nobody@example.com", "password": "x"}).status_code
        for n in range(6)
    ]
    assert found == [422] * 5 + [429]


def test_a_right_password_clears_the_count():
    person("ada@example.com")
    for n in range(4):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post("/login/", {"login": "ada@example.com", "password": "x"})
    assert Client().post("/login/", {"login": "ada@example.com", "password": PASSWORD}).status_code == 302
    assert Client().post("/login/", {"login": "ada@example.com", "password": "x"}).status_code == 422


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
@pytest.mark.parametrize("url", ["/password/reset/", "/login/link/"])
def test_one_address_gets_three_mails_an_hour_and_no_more(url, email, mailoutbox):
    person("ada@example.com")
    found = [Client(REMOTE_ADDR=f"198.51.100.{n}").post(url, {"email": email}).status_code for n in range(5)]
    assert found == [302, 302, 302, 429, 429] and len(mailoutbox) == 3


def test_what_was_typed_is_kept_and_the_page_stays_itself():
    statuses("/login/", 10, {"login": "", "password": "x"})
    reply = Client().post("/login/", {"login": "ada@example.com", "password": "x", "remember": "on", "next": "/picks/"})
    html = reply.content.decode()
    assert reply.status_code == 429 and "<title>Error: Sign in" in html and "Too many tries." in html
    assert 'value="ada@example.com"' in html and 'value="/picks/"' in html and " checked" in html


def network(settings, proxies, **meta):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    return rate_limits.network(RequestFactory().get("/", **meta))


def test_without_proxies_a_header_that_claims_another_address_is_ignored(settings):
    assert network(settings, 0, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1") == "203.0.113.7"


def test_behind_one_proxy_only_what_the_proxy_added_counts(settings):
    forged = "198.51.100.1, 203.0.113.7"
    assert network(settings, 1, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forged) == "203.0.113.7"


def test_behind_two_proxies_a_request_past_them_counts_by_its_connection(settings):
    assert network(settings, 2, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1") == "203.0.113.7"


@pytest.mark.parametrize("claimed", ["", "not an address", "999.1.1.1", "<script>", "a" * 5000])
def test_nonsense_in_the_header_breaks_nothing(settings, claimed):
    assert network(settings, 1, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=claimed)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_household_of_ipv6_addresses_is_one_network(settings, address, counted):
    assert network(settings, 0, REMOTE_ADDR=address) == counted


def test_a_forged_header_behind_a_proxy_does_not_get_more_tries(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    found = [
        Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.7")
        .post("/password/reset/", {"email": ""})
        .status_code
        for n in range(8)
    ]
    assert found == [422] * 5 + [429] * 3
    other = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.8")
    assert other.post("/password/reset/", {"email": ""}).status_code == 422
