"""Asks the real ASGI application, wrapper and all, without a server: for tests of what Django's own test client goes around."""

import asyncio
from dataclasses import dataclass


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()


async def ask(path, method="GET", headers=None, body=b"", chunks=None, announce=True):
    """One request to core.asgi.application; `chunks` replaces `body` by a list that is sent piece by piece."""
    from core.asgi import application

    given = {"host": "testserver", **(headers or {})}
    pieces = list(chunks) if chunks is not None else [body]
    if announce and any(pieces):
        given["content-length"] = str(sum(map(len, pieces)))
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
    }
    sent, done = [], asyncio.Event()

    async def receive():
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await application(scope, receive, send)
    done.set()
    start = sent[0]
    names = {}
    for name, value in start["headers"]:
        names.setdefault(name.decode().lower(), value.decode())
    return Reply(start["status"], names, b"".join(message.get("body", b"") for message in sent[1:]))


def asked(path, **options):
    return asyncio.run(ask(path, **options))
