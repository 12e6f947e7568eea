"""A small HTTP/1.1 client that keeps its connections, cheap enough to keep a server busy from one core. rows.py calls it.

Every run is bounded in count and time, and only ever speaks to 127.0.0.1.
"""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

LONGEST = 30
# What a browser sends with a page request, so that nobody is measured on a request that no reader makes.
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.9",
}


def request(port, path="/", method="GET", headers=None, cookies=None, form=None):
    """The bytes of one request."""
    body = urlencode(form).encode() if form is not None else b""
    lines = {"Host": f"127.0.0.1:{port}", **BROWSER, **(headers or {})}
    if cookies:
        lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if form is not None:
        lines |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


@dataclass
class Reply:
    status: int
    head: bytes
    body: bytes

    def header(self, name):
        """The first value of a header, or an empty string."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""

    def cookies(self):
        """Name and value of every cookie that the answer sets."""
        lines = [line.partition(b":") for line in self.head.split(b"\r\n")[1:]]
        pairs = [value.strip().split(b";")[0].decode() for name, _, value in lines if name.lower() == b"set-cookie"]
        return dict(pair.split("=", 1) for pair in pairs)


@dataclass
class Load:
    """What a run gave: answers, seconds for all of them, seconds for each, and how many were not what was expected."""

    seconds: float = 0.0
    latencies: list = field(default_factory=list)
    wrong: int = 0

    @property
    def count(self):
        return len(self.latencies)

    @property
    def rate(self):
        return self.count / self.seconds


class Broken(Exception):
    """The server closed the connection in the middle of an answer, or sent one without a length."""


class Connection(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self):
        self.transport = self.answer = None
        self.received = bytearray()
        self.ends_at = None

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, content):
        """A future of the Reply."""
        self.received.clear()
        self.ends_at = None
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(content)
        return self.answer

    def data_received(self, data):
        self.received += data
        if self.ends_at is None:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head = bytes(self.received[:end])
            length = content_length(self.head)
            if length is None:
                return self._fail("an answer without a length")
            self.starts_at, self.ends_at = end + 4, end + 4 + length
        if len(self.received) >= self.ends_at and not self.answer.done():
            body = bytes(self.received[self.starts_at : self.ends_at])
            self.answer.set_result(Reply(int(self.head[9:12]), self.head, body))

    def connection_lost(self, problem):
        self._fail("the connection ended")

    def _fail(self, why):
        if self.answer and not self.answer.done():
            self.answer.set_exception(Broken(why))


def content_length(head):
    """The length that an answer's head announces; 0 for one that has no body, None when it is not said."""
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    if at >= 0:
        return int(lower[at + 17 :].split(b"\r\n", 1)[0])
    return 0 if head[9:12] in (b"204", b"304") else None


async def connect(port):
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


async def one(port, content):
    """The Reply to a single request on a connection of its own."""
    connection = await connect(port)
    try:
        async with asyncio.timeout(LONGEST):
            return await connection.ask(content)
    finally:
        connection.transport.close()


async def keep_busy(port, content, connections=8, count=None, seconds=None, expect=200):
    """Load: so many connections, each asking again as soon as it has its answer, until `count` answers or `seconds`."""
    load, left = Load(), count
    end = time.perf_counter() + min(seconds or LONGEST, LONGEST)
    opened = await asyncio.gather(*(connect(port) for _ in range(connections)))

    async def ask_again(connection):
        nonlocal left
        while (left is None or left > 0) and time.perf_counter() < end:
            if left is not None:
                left -= 1
            started = time.perf_counter()
            reply = await connection.ask(content)
            load.latencies.append(time.perf_counter() - started)
            load.wrong += reply.status != expect

    started = time.perf_counter()
    try:
        async with asyncio.timeout(2 * LONGEST):
            await asyncio.gather(*map(ask_again, opened))
    finally:
        load.seconds = time.perf_counter() - started
        for connection in opened:
            connection.transport.close()
    return load


async def at_a_pace(port, content, rate, seconds, expect=200):
    """Load: `rate` requests a second, whether or not the earlier ones were answered.

    A latency counts from when the request was due, so that a server that stalls cannot hide it by not being asked.
    """
    load, idle, opened = Load(), [], []
    started = time.perf_counter()

    async def ask_at(due):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if idle:
            connection = idle.pop()
        else:
            connection = await connect(port)
            opened.append(connection)
        reply = await connection.ask(content)
        load.latencies.append(time.perf_counter() - due)
        load.wrong += reply.status != expect
        idle.append(connection)

    try:
        async with asyncio.timeout(seconds + LONGEST):
            await asyncio.gather(*(ask_at(started + number / rate) for number in range(int(rate * seconds))))
    finally:
        load.seconds = time.perf_counter() - started
        for connection in opened:
            connection.transport.close()
    return load


def run(work):
    """The result of a coroutine, on the fastest event loop there is: the load must not be slower than what it measures."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        new_event_loop = None
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)
