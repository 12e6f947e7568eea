"""The only server entry: limits what may come in, runs Django without a thread for what needs none, closes what was opened.

`application` is an ASGI app: `uvicorn core.asgi:application`.
"""

import asyncio
import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler, RequestAborted, get_script_prefix
from django.core.signals import request_finished, request_started
from django.db import connections
from django.urls import get_resolver, set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.template.defaultfilters import filesizeformat  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from core.middleware import ISOLATION  # noqa: E402

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
# A body that trickles in is cut off: it holds a connection and tells nothing.
BODY_SECONDS = 15
# Threads that wait for the next request; more are made when more requests need one at the same time, and end with them.
KEPT_WORKERS = 8
# The policy of the pages that this wrapper sends itself: static words and the stylesheet.
POLICY = b"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class Worker(ThreadPoolExecutor):
    """One thread, lent to one request at a time. It has `begun` when it was ever used; `used` is about who has it now."""

    def __init__(self):
        super().__init__(max_workers=1, thread_name_prefix="request")
        self.begun = self.used = False

    def submit(self, *arguments, **named):
        self.begun = self.used = True
        return super().submit(*arguments, **named)


idle_workers = []


@contextmanager
def lent_worker():
    """A Worker for this request alone: the last one that came back, so that few threads do the work of many requests.

    A thread keeps its database connection, as long as CONN_MAX_AGE lets it, so the next request opens none.
    """
    worker = idle_workers.pop() if idle_workers else Worker()
    worker.used = False
    try:
        yield worker
    finally:
        if len(idle_workers) < KEPT_WORKERS:
            idle_workers.append(worker)
        elif worker.begun:
            worker.submit(connections.close_all)
            worker.shutdown(wait=False)


class Handler(ASGIHandler):
    """Django's handler, which goes to a thread only when something in the request needs one.

    Django's own makes a thread for every request, and sends its signals from it, so that database connections are closed where
    they were opened. Connections belong to the thread that opened them; a request that used no thread has none to close.
    """

    async def __call__(self, scope, receive, send):
        with lent_worker() as worker:
            async with ThreadSensitiveContext(executor=worker):
                await self.handle(scope, receive, send)

    async def handle(self, scope, receive, send):
        try:
            body_file = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body_file):
            set_script_prefix(get_script_prefix(scope))
            await self.signal(request_started, scope=scope)
            request, error_response = self.create_request(scope, body_file)
            if request is None:
                body_file.close()
                await self.send_response(error_response, send)
                await self.close(error_response)
                return
            response = await self.respond(request, receive, send)
            if response is None:
                await self.signal(request_finished)
            else:
                await self.close(response)

    async def respond(self, request, receive, send):
        """The response that was sent, or None when the client went away first: the view is cancelled then."""
        # Starts at once: a page that waits for nothing is done here, before its reader could have left.
        work = asyncio.Task(self.answer(request, send), loop=asyncio.get_running_loop(), eager_start=True)
        if work.done():
            return work.result()
        disconnected = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait({disconnected, work}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            return None
        finally:
            disconnected.cancel()
            work.cancel()
            with suppress(RequestAborted, asyncio.CancelledError):
                await disconnected

    async def answer(self, request, send):
        response = await self.run_get_response(request)
        await self.send_response(response, send)
        return response

    async def signal(self, signal, **kwargs):
        """Send in line: the usual receivers close this thread's database connections, and the event loop's thread has none."""
        if self.used_thread() or has_async_receivers(signal):
            await signal.asend(sender=self.__class__, **kwargs)
        else:
            signal.send(sender=self.__class__, **kwargs)

    async def close(self, response):
        if self.used_thread():
            await sync_to_async(response.close)()
        else:
            response.close()

    @staticmethod
    def used_thread():
        """Whether this request ran anything in its thread, where the ORM may have opened a connection."""
        return SyncToAsync.context_to_thread_executor[SyncToAsync.thread_sensitive_context.get()].used


def has_async_receivers(signal):
    """Whether somebody connected a coroutine to the signal; they need asend()."""
    return any(is_async for *_, is_async in signal.receivers)


class TooLarge(Exception):
    pass


class TooSlow(Exception):
    pass


class Limits:
    """ASGI wrapper: bounds methods, body size and body time before Django sees the request, whatever stands in front."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.lifespan(receive, send)
        if scope["type"] != "http":
            return None
        if scope["method"] not in METHODS:
            return await self.refuse(send, scope, 405, {b"allow": ", ".join(sorted(METHODS)).encode()})
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit():
            return await self.refuse(send, scope, 400)
        # Python reads no number of thousands of digits.
        if len(announced) > 15 or int(announced) > settings.MAX_BODY_BYTES:
            return await self.refuse(send, scope, 413)
        started = False

        async def sending(message):
            nonlocal started
            started = True
            await send(message)

        try:
            return await self.app(scope, self.bounded(receive), sending)
        except (TooLarge, TooSlow) as error:
            if not started:
                return await self.refuse(send, scope, 413 if isinstance(error, TooLarge) else 408)

    @staticmethod
    def bounded(receive):
        seen, complete = 0, False
        deadline = asyncio.get_running_loop().time() + BODY_SECONDS

        async def receiving():
            nonlocal seen, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            seen += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if seen > settings.MAX_BODY_BYTES:
                raise TooLarge
            return message

        return receiving

    @staticmethod
    async def refuse(send, scope, status, headers=None):
        """A whole page, because a person may see it; nothing of the request is in it."""
        template = {413: "413.html", 405: "405.html"}.get(status, "400.html")
        body = render_to_string(template, {"limit": filesizeformat(settings.MAX_BODY_BYTES)}).encode()
        base = {
            b"content-type": b"text/html; charset=utf-8",
            b"content-length": str(len(body)).encode(),
            b"content-security-policy": POLICY,
            b"x-content-type-options": b"nosniff",
            **{name.lower().encode(): value.encode() for name, value in ISOLATION.items()},
            b"cross-origin-opener-policy": b"same-origin",
            b"referrer-policy": b"same-origin",
            b"cache-control": b"no-store",
            b"connection": b"close",
        }
        if settings.HTTPS:
            base[b"strict-transport-security"] = b"max-age=63072000; includeSubDomains; preload"
        await send({"type": "http.response.start", "status": status, "headers": list({**base, **(headers or {})}.items())})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    @staticmethod
    async def lifespan(receive, send):
        from core.microservices import http

        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                settle()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await http.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return


def settle():
    """Get this process ready to serve: what happens once happens now, not in somebody's first request."""
    get_resolver().url_patterns  # noqa: B018 - a property that imports every view
    # What is loaded by now stays: the garbage collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    # A thread that works for one request, such as a sign-up, gives way to all the others ten times as often as usual.
    sys.setswitchinterval(0.0005)


application = Limits(Handler())
