"""What is measured: every function gives the rows of one subject. The bench command calls those in ROWS, by name."""

import asyncio
import html
import json
import re
import secrets
import statistics
import sys
import time
from contextlib import ExitStack
from functools import cached_property

from core.accounts.hashing import BoundedArgon2
from core.bench import edits, load, machine, page, report
from core.bench.report import Goal, compared, unmeasured, within
from core.bench.serving import Failed, Server

PASSWORD = "three favourite books"  # noqa: S105
# A site takes any secret of the right length that comes in both the cookie and the form.
CSRF = secrets.token_hex(16)
FRAGMENTS = ("/fragments/promos/", "/fragments/recommendations/")
JSON_ONLY = {"Accept": "application/json", "Accept-Encoding": "identity"}


class Ground:
    """Where everything is measured: a folder of its own, the cores, and each server, started when it is first asked for."""

    def __init__(self, folder, quick=False):
        self.folder, self.quick = folder, quick
        self.cores, self.others = machine.cores()
        self.running = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return self.running.__exit__(*exception)

    def rounds(self, usual):
        return max(2, usual // 3) if self.quick else usual

    def serve(self, application, **options):
        return self.running.enter_context(Server(application, self.folder, **options))

    @cached_property
    def site(self):
        return self.serve("core.asgi:application", cores=self.cores)

    @cached_property
    def stock(self):
        return self.serve("core.bench.stock:application", cores=self.cores, DJANGO_SETTINGS_MODULE="core.bench.stock_settings")

    @cached_property
    def services(self):
        """Both services, slowed down, on the cores of the load: they stand for somebody else's machine."""
        environment = {"RECOMMENDATIONS_DATABASE": str(self.folder / "services.sqlite3")}
        return self.serve("core.bench.services:application", cores=self.others, **environment)

    @cached_property
    def urls(self):
        address = f"http://127.0.0.1:{self.services.port}"
        return {"PROMOS_URL": address, "RECOMMENDATIONS_URL": address}

    @cached_property
    def connected(self):
        """The site that calls those services."""
        return self.serve("core.asgi:application", cores=self.cores, **self.urls)

    @cached_property
    def member(self):
        """The cookies of somebody with an account and three favourites."""
        cookies = {**sign_up(self.site), "csrftoken": CSRF}
        picker = fetch(self.site, "/fragments/recommendations/", cookies=cookies).body.decode()
        offer = html.unescape(re.search(r'name="offer" value="([^"]*)"', picker)[1])
        picks = [("pick", html.unescape(value)) for value in re.findall(r'name="pick" value="([^"]*)"', picker)[:3]]
        form = [("csrfmiddlewaretoken", CSRF), ("offer", offer), *picks]
        fetch(self.site, "/picks/" if not picks else "/fragments/picks/", method="POST", cookies=cookies, form=form, expect=302)
        return cookies


def fetch(server, path="/", expect=200, **options):
    """The Reply to one request; raises Failed when it has another status than expected."""
    reply = load.run(load.one(server.port, load.request(server.port, path, **options)))
    if reply.status != expect:
        raise Failed(f"{path} answered {reply.status}: {reply.body[:300]!r}")
    return reply


def sign_up_request(port):
    form = {"csrfmiddlewaretoken": CSRF, "email": f"{secrets.token_hex(8)}@example.com", "password1": PASSWORD}
    return load.request(port, "/signup/", method="POST", cookies={"csrftoken": CSRF}, form=form)


def sign_up(server):
    """The cookies of a new account."""
    reply = load.run(load.one(server.port, sign_up_request(server.port)))
    if reply.status != 302:
        raise Failed(f"/signup/ answered {reply.status}: {reply.body[:300]!r}")
    return reply.cookies()


def cpu_each(server, content, count, connections=8):
    """Seconds of the server's CPU for one such request, the mean of `count`."""
    before = server.cpu()
    done = load.run(load.keep_busy(server.port, content, connections=connections, count=count))
    used = server.cpu() - before
    if done.wrong or done.count < count:
        raise Failed(f"{done.wrong} of {done.count} answers were not the one that is measured")
    return used / done.count


def in_turn(rounds, first, second):
    """([what first() gave], [what second() gave]), called in turn so that a noisy moment meets both."""
    ones, others = [], []
    for number in range(rounds):
        # Neither side always has the fresh machine.
        for measure, kept in ((first, ones), (second, others)) if number % 2 else ((second, others), (first, ones)):
            kept.append(measure())
    return ones, others


# The landing page -----------------------------------------------------------------------------------------------------


def landing_cpu(ground):
    """CPU of one landing page against the same page rendered each time by Django out of the box."""
    ours, theirs = load.request(ground.site.port), load.request(ground.stock.port)
    cpu_each(ground.site, ours, 50)
    cpu_each(ground.stock, theirs, 20)
    mine, stock = in_turn(ground.rounds(5), lambda: cpu_each(ground.site, ours, 600), lambda: cpu_each(ground.stock, theirs, 80))
    yield compared("landing page, CPU per request", mine, stock, Goal(1 / 12), report.ms, style=report.part)


def landing_rate(ground):
    """Requests a second against a bare ASGI app that sends the same bytes."""
    content = load.request(ground.site.port)
    reply = fetch(ground.site)
    lines = [line.decode("latin-1").split(": ", 1) for line in reply.head.split(b"\r\n")[1:]]
    answer = ground.folder / "answer.json"
    own = {"date", "server", "connection"}
    headers = [(name, value) for name, value in lines if name.lower() not in own]
    answer.write_text(json.dumps({"headers": headers, "body": reply.body.hex()}), encoding="utf-8")
    bare = ground.serve("core.bench.bare:application", cores=ground.cores, path="/", BENCH_ANSWER=str(answer))
    bare_content = load.request(bare.port)

    def rate(server, asked):
        done = load.run(load.keep_busy(server.port, asked, connections=16, seconds=0.4 if ground.quick else 1.0))
        if done.wrong:
            raise Failed(f"{done.wrong} of {done.count} answers were not 200")
        return done.rate

    rate(ground.site, content)
    mine, limit = in_turn(ground.rounds(6), lambda: rate(ground.site, content), lambda: rate(bare, bare_content))
    yield compared(
        "landing page, requests",
        mine,
        limit,
        Goal(1 / 10, least=True),
        report.per_second,
        style=report.part,
        note=f"{len(reply.body)} bytes of body",
    )


def hops(ground):
    """Functions sent to a thread before the answer begins."""
    server = ground.serve("core.bench.counted:application", cores=ground.cores)
    for what, path, cookies, most in (
        ("thread hops, landing page", "/", None, 0),
        ("thread hops, fragment of a visitor", "/fragments/promo-strip/", None, 0),
        ("thread hops, fragment of a member", "/fragments/recommendations/", ground.member, 1),
        ("thread hops, dashboard shell", "/", ground.member, 3),
    ):
        fetch(server, path, cookies=cookies)
        yield within(what, int(fetch(server, path, cookies=cookies).header("X-Thread-Hops")), Goal(most), report.number)


# The member's page ------------------------------------------------------------------------------------------------------


def dashboard_cpu(ground):
    """CPU of the dashboard's shell against an async view that says hello, through Django's own chain; and of the dashboard with
    its fragments in it against the shell and both fragments asked for one by one."""
    bare = ground.serve("core.asgi:application", cores=ground.cores, WARM_SECONDS="0")
    shell = load.request(bare.port, cookies=ground.member)
    hello = load.request(ground.stock.port, "/hello/", cookies=ground.member)
    cpu_each(bare, shell, 30)
    cpu_each(ground.stock, hello, 30)
    mine, stock = in_turn(ground.rounds(5), lambda: cpu_each(bare, shell, 150), lambda: cpu_each(ground.stock, hello, 150))
    yield compared("dashboard shell, CPU per request", mine, stock, Goal(1.5), report.ms)

    whole = load.request(ground.site.port, cookies=ground.member)
    parts = [load.request(bare.port, path, cookies=ground.member) for path in ("/", *FRAGMENTS)]
    for path in FRAGMENTS:
        fetch(ground.site, path, cookies=ground.member)
    if b'data-state="loading"' in fetch(ground.site, cookies=ground.member, headers={"Accept-Encoding": "identity"}).body:
        raise Failed("a fragment was not in the page")
    one, three = in_turn(
        ground.rounds(5),
        lambda: cpu_each(ground.site, whole, 100),
        lambda: sum(cpu_each(bare, part, 50) for part in parts),
    )
    yield compared("dashboard with both fragments in it, to three requests", one, three, Goal(1.0), report.ms)


async def seconds_for(connection, content):
    started = time.perf_counter()
    reply = await connection.ask(content)
    if reply.status != 200:
        raise Failed(f"answered {reply.status}")
    return time.perf_counter() - started


def service_request(ground, path):
    return load.request(ground.services.port, path, headers=JSON_ONLY)


PROMOS, SHELF = "/promos?audience=member", "/recommendations?reader=somebody&limit=12"


def fragments(ground):
    """When both fragments are there, and when the first is, against their services called directly (100 and 300 ms)."""
    site = ground.connected
    asked = [load.request(site.port, f"/fragments/{name}/", cookies=ground.member) for name in ("promos", "recommendations")]
    direct = [service_request(ground, path) for path in (PROMOS, SHELF)]

    async def both(port, contents):
        """(seconds to the first answer, seconds to the last) when both are asked for at the same moment."""
        connections = await asyncio.gather(*(load.connect(port) for _ in contents))
        try:
            return sorted(await asyncio.gather(*map(seconds_for, connections, contents)))
        finally:
            for connection in connections:
                connection.transport.close()

    load.run(both(site.port, asked))
    mine, theirs = in_turn(
        ground.rounds(15), lambda: load.run(both(site.port, asked)), lambda: load.run(both(ground.services.port, direct))
    )
    last = [[pair[1] for pair in pairs] for pairs in (mine, theirs)]
    first = [[pair[0] for pair in pairs] for pairs in (mine, theirs)]
    yield compared("last of two fragments", *last, Goal(1.05), report.ms)
    yield compared("first of two fragments", *first, Goal(1.15), report.ms)


def in_flight(ground):
    """200 readers at once who ask for both fragments, against a view with a client per request and the services themselves."""
    readers = 60 if ground.quick else 200
    seconds = 1.0 if ground.quick else 2.0
    site = ground.serve("core.bench.roomy:application", cores=ground.cores, **ground.urls)
    stock = ground.serve(
        "core.bench.stock:application", cores=ground.cores, DJANGO_SETTINGS_MODULE="core.bench.stock_settings", **ground.urls
    )
    asked = [load.request(site.port, f"/fragments/{name}/", cookies=ground.member) for name in ("promos", "recommendations")]
    direct = [service_request(ground, path) for path in (PROMOS, SHELF)]
    gather = [load.request(stock.port, "/gather/")]
    tls = [load.request(stock.port, "/gather/?tls=1")]

    async def rate(port, contents, live):
        """How many readers a second had all they asked for; what is not `live` is not counted."""
        opened = await asyncio.gather(*(load.connect(port) for _ in range(readers * len(contents))))
        started, served = time.perf_counter(), 0

        async def read(own):
            nonlocal served
            while time.perf_counter() < started + seconds:
                asked = zip(own, contents, strict=True)
                replies = await asyncio.gather(*(connection.ask(content) for connection, content in asked))
                served += all(map(live, replies))

        try:
            async with asyncio.timeout(load.LONGEST):
                await asyncio.gather(*(read(opened[at::readers]) for at in range(readers)))
        finally:
            for connection in opened:
                connection.transport.close()
        return served / (time.perf_counter() - started)

    def fragments_live(reply):
        return reply.status == 200 and reply.header("X-Fragment-State") == "ok"

    def ok(reply):
        return reply.status == 200

    sides = {
        "site": (site.port, asked, fragments_live),
        "gather": (stock.port, gather, ok),
        "tls": (stock.port, tls, ok),
        "direct": (ground.services.port, direct, ok),
    }
    rates = {name: [] for name in sides}
    for number in range(2):
        for name in sorted(sides, reverse=bool(number % 2)):
            rates[name].append(load.run(rate(*sides[name])))

    def compare(what, side, goal, note):
        return compared(what, rates["site"], rates[side], goal, report.per_second, note=note)

    note = "the view makes an aiohttp client for each request and renders nothing; httpx is not part of the project"
    yield compare(f"{readers} readers in flight, to a gather view", "gather", Goal(12, least=True), note)
    note = "the same with a TLS context made for each client, as httpx makes one; for comparison, without a goal"
    yield compare("the same, to a gather view with TLS", "tls", None, note)
    note = (
        "with room for all of them; as shipped, 10 calls at once go to a service for 0.8 s, and the others get the last good copy"
    )
    yield compare("the same, to the services directly", "direct", Goal(0.45, least=True), note)


# Accounts -----------------------------------------------------------------------------------------------------------------


def hash_cpu():
    """Seconds of CPU for one hash of a password, measured here."""
    hasher = BoundedArgon2()
    before = time.process_time()
    hasher.encode(PASSWORD, hasher.salt())
    return time.process_time() - before


def sign_up_cpu(ground):
    """CPU of a sign-up against one argon2id hash of the same parameters, on the same core."""
    sign_up(ground.site)

    def signing_up():
        before = ground.site.cpu()
        for _ in range(4):
            sign_up(ground.site)
        return (ground.site.cpu() - before) / 4

    def hashing():
        with machine.on(ground.cores):
            return statistics.mean(hash_cpu() for _ in range(4))

    yield compared("sign-up, CPU", *in_turn(ground.rounds(6), signing_up, hashing), Goal(2.0), report.ms)


def sign_up_p99(ground):
    """How long the slowest hundredth of landing pages takes while people sign up. The server may use every core here."""
    server = ground.serve("core.asgi:application")
    content = load.request(server.port)
    rate, seconds = 100, 2.0 if ground.quick else 3.0

    async def slowest(people):
        """99th percentile of the landing page's latency with so many sign-ups always in flight."""
        stop = asyncio.Event()

        async def sign_ups():
            connection = await load.connect(server.port)
            try:
                while not stop.is_set():
                    reply = await connection.ask(sign_up_request(server.port))
                    if reply.status not in (302, 503):
                        raise Failed(f"/signup/ answered {reply.status}")
            finally:
                connection.transport.close()

        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(sign_ups())
            done = await load.at_a_pace(server.port, content, rate, seconds)
            stop.set()
        if done.wrong:
            raise Failed(f"{done.wrong} landing pages were not answered")
        return percentile(done.latencies, 99)

    load.run(slowest(1))
    alone, one, four = [], [], []
    for _ in range(ground.rounds(3)):
        for people, kept in ((0, alone), (1, one), (4, four)):
            kept.append(load.run(slowest(people)))
    note = f"{rate} landing pages a second"
    yield compared("landing page p99, 1 sign-up in flight", one, alone, Goal(1.5), report.ms, note=note)
    yield compared("landing page p99, 4 sign-ups in flight", four, alone, Goal(4.0), report.ms, note=note)


def percentile(values, percent):
    """The smallest of the values that `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


# What a browser gets -----------------------------------------------------------------------------------------------------


def weight(ground):
    """Bytes of a first visit, as they go over the wire, against the budget."""
    # No browser offers brotli alone; the page itself, which has a slot, is there in gzip only.
    for name, offered in (("gzip", "gzip"), ("brotli", "gzip, br")):
        files = page.files(lambda path, offered=offered: fetch(ground.site, path, headers={"Accept-Encoding": offered}))
        total = sum(files.values())
        for what, kind, most in (("HTML", "html", 10_000), ("CSS", "css", 12_000), ("JS", "js", 18_000)):
            of_kind = sum(size for (_, is_), size in files.items() if is_ == kind)
            yield within(f"cold weight in {name}, {what}", of_kind, Goal(most), report.kilobytes)
        yield within(f"cold weight in {name}, all", total, Goal(40_000), report.kilobytes)


def browser(ground):
    """Requests of a first visit and how far things move, in a real browser."""
    yield from page.in_browser(ground.site, ground.connected, ground.member)


def lighthouse(ground):
    yield from page.lighthouse(ground.site)


# The process --------------------------------------------------------------------------------------------------------------


def memory(ground):
    """Memory of one process after many requests against the memory after a hundred."""
    server = ground.serve("core.asgi:application", cores=ground.cores)
    content, most = load.request(server.port), 2_000 if ground.quick else 10_000
    load.run(load.keep_busy(server.port, content, count=100))
    before = server.memory()
    done = load.run(load.keep_busy(server.port, content, count=most - 100))
    if done.wrong or done.count < most - 100:
        raise Failed(f"only {done.count - done.wrong} of {most - 100} pages were answered in {done.seconds:.0f} s")
    yield compared(f"memory after {most:,} requests, to after 100", [server.memory()], [before], Goal(1.10), report.megabytes)


def start(ground):
    """Seconds from `start --live` to the first 200, the second time."""

    def live(port):
        return [sys.executable, "manage.py", "start", "--live", "--port", str(port)]

    times = []
    for _ in range(1 + ground.rounds(3)):
        with Server(None, ground.folder, command=live) as server:
            times.append(server.started_in)
    yield within("start --live to the first 200", statistics.median(times[1:]), Goal(3.0), report.seconds)


def designer(ground):
    """Seconds from saving an edit to its being on the screen, with `manage.py start` on a copy of the project."""
    # A designer's machine keeps no core for the browser alone.
    with machine.on(machine.EVERYWHERE):
        yield from edits.in_browser(ground.folder, ground.rounds(7))


ROWS = {
    "landing-cpu": landing_cpu,
    "landing-rate": landing_rate,
    "hops": hops,
    "dashboard-cpu": dashboard_cpu,
    "fragments": fragments,
    "in-flight": in_flight,
    "sign-up-cpu": sign_up_cpu,
    "sign-up-p99": sign_up_p99,
    "weight": weight,
    "browser": browser,
    "lighthouse": lighthouse,
    "memory": memory,
    "start": start,
    "designer": designer,
}


def measured(name, ground):
    """The rows of one subject; one that says why when it could not be measured, so that the others still are."""
    try:
        return list(ROWS[name](ground))
    except Exception as problem:
        return [unmeasured(name, f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:300])]
