"""Password hashing: the same cost whether an address is known or not, and a bound on how much of it runs at once."""

import threading
import time

import pytest
from django.test import Client

from core.accounts import hashing
from core.accounts.tests.counting import PATH, Counting
from core.testing import PASSWORD, person

GOOD = "seven quiet lanterns"


@pytest.fixture
def hashes(settings, db):
    """Counts the hashes of what is done between `with hashes() as counted` and its end."""
    settings.PASSWORD_HASHERS = [PATH]

    def count(act):
        Counting.calls = 0
        act()
        return Counting.calls

    return count


def post(url, **data):
    return Client().post(url, data)


def test_signing_up_costs_one_hash_with_a_new_and_with_a_known_address(hashes):
    person("known@example.com")
    new = hashes(lambda: post("/signup/", email="new@example.com", password1=GOOD))
    wrong = hashes(lambda: post("/signup/", email="known@example.com", password1=GOOD))
    right = hashes(lambda: post("/signup/", email="known@example.com", password1=PASSWORD))
    assert (new, wrong, right) == (1, 1, 1)


def test_signing_in_costs_one_hash_with_a_known_an_unknown_and_an_impossible_address(hashes):
    person("known@example.com")
    person("closed@example.com", is_active=False)
    counts = [
        hashes(lambda: post("/login/", login="known@example.com", password=PASSWORD)),
        hashes(lambda: post("/login/", login="known@example.com", password="wrong")),
        hashes(lambda: post("/login/", login="nobody@example.com", password="wrong")),
        hashes(lambda: post("/login/", login="closed@example.com", password=PASSWORD)),
    ]
    assert counts == [1, 1, 1, 1]


def test_an_account_without_a_password_costs_the_same(hashes):
    user = person("social@example.com")
    user.set_unusable_password()
    user.save()
    assert hashes(lambda: post("/login/", login="social@example.com", password="wrong")) == 1


def test_asking_for_a_link_hashes_nothing_for_anybody(hashes):
    person("known@example.com")
    for url in ("/password/reset/", "/login/link/"):
        assert hashes(lambda url=url: post(url, email="known@example.com")) == 0
        assert hashes(lambda url=url: post(url, email="nobody@example.com")) == 0


@pytest.mark.parametrize("url", ["/signup/", "/login/"])
def test_a_password_of_a_megabyte_is_refused_before_it_is_hashed(hashes, url):
    long = "x" * 900_000
    assert hashes(lambda: post(url, email="a@example.com", login="a@example.com", password1=long, password=long)) == 0


def test_only_so_many_hash_at_once():
    gate, inside, most = hashing.Gate(2), [], []

    def hold():
        with gate.place():
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=hold) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(most) == 10 and max(most) == 2


def test_who_comes_after_the_queue_is_full_is_sent_away_at_once():
    gate, done = hashing.Gate(1), threading.Event()
    with gate.place():
        waiters = [threading.Thread(target=lambda: _wait(gate, done)) for _ in range(hashing.QUEUE_LENGTH)]
        [thread.start() for thread in waiters]
        while gate.waiting < hashing.QUEUE_LENGTH:
            time.sleep(0.001)
        started = time.monotonic()
        with pytest.raises(hashing.HashingBusy), gate.place():
            pass
        assert time.monotonic() - started < 0.5
    [thread.join() for thread in waiters]
    assert gate.waiting == 0


def _wait(gate, done):
    with gate.place():
        done.set()


def test_a_busy_server_says_so_with_503_and_when_to_come_back(db, settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["core.accounts.hashing.BoundedArgon2"]
    monkeypatch.setattr(hashing, "gate", hashing.Gate(1))
    monkeypatch.setattr(hashing, "WAIT_SECONDS", 0.05)
    with hashing.gate.place():
        reply = post("/signup/", email="new@example.com", password1=GOOD)
    assert reply.status_code == 503 and reply.headers["Retry-After"] == "5"
    assert "Nothing was saved." in reply.content.decode()
