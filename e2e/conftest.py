"""Servers and browsers of the journeys. Nothing here touches the database: the site is used as people use it."""

import os
import sqlite3
from contextlib import closing
from functools import cached_property

import pytest

from core.browsers import ARGUMENTS, find
from e2e.faulty import FaultyServices
from e2e.people import Person
from e2e.server import Server

WIDE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as production serves it, with its own two services."""
    server = Server(tmp_path_factory.mktemp("site")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_url(site):
    return site.address


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """The site as `manage.py start` serves it, with the development mailbox."""
    server = Server(tmp_path_factory.mktemp("workshop"), DEBUG="true", SECRET_KEY="").start()
    yield server
    server.stop()


STAFF_SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from core.models import User
user = User.objects.create_user("staff@example.com", None, is_staff=True)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "core.accounts.backend.AddressBackend"
session.create()
print(session.session_key)
"""


class Studio(Server):
    """A live site whose gallery staff may see."""

    def lets_in(self, context):
        """Make the browser context a member of staff's."""
        context.add_cookies([{"name": "sessionid", "value": self.staff, "url": self.address}])
        return context

    @cached_property
    def staff(self):
        return self.manage("shell", "-v0", "-c", STAFF_SESSION).strip()


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """The site as production serves it, with the gallery for staff."""
    server = Studio(tmp_path_factory.mktemp("studio"), GALLERY="true").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def limited(tmp_path_factory):
    """The site with its rate limits on."""
    server = Server(tmp_path_factory.mktemp("limited"), RATE_LIMITS="true").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def services(tmp_path_factory):
    """Two outside services that misbehave on demand."""
    with FaultyServices() as running:
        yield running


def asking(services, folder):
    """The site, asking these services anew for every page: nothing that was at hand would show how they behave now."""
    addresses = {"PROMOS_URL": services.promos_url, "RECOMMENDATIONS_URL": services.recommendations_url}
    return Server(folder, WARM_SECONDS="0", **addresses).start()


@pytest.fixture(scope="session")
def troubled(tmp_path_factory, services):
    """The site, asking the two services that misbehave on demand."""
    server = asking(services, tmp_path_factory.mktemp("troubled"))
    server.services = services
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cold(tmp_path_factory, services):
    """Like `troubled`, for journeys that start its process anew: nothing good is kept then."""
    server = asking(services, tmp_path_factory.mktemp("cold"))
    server.services = services
    yield server
    server.stop()


@pytest.fixture(scope="session")
def broken(tmp_path_factory):
    """The site after somebody took away the table that its sessions are in."""
    server = Server(tmp_path_factory.mktemp("broken")).start()
    with closing(sqlite3.connect(server.folder / "db.sqlite3")) as database:
        database.execute("DROP TABLE django_session")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = os.environ.get("CHROMIUM_PATH") or find()
    return {**browser_type_launch_args, "args": ARGUMENTS, "executable_path": path}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": WIDE, "reduced_motion": "no-preference"}


@pytest.fixture
def reader(page, site):
    """Somebody with one tab on the site."""
    return Person(page, site)


@pytest.fixture
def newcomer(page, workshop):
    """Somebody with one tab on the site that keeps its mail in the development mailbox."""
    return Person(page, workshop)


NOTES_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}`));
"""


@pytest.fixture
def network_gone():
    """For journeys that lose the network: htmx writes that to the console, and nothing else may."""


@pytest.fixture(autouse=True)
def clean_console(request):
    """No journey may leave an error in the console or a violation of the security policy, on any of its pages."""
    if "page" not in request.fixturenames and "context" not in request.fixturenames:
        yield
        return
    context = request.getfixturevalue("context")
    found = []
    # The browser's own line about a 4xx or 5xx answer, or about a network that is gone, is what the journey asked for.
    expected = ("Failed to load resource",)
    if "network_gone" in request.fixturenames:
        expected += ("htmx: htmx:error: Failed to fetch", "htmx: htmx:error: timeout")

    def note(message):
        if message.type == "error" and not message.text.startswith(expected):
            found.append(message.text)

    def note_error(words):
        # The browser's own decision against a transition between two documents, which then simply follow one another.
        if not words.startswith("Transition was aborted because of invalid state"):
            found.append(words)

    context.add_init_script(NOTES_VIOLATIONS)
    context.on("console", note)
    context.on("weberror", lambda error: note_error(str(error.error)))
    yield
    assert not found
