"""What the server lets in, and what a request costs in threads."""

import asyncio
from contextlib import contextmanager

import pytest
from asgiref.sync import SyncToAsync, sync_to_async
from django.conf import settings
from django.http import HttpResponse

from core.tests.asgi_client import ask, asked


@contextmanager
def counted_hops(monkeypatch):
    """The names of the functions that were sent to a thread."""
    names, original = [], SyncToAsync.__call__

    async def counting(self, *args, **kwargs):
        names.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await original(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", counting)
    yield names
    monkeypatch.setattr(SyncToAsync, "__call__", original)


def cookies(client):
    return {"cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


def test_a_visitors_landing_page_needs_no_thread_and_no_database(monkeypatch):
    # pytest-django refuses the database to a test that does not ask for it.
    with counted_hops(monkeypatch) as hops:
        reply = asked("/")
    assert reply.status == 200
    assert hops == []


@pytest.mark.parametrize("cookie", ['"\\000abcdefghijklmnopqrstuvwxyz01234"', "x", "a" * 5000, ""])
def test_a_cookie_that_can_be_no_session_is_a_visitors(cookie):
    # pytest-django refuses the database to a test that does not ask for it.
    assert asked("/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}).status == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "most"), [("/fragments/promos/", 1), ("/fragments/recommendations/", 1), ("/", 3)])
def test_a_members_pages_need_few_threads(monkeypatch, member, path, most):
    asked(path, headers=cookies(member))  # the session is in the cache from here on
    with counted_hops(monkeypatch) as hops:
        reply = asked(path, headers=cookies(member))
    assert reply.status == 200
    # Closing the thread that was made is not one more: it runs in that same thread, after the answer.
    assert len([name for name in hops if not name.endswith(".close")]) <= most, hops


@pytest.mark.django_db(transaction=True)
def test_connections_are_closed_where_they_were_opened(monkeypatch, member):
    closed = []
    from django.db.backends.base.base import BaseDatabaseWrapper

    original = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def noting(self):
        import threading

        closed.append(threading.current_thread() is not threading.main_thread())
        return original(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", noting)
    assert asked("/", headers=cookies(member)).status == 200
    assert any(closed)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "FOO"])
def test_a_method_that_no_page_knows_is_refused_with_the_ones_that_exist(method):
    reply = asked("/", method=method)
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_read():
    reply = asked("/signup/", method="POST", headers={"content-length": str(settings.MAX_BODY_BYTES + 1)})
    assert reply.status == 413
    assert "What you sent is larger than 1.0\xa0MB. Go back and send less." in reply.text


def test_a_body_that_turns_out_too_large_is_refused():
    chunk = b"x" * 300_000
    reply = asked("/signup/", method="POST", chunks=[chunk] * 4, announce=False)
    assert reply.status == 413


def test_a_body_that_trickles_in_is_cut_off(monkeypatch):
    monkeypatch.setattr("core.asgi.BODY_SECONDS", 0.05)

    async def slowly():
        from core.asgi import application

        sent = []

        async def receive():
            await asyncio.sleep(30)

        async def send(message):
            sent.append(message)

        headers = [(b"host", b"testserver"), (b"content-length", b"10")]
        scope = {"type": "http", "method": "POST", "path": "/signup/", "raw_path": b"/signup/", "query_string": b""}
        scope |= {"headers": headers, "scheme": "http", "http_version": "1.1", "asgi": {"version": "3.0"}}
        await application(scope, receive, send)
        return sent[0]["status"]

    assert asyncio.run(slowly()) == 408


def test_a_view_is_cancelled_when_its_reader_leaves(monkeypatch):
    from core import views

    outcome = []

    async def patient(*args, **kwargs):
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            outcome.append("cancelled")
            raise

    monkeypatch.setattr(views.HomePageView, "get", patient)

    async def leave():
        from core.asgi import application

        messages = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]

        async def receive():
            await asyncio.sleep(0)
            return messages.pop(0)

        async def send(message):
            outcome.append(message["type"])

        scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b""}
        scope |= {"headers": [(b"host", b"testserver")], "scheme": "http", "http_version": "1.1", "asgi": {"version": "3.0"}}
        await application(scope, receive, send)

    asyncio.run(leave())
    assert outcome == ["cancelled"]


def test_one_landing_page_serves_many_visitors_each_with_their_own_token(monkeypatch):
    import re

    from core import views

    monkeypatch.setattr(views.landing_reuse, "seconds", 60)

    async def twice():
        return await ask("/"), await ask("/")

    first, second = asyncio.run(twice())
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', reply.text)) for reply in (first, second)]
    assert all(tokens) and not tokens[0] & tokens[1]
    assert "dimorph-csrf-token-slot" not in first.text + second.text
    assert len(views.landing_reuse.pages) == 1


def test_a_length_of_thousands_of_digits_is_too_large():
    assert asked("/signup/", method="POST", headers={"content-length": "9" * 5000}).status == 413


def test_a_refusal_carries_the_same_guards_as_a_page():
    refusal, page = asked("/", method="TRACE").headers, asked("/").headers
    guards = {"cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"}
    guards |= {"x-content-type-options", "x-frame-options", "referrer-policy"}
    assert {name: refusal.get(name) for name in guards} == {name: page[name] for name in guards}


def test_made_up_hosts_do_not_take_the_reused_page_from_others(monkeypatch):
    from core import pages, views

    monkeypatch.setattr(views.landing_reuse, "seconds", 60)
    asked("/")
    kept = next(iter(views.landing_reuse.pages))
    for port in range(pages.MOST_KEPT + 5):
        asked("/", headers={"host": f"testserver:{port + 1}"})
        asked("/")
    assert kept in views.landing_reuse.pages
    assert len(views.landing_reuse.pages) == pages.MOST_KEPT


@pytest.mark.django_db(transaction=True)
def test_somebody_who_signed_out_in_another_tab_meanwhile_is_led_to_sign_in(monkeypatch, member):
    from django.contrib.sessions.models import Session

    from core import views

    @sync_to_async
    def sign_out_elsewhere(request):
        Session.objects.all().delete()
        request.session["changed"] = True
        return HttpResponse("answered")

    async def get(self, request):
        return await sign_out_elsewhere(request)

    monkeypatch.setattr(views.HomePageView, "get", get)
    reply = asked("/", headers=cookies(member))
    assert reply.status == 302
    assert reply.headers["location"] == "/login/?next=%2F"
