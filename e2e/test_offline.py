"""The page that stands in when the network is gone: kept by a service worker, and gone again when a site switches it off."""

import pytest
from playwright.sync_api import expect

from e2e.server import Server

READY = "async () => { await navigator.serviceWorker.ready; return Boolean(navigator.serviceWorker.controller); }"
KEPT = """
async () => {
  const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(opened.map((one) => one.keys()))).flat().map((one) => one.url);
}
"""
FORGOTTEN = "async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).length === 0"


@pytest.fixture
def own(tmp_path):
    """A server that keeps the offline page, and may go away."""
    server = Server(tmp_path, OFFLINE_PAGE="true").start()
    yield server
    server.stop()


@pytest.fixture
def visited(own, page):
    """A browser that has been there and keeps the offline page."""
    page.goto(own.address + "/privacy/")
    page.wait_for_function(READY)
    return page


def test_a_page_that_cannot_be_reached_says_that_the_reader_is_offline_and_tries_again(visited, own):
    own.stop()
    visited.goto(own.address + "/picks/")
    expect(visited.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert visited.evaluate("getComputedStyle(document.querySelector('main')).display") == "grid"
    own.start()
    visited.get_by_role("link", name="Try again").click()
    expect(visited.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


def test_no_page_of_the_site_itself_is_kept(visited, own):
    kept = visited.evaluate(KEPT)
    assert own.address + "/offline/" in kept
    assert all(url.endswith(("/offline/", ".css")) for url in kept)


def test_switched_off_it_forgets_itself(visited, own):
    own.stop()
    own.environment["OFFLINE_PAGE"] = "false"
    own.start()
    visited.goto(own.address + "/privacy/")
    visited.wait_for_function(FORGOTTEN)
    assert visited.locator("meta[name=service-worker]").count() == 0
