"""The site with one more header: X-Thread-Hops, how many functions the request sent to a thread before its answer began."""

from contextvars import ContextVar

from asgiref.sync import SyncToAsync

from core import asgi

_hops = ContextVar("hops")
_original = SyncToAsync.__call__


async def _counting(self, *args, **kwargs):
    if (names := _hops.get(None)) is not None:
        names.append(getattr(self.func, "__qualname__", repr(self.func)))
    return await _original(self, *args, **kwargs)


SyncToAsync.__call__ = _counting


async def application(scope, receive, send):
    _hops.set(names := [])

    async def sending(message):
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"x-thread-hops", str(len(names)).encode())]}
        await send(message)

    await asgi.application(scope, receive, sending)
