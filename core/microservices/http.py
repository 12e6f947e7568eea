"""How the site calls an outside service: one policy for all of them. promos.py and recommendations.py hold a Service each.

A call has a slot among a few, one total deadline, a size cap while it streams, no redirects, no proxies from the environment, no
compression; status and type are checked before strict JSON is parsed. Any fault becomes Unavailable and one line in the log.
With an empty URL the service that comes with the project is called in this process, through this same code.
"""

import asyncio
import logging
import re
import socket
import threading
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver
from yarl import URL

from core import scenes

log = logging.getLogger("dimorph.microservices")

DEADLINE = 0.8
CONNECT = 0.2
BODY_LIMIT = 64 * 1024
AT_ONCE = 10
LOOKUPS_AT_ONCE = 2
_REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class Unavailable(Exception):
    """A service gave no usable answer. `service` is its name, `reason` one word for the fault:

    busy, deadline, connect-timeout, refused, dns, broken-off, protocol, redirect, status, content-type, encoding, oversize
    or malformed.
    """

    def __init__(self, service, reason):
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


class Malformed(Exception):
    """What a service said is not what its contract promises; raised by whoever reads an answer."""


class _Fault(Exception):
    """A fault that this module found itself; its text is the reason."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The beginning of an answer: headers by lower-case name, and the body as it arrives."""

    status: int
    headers: dict
    chunks: object


class Service:
    """One outside service. `url()` gives its address; `embedded()` gives the ASGI app to call when the address is empty."""

    def __init__(self, name, url, embedded):
        self.name = name
        self._url = url
        self._embedded = embedded
        self._slots = threading.Semaphore(AT_ONCE)
        self._sessions = WeakKeyDictionary()
        _services.append(self)

    async def call(self, method, path, read, query=None, body=None, request_id=""):
        """What `read` makes of the answer's JSON (None for an empty body); `read` raises Malformed for what it cannot use.

        Raises Unavailable. A caller that goes away cancels the call, frees its slot and leaves no line in the log.
        """
        started = time.perf_counter()
        # Full means that the service is slow already: waiting in a queue would only make more people wait.
        if not self._slots.acquire(blocking=False):
            raise self._failed("busy", started)
        try:
            async with asyncio.timeout(DEADLINE):
                return read(await self._attempt(method, path, query, body, request_id))
        except Exception as error:
            raise self._failed(_reason(error), started) from error
        finally:
            self._slots.release()

    async def aclose(self):
        """Close the running loop's connections; the next call opens new ones."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session:
            await session.close()

    async def _attempt(self, method, path, query, body, request_id):
        """One request and its checked answer. Retrying and breaking off belong around this, inside the deadline."""
        target = path + ("?" + urlencode(query) if query else "")
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "dimorph"}
        if _REQUEST_ID.fullmatch(request_id):
            headers["X-Request-ID"] = request_id
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        scene = scenes.playing()
        url = "" if scene else self._url()
        exchange = (
            _over_network(await self._session(), url, method, target, headers, content)
            if url
            else _in_process(scene.services[self.name] if scene else self._embedded(), method, target, headers, content)
        )
        async with exchange as reply:
            return await _checked(reply)

    async def _session(self):
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            session = self._sessions[loop] = _new_session()
            # A session holds its loop, so those of loops that ended without aclose() would stay for ever.
            for ended in [other for other in self._sessions if other.is_closed()]:
                await self._sessions.pop(ended).close()
        return session

    def _failed(self, reason, started):
        elapsed = round((time.perf_counter() - started) * 1000)
        log.warning("service call failed", extra={"fields": {"service": self.name, "fault": reason, "elapsed_ms": elapsed}})
        return Unavailable(self.name, reason)


_services = []


async def aclose():
    """Close what the running loop holds open towards every service. The server calls it when it stops."""
    for service in _services:
        await service.aclose()


def _reason(error):
    # The narrow classes first: aiohttp's connect timeout is also a TimeoutError, its DNS error also a connector error.
    match error:
        case _Fault():
            return str(error)
        case aiohttp.ConnectionTimeoutError():
            return "connect-timeout"
        case TimeoutError():
            return "deadline"
        case Malformed() | msgspec.MsgspecError() | RecursionError():
            return "malformed"
        case aiohttp.ClientConnectorDNSError():
            return "dns"
        case aiohttp.ClientConnectorError():
            return "refused"
        case aiohttp.ClientResponseError() | aiohttp.InvalidURL():
            return "protocol"
        case aiohttp.ClientError() | OSError():
            return "broken-off"
        case _:
            log.error("service call raised what it should not", exc_info=error)
            return "protocol"


async def _checked(reply):
    if 300 <= reply.status < 400:
        raise _Fault("redirect")
    if not 200 <= reply.status < 300:
        raise _Fault("status")
    if reply.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise _Fault("encoding")
    length = reply.headers.get("content-length", "0")
    if length.isdigit() and int(length) > BODY_LIMIT:
        raise _Fault("oversize")
    body = bytearray()
    async for chunk in reply.chunks:
        if not body and chunk:
            _check_type(reply.headers.get("content-type", ""))
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _Fault("oversize")
    return msgspec.json.decode(body) if body.strip() else None


def _check_type(value):
    media_type, *parameters = (part.strip().lower() for part in value.split(";"))
    charset = next((part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")), "utf-8")
    if not (media_type == "application/json" or media_type.endswith("+json")) or charset not in ("utf-8", "utf8"):
        raise _Fault("content-type")


@asynccontextmanager
async def _over_network(session, url, method, target, headers, content):
    async with session.request(
        method, URL(url + target, encoded=True), headers=headers, data=content, allow_redirects=False
    ) as response:
        # An answer that is given up before its end takes its connection with it; aiohttp sees to that when this block is left.
        headers = {name.lower(): value for name, value in response.headers.items()}
        yield Reply(response.status, headers, response.content.iter_any())


@asynccontextmanager
async def _in_process(app, method, target, headers, content):
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": None,
        "server": None,
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": content or b"", "more_body": False}

    async def send(message):
        sent.append(message)

    async def chunks():
        for message in sent[1:]:
            yield message.get("body", b"")

    await app(scope, receive, send)
    start = sent[0]
    yield Reply(start["status"], {name.decode().lower(): value.decode() for name, value in start["headers"]}, chunks())


def _new_session():
    return aiohttp.ClientSession(
        # The second address of a name is tried well before the connection attempt has to end.
        connector=aiohttp.TCPConnector(limit=AT_ONCE, resolver=_Resolver(), ttl_dns_cache=30, happy_eyeballs_delay=CONNECT / 4),
        # The whole call has its deadline in Service.call(); aiohttp only has to give up a connection attempt early.
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=BODY_LIMIT // 4,
    )


class _Resolver(AbstractResolver):
    """Looks names up in a few threads of this service alone, so that a name that hangs takes nobody else's threads.

    They are daemons: a lookup that nobody waits for any more does not hold up the end of the process.
    """

    def __init__(self):
        self._slots = threading.Semaphore(LOOKUPS_AT_ONCE)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if not self._slots.acquire(blocking=False):
            raise OSError("every lookup of this service hangs")
        loop = asyncio.get_running_loop()
        found = loop.create_future()
        threading.Thread(target=self._look_up, args=(loop, found, host, port, family), name="lookup", daemon=True).start()
        return [
            {
                "hostname": host,
                "host": address[0],
                "port": address[1],
                "family": kind,
                "proto": protocol,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
            for kind, _, protocol, _, address in await found
        ]

    def _look_up(self, loop, found, host, port, family):
        try:
            result, error = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM), None
        except (OSError, UnicodeError) as problem:
            result, error = None, problem if isinstance(problem, OSError) else OSError(str(problem))
        finally:
            self._slots.release()
        # The loop may have ended while the name was being looked up; then nobody waits for it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, found, result, error)

    async def close(self):
        """Nothing is held open."""


def _settle(found, result, error):
    if found.done():
        return
    if error is not None:
        found.set_exception(error)
    else:
        found.set_result(result)
