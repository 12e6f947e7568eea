"""Both outside services on loopback, which misbehave on demand. Only the standard library is needed.

The browser journeys and the client's own tests run against it: FaultyServices starts it as a process of its own and sets how each
service behaves. Control, on a port of its own: `POST /__mode {"service": "promos", "mode": "slow", "seconds": 5}`,
`GET /__calls`, `POST /__reset`.
"""

import asyncio
import gzip
import http.client
import json
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SERVICES = ("promos", "recommendations")
KEY = {"promos": "promos", "recommendations": "items"}
MODES = {
    "ok": "the contract, with good content",
    "slow": "the same after `seconds`",
    "refuse": "the port is closed",
    "blackhole": "the connection is accepted and never answered",
    "drip": "one byte every 0.4 seconds",
    "rst": "the connection is reset in the middle of the body",
    "cut": "the connection is closed in the middle of the body",
    "truncated": "JSON that ends early, with the right length",
    "content-type": "good JSON called text/plain",
    "html": "200 with a page",
    "oversize": "a body of 10 MB",
    "endless": "a body without a length that goes on for ever",
    "gzip-bomb": "200 MB in a small compressed body",
    "deep": "JSON nested 30 000 deep",
    "nan": "NaN where a number may stand",
    "500": "an error with a body that looks good",
    "no-content": "204",
    "empty": "200 with an empty body",
    "null": "null",
    "no-items": "a list without items",
    "one-bad": "five items, one of them without a title",
    "all-bad": "five items that all lack something",
    "long": "titles of 1 000 characters",
    "xss": "markup, template code and direction marks in every text",
    "links": "links that run script or leave the site in disguise",
    "redirect": "302 to the canary",
    "other-reader": "another reader's items",
}
XSS = [
    "<img src=x onerror=\"window.__xss='image'\">",
    "</script><script>window.__xss='script'</script>",
    "{{7*7}} ${7*7} {% debug %}",
    "\u202eevil\u202c title\u2066",
    "<b hx-get='/logout/' hx-trigger='load' hx-on:load=\"window.__xss='htmx'\">title</b>",
]
LINKS = [
    "javascript:window.__xss='link'",
    "data:text/html,<script>window.__xss='data'</script>",
    "//evil.example/",
    "\\\\evil.example\\",
    "/good",
]
BOOKS = [
    ("moby-dick", "Moby-Dick", "Herman Melville"),
    ("middlemarch", "Middlemarch", "George Eliot"),
    ("dracula", "Dracula", "Bram Stoker"),
    ("emma", "Emma", "Jane Austen"),
    ("the-time-machine", "The Time Machine", "H. G. Wells"),
    ("great-expectations", "Great Expectations", "Charles Dickens"),
    ("jane-eyre", "Jane Eyre", "Charlotte Brontë"),
    ("treasure-island", "Treasure Island", "Robert Louis Stevenson"),
    ("the-moonstone", "The Moonstone", "Wilkie Collins"),
    ("walden", "Walden", "Henry David Thoreau"),
    ("little-women", "Little Women", "Louisa May Alcott"),
    ("kim", "Kim", "Rudyard Kipling"),
    ("candide", "Candide", "Voltaire"),
    ("hamlet", "Hamlet", "William Shakespeare"),
    ("the-trial", "The Trial", "Franz Kafka"),
]
PROMOS = [
    ("sea-week", "A week at sea", "Pirates, whales and islands.", "See your picks"),
    ("long-nights", "Novels for long nights", "One big book brings the next.", "Find a novel"),
    ("free-to-read", "Free to read tonight", "Every title is a public-domain classic.", "Find a book"),
]


# What is said ----------------------------------------------------------------------------------------------------------


class State:
    """How each service behaves now, and what it has been asked."""

    def __init__(self):
        self.mode = dict.fromkeys(SERVICES, "ok")
        self.seconds = dict.fromkeys(SERVICES, 1.0)
        self.events = {}
        self.at_work = dict.fromkeys(SERVICES, 0)
        self.clear()

    def clear(self):
        self.calls = {service: {} for service in SERVICES}
        self.abandoned = dict.fromkeys(SERVICES, 0)
        self.most_at_once = dict.fromkeys(SERVICES, 0)
        self.together = 0
        self.request_ids = []
        self.canary = 0


def promos_answer(query):
    audience = query.get("audience", "visitor")
    target = "/#join" if audience == "visitor" else "/picks/"
    chosen = PROMOS[:1] if audience == "visitor" else PROMOS
    return [promo(*texts, target) for texts in chosen]


def promo(name, title, body, label, url):
    return {
        "id": name,
        "title": title,
        "body": body,
        "cta": {"label": label, "url": url},
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2046-01-01T00:00:00Z",
    }


def book(name, title, author, reason, url="https://openlibrary.org/search?q=classics"):
    return {"id": name, "title": title, "author": author, "reason": reason, "url": url, "cover": None}


def books_answer(query, events):
    known = events.get(query.get("reader"), {})
    settled = {item for item, kind in known.items() if kind in ("liked", "owned", "dismissed")}
    liked = [title for name, title, _ in BOOKS if known.get(name) == "liked"]
    reason = f"Because you liked {liked[-1]}" if liked else "Popular this week"
    limit = int(query.get("limit", 12))
    return [book(name, title, author, reason) for name, title, author in BOOKS if name not in settled][:limit]


def answer(service, query, state):
    """The good answer of the service, as a dict."""
    if service == "promos":
        return {"promos": promos_answer(query)}
    known = any(kind != "shown" for kind in state.events.get(query.get("reader"), {}).values())
    return {"reader": query.get("reader"), "items": books_answer(query, state.events), "model": "related" if known else "popular"}


def five(service, texts=None, urls=None):
    """Five items with the given titles or links."""
    texts = texts or [title for _, title, _ in BOOKS[:5]]
    urls = urls or ["/picks/"] * 5
    pairs = list(zip(texts, urls, strict=True))
    if service == "promos":
        return [promo(f"item-{number}", text, text, text[:60], url) for number, (text, url) in enumerate(pairs, 1)]
    return [book(f"item-{number}", text, text, text, url) for number, (text, url) in enumerate(pairs, 1)]


def lacking(item, field):
    return {name: value for name, value in item.items() if name != field}


def misshapen(mode, service, good):
    """The answer's data for the modes that only change what is said."""
    key = KEY[service]
    if mode == "one-bad":
        items = five(service)
        return {**good, key: [*items[:2], lacking(items[2], "title"), *items[3:]]}
    if mode == "all-bad":
        fields = ("id", "title", "title", "id", "title")
        return {**good, key: [lacking(item, field) for item, field in zip(five(service), fields, strict=True)]}
    if mode == "long":
        return {**good, key: five(service, ["Long " * 200 + "e\u0301" * 20] * 5)}
    if mode == "xss":
        return {**good, key: five(service, XSS)}
    if mode == "links":
        return {**good, key: five(service, urls=LINKS)}
    if mode == "other-reader":
        return {**good, "reader": "somebody-else"}
    if mode == "no-items":
        return {**good, key: []}
    return good


def body_of(mode, service, good):
    """(status, headers, body) for the modes that answer at once and whole."""
    json_type = {"Content-Type": "application/json"}
    if mode == "truncated":
        return 200, json_type, json.dumps(good).encode()[:-20]
    if mode == "content-type":
        return 200, {"Content-Type": "text/plain"}, json.dumps(good).encode()
    if mode == "html":
        return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>It works</title><h1>It works</h1>"
    if mode == "oversize":
        return 200, json_type, json.dumps(good).encode() + b" " * 10_000_000
    if mode == "gzip-bomb":
        return 200, json_type | {"Content-Encoding": "gzip"}, bomb()
    if mode == "deep":
        return 200, json_type, b'{"promos": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    if mode == "nan":
        return 200, json_type, json.dumps(good | {"score": float("nan")}).encode()
    if mode == "500":
        return 500, json_type, json.dumps(good).encode()
    if mode == "no-content":
        return 204, {}, b""
    if mode == "empty":
        return 200, json_type, b""
    if mode == "null":
        return 200, json_type, b"null"
    return 200, json_type, json.dumps(misshapen(mode, service, good)).encode()


_bomb = []


def bomb():
    if not _bomb:
        _bomb.append(gzip.compress(b" " * 200_000_000, 9))
    return _bomb[0]


# How it is said --------------------------------------------------------------------------------------------------------


class Door:
    """One listening port whose connections can be dropped and which can be closed and opened again."""

    def __init__(self, handle):
        self.handle = handle
        self.server = None
        self.port = 0
        self.writers = set()

    async def open(self):
        if self.server is None:
            self.server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
            self.port = self.server.sockets[0].getsockname()[1]

    async def close(self):
        if self.server is not None:
            self.server.close()
            self.server = None
        self.drop()

    def drop(self):
        for writer in list(self.writers):
            writer.transport.abort()

    async def _meet(self, reader, writer):
        self.writers.add(writer)
        try:
            while request := await read_request(reader):
                if not await self.handle(request, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()


async def read_request(reader):
    """(method, path, query, headers, body), or None when the other side is done."""
    line = await reader.readline()
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split()
    headers = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return method, parts.path, query, headers, body


def packed(status, headers, body):
    lines = [f"HTTP/1.1 {status} {http.client.responses[status]}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def service_door(service, state, canary):
    async def handle(request, reader, writer):
        state.at_work[service] += 1
        state.most_at_once[service] = max(state.most_at_once[service], state.at_work[service])
        state.together += all(state.at_work.values())
        # A caller that goes away while we make it wait ends the wait: that is how a test sees that it did.
        speaking = asyncio.ensure_future(speak(request, writer))
        gone = asyncio.ensure_future(left(reader))
        try:
            await asyncio.wait({speaking, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not speaking.done() or isinstance(speaking.exception(), ConnectionError):
                state.abandoned[service] += 1
                return False
            return speaking.result() and not gone.done()
        finally:
            state.at_work[service] -= 1
            for task in (speaking, gone):
                task.cancel()
            await asyncio.gather(speaking, gone, return_exceptions=True)

    async def speak(request, writer):
        method, path, query, headers, body = request
        state.calls[service][f"{method} {path}"] = state.calls[service].get(f"{method} {path}", 0) + 1
        state.request_ids.append(headers.get("x-request-id", ""))
        mode = state.mode[service]
        if path == "/health":
            writer.write(packed(200, {"Content-Type": "application/json"}, b'{"status": "ok"}'))
        elif (method, path) not in {("GET", f"/{service}"), ("POST", "/events")}:
            writer.write(packed(404, {"Content-Type": "application/json"}, b'{"error": "There is nothing at this path."}'))
        elif mode == "blackhole":
            await asyncio.Event().wait()
        elif mode == "redirect":
            writer.write(packed(302, {"Location": canary()}, b""))
        else:
            if mode == "slow":
                await asyncio.sleep(state.seconds[service])
            if method == "POST":
                keep(body, state)
                good, whole = {}, packed(202, {"Content-Type": "application/json"}, b'{"accepted": 1, "rejected": 0}')
            else:
                good = answer(service, query, state)
                whole = None
            if mode in ("drip", "rst", "cut", "endless"):
                return await break_off(
                    mode, writer, whole or packed(200, {"Content-Type": "application/json"}, json.dumps(good).encode())
                )
            writer.write(whole if whole and mode in ("ok", "slow") else packed(*body_of(mode, service, good)))
        await writer.drain()
        return True

    return Door(handle)


async def left(reader):
    """Returns when the other side has gone. It only looks, because reading could take the first byte of the next request."""
    while not reader.at_eof() and reader.exception() is None:  # noqa: ASYNC110 - streams have no event for this
        await asyncio.sleep(0.01)


async def break_off(mode, writer, whole):
    if mode == "endless":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"2000\r\n" + b" " * 8192 + b"\r\n")
            await writer.drain()
    if mode == "drip":
        for position in range(len(whole)):
            writer.write(whole[position : position + 1])
            await writer.drain()
            await asyncio.sleep(0.4)
        return True
    writer.write(whole[: len(whole) - 40])
    await writer.drain()
    if mode == "rst":
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    return False


def keep(body, state):
    with suppress(ValueError, TypeError, KeyError):
        for event in json.loads(body)["events"]:
            state.events.setdefault(event["reader"], {})[event["item"]] = event["kind"]


# Control ---------------------------------------------------------------------------------------------------------------


def control_door(state, doors):
    async def handle(request, reader, writer):
        method, path, _, _, body = request
        status, told = 200, {}
        if path == "/__canary":
            state.canary += 1
        elif (method, path) == ("POST", "/__mode"):
            status, told = await set_mode(body)
        elif (method, path) == ("POST", "/__reset"):
            state.events.clear()
            for service in SERVICES:
                await set_mode(json.dumps({"service": service, "mode": "ok"}))
            state.clear()
        elif path == "/__calls":
            told = {
                "calls": state.calls,
                "abandoned": state.abandoned,
                "most_at_once": state.most_at_once,
                "together": state.together,
                "request_ids": state.request_ids,
                "canary": state.canary,
                "mode": state.mode,
            }
        else:
            status = 404
        writer.write(packed(status, {"Content-Type": "application/json"}, json.dumps(told).encode()))
        await writer.drain()
        return True

    async def set_mode(body):
        try:
            told = json.loads(body)
            service, mode, seconds = told["service"], told["mode"], float(told.get("seconds", 1))
        except (ValueError, TypeError, KeyError):
            return 422, {"error": 'Send {"service": ..., "mode": ..., "seconds": ...}.'}
        if service not in SERVICES or mode not in MODES:
            return 422, {"error": f"Services: {', '.join(SERVICES)}. Modes: {', '.join(MODES)}."}
        state.mode[service], state.seconds[service] = mode, seconds
        if mode == "gzip-bomb":
            await asyncio.to_thread(bomb)
        door = doors[service]
        if mode == "refuse":
            await door.close()
        else:
            # Kept connections would carry on as if nothing had changed.
            door.drop()
            await door.open()
        return 200, {"service": service, "mode": mode}

    return Door(handle)


async def serve():
    state = State()
    control = None
    doors = {service: service_door(service, state, lambda: f"http://127.0.0.1:{control.port}/__canary") for service in SERVICES}
    control = control_door(state, doors)
    for door in (*doors.values(), control):
        await door.open()
    sys.stdout.write(json.dumps({"control": control.port, **{service: door.port for service, door in doors.items()}}) + "\n")
    sys.stdout.flush()
    # The one who started us holds the other end: when it ends, however it ends, so do we.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


# For tests -------------------------------------------------------------------------------------------------------------


class FaultyServices:
    """Both services in a process of their own, as a context manager.

    `promos_url` and `recommendations_url` go into the site's settings. `be("promos", "slow", seconds=5)` changes a service at
    once; calls() tells what was asked: {"calls": {service: {"GET /promos": n}}, "abandoned": {service: n},
    "most_at_once": {service: n}, "request_ids": [...], "canary": n, "mode": {service: mode}}.
    """

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ports = json.loads(self._process.stdout.readline())
        self.promos_url = f"http://127.0.0.1:{self.ports['promos']}"
        self.recommendations_url = f"http://127.0.0.1:{self.ports['recommendations']}"
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def be(self, service, mode, seconds=1.0):
        """Make "promos" or "recommendations" behave as one of MODES from now on; returns when it does."""
        self._ask("POST", "/__mode", {"service": service, "mode": mode, "seconds": seconds})

    def reset(self):
        """Both services good, nothing counted, no events known."""
        self._ask("POST", "/__reset", {})

    def calls(self):
        """What has been asked since the last reset."""
        return self._ask("GET", "/__calls")

    def wait_for_calls(self, met, within=5.0):
        """The calls as soon as `met(calls)` is true; AssertionError when it does not come true within so many seconds."""
        end = time.monotonic() + within
        while not met(calls := self.calls()):
            assert time.monotonic() < end, f"not met within {within} s: {calls}"
            time.sleep(0.02)
        return calls

    def _ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["control"], timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            response = connection.getresponse()
            told = json.loads(response.read() or b"{}")
            if response.status != 200:
                raise ValueError(told.get("error", response.status))
            return told
        finally:
            connection.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
