"""Limits hold for real servers: exact across several processes, by the right address behind a proxy, and not to be lied to."""

import http.client
import re

import pytest

from core.accounts.rate_limits import SIGN_UP
from e2e.server import Server


class Person:
    """Somebody who posts the sign-up form from one address, through the proxy, to one of the processes."""

    def __init__(self, server, forwarded):
        self.server, self.forwarded = server, forwarded
        page, headers = self.ask("GET", "/")
        self.cookie = headers["set-cookie"].split(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        self.last = {}

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request(method, path, body, {"X-Forwarded-For": self.forwarded, **headers})
            response = connection.getresponse()
            self.status = response.status
            return response.read().decode(), {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()

    def signs_up(self, server=None):
        """The status of one try with an address that cannot be one, which costs no hashing."""
        self.server = server or self.server
        body = f"csrfmiddlewaretoken={self.token}&email=nobody&password1=three+good+books"
        html, self.last = self.ask(
            "POST", "/signup/", body, Cookie=self.cookie, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        self.html = html
        return self.status


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two processes of one site behind one proxy, which appends the address it saw to X-Forwarded-For."""
    folder = tmp_path_factory.mktemp("pair")
    settings = {"RATE_LIMITS": "true", "TRUSTED_PROXY_COUNT": "1"}
    servers = [Server(folder, **settings).start(), Server(folder, **settings).start()]
    yield servers
    for server in servers:
        server.stop()


def test_two_processes_share_one_exact_limit(pair):
    person = Person(pair[0], "203.0.113.7")
    statuses = [person.signs_up(pair[turn % 2]) for turn in range(SIGN_UP.amount + 5)]
    assert statuses == [422] * SIGN_UP.amount + [429] * 5
    assert 1 <= int(person.last["retry-after"]) <= SIGN_UP.seconds
    assert 'value="nobody"' in person.html


def test_a_neighbour_behind_the_same_proxy_is_not_counted_with_others(pair):
    first, neighbour = Person(pair[0], "203.0.113.21"), Person(pair[0], "203.0.113.22")
    assert [first.signs_up() for _ in range(SIGN_UP.amount + 1)][-1] == 429
    assert neighbour.signs_up() == 422


def test_an_address_that_a_client_makes_up_does_not_help_it(pair):
    statuses = []
    for turn in range(SIGN_UP.amount + 3):
        # The proxy appends what it saw: only the last address counts.
        person = Person(pair[0], f"198.51.100.{turn}, 203.0.113.99")
        statuses.append(person.signs_up())
    assert statuses == [422] * SIGN_UP.amount + [429] * 3


@pytest.fixture
def unproxied(tmp_path):
    server = Server(tmp_path, RATE_LIMITS="true").start()
    yield server
    server.stop()


def test_without_a_proxy_the_header_counts_for_nothing(unproxied):
    people = [Person(unproxied, f"198.51.100.{turn}") for turn in range(SIGN_UP.amount + 1)]
    assert [person.signs_up() for person in people][-1] == 429
