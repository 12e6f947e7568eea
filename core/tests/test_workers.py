"""That requests share a few threads, one at a time, and that none is left behind."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async

from core import asgi
from core.tests.asgi_client import ask


@pytest.fixture(autouse=True)
def no_idle_workers(monkeypatch):
    monkeypatch.setattr(asgi, "idle_workers", [])


@pytest.fixture
def threads(monkeypatch):
    """The threads that the work of each page ran in, for a page that also waits a little, as one that asks a service does."""
    from core import views

    found = []

    async def page(self, request):
        found.append(await sync_to_async(threading.current_thread)())
        await asyncio.sleep(0.02)
        return "page", ""

    monkeypatch.setattr(views.HomePageView, "anon_page", page)
    return found


async def asked_together(times):
    await asyncio.gather(*(ask("/") for _ in range(times)))


def test_one_request_after_another_uses_the_same_thread(threads):
    async def one_by_one():
        for _ in range(3):
            await ask("/")

    asyncio.run(one_by_one())
    assert len(threads) == 3
    assert len(set(threads)) == 1


def test_requests_at_the_same_time_have_a_thread_each(threads):
    asyncio.run(asked_together(5))
    assert len(set(threads)) == 5


def test_no_more_threads_are_kept_than_were_meant_to_be(threads):
    asyncio.run(asked_together(asgi.KEPT_WORKERS + 4))
    assert len(asgi.idle_workers) == asgi.KEPT_WORKERS


def test_a_page_that_needs_no_thread_uses_none():
    asyncio.run(ask("/"))
    assert [worker.used for worker in asgi.idle_workers] == [False]


def test_many_visitors_at_once_who_need_no_thread_start_none(monkeypatch):
    from core import views

    started = []

    async def page(self, request):
        await asyncio.sleep(0.02)
        return "page", ""

    monkeypatch.setattr(views.HomePageView, "anon_page", page)
    monkeypatch.setattr(asgi.Worker, "submit", lambda self, *arguments: started.append(arguments))
    asyncio.run(asked_together(asgi.KEPT_WORKERS + 20))
    assert started == []
