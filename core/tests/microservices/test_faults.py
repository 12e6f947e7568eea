"""What a page gets when a service misbehaves: the last good answer or one named error, in time, and one line in the log."""

import asyncio
import logging
import socket
import time

import pytest
from django.test import AsyncClient

from core.microservices import http as client
from core.microservices import promos, recommendations
from core.microservices.http import Unavailable

READER = "reader-of-these-tests"
FAULTS = {
    "refuse": "refused",
    "blackhole": "deadline",
    "drip": "deadline",
    "rst": "broken-off",
    "cut": "broken-off",
    "truncated": "malformed",
    "content-type": "content-type",
    "html": "content-type",
    "oversize": "oversize",
    "endless": "oversize",
    "gzip-bomb": "encoding",
    "deep": "malformed",
    "nan": "malformed",
    "500": "status",
    "redirect": "redirect",
    "all-bad": "malformed",
}
faults = pytest.mark.parametrize(("mode", "reason"), FAULTS.items())


def lines(caplog):
    return [record for record in caplog.records if record.name == "dimorph.microservices" and record.levelno >= logging.WARNING]


@faults
def test_a_fault_without_a_kept_answer_is_one_named_error_and_one_line(faulty, run, caplog, mode, reason):
    faulty.be("promos", mode)
    with pytest.raises(Unavailable) as caught:
        run(promos.fetch("member"))
    assert (caught.value.service, caught.value.reason) == ("promos", reason)
    [line] = lines(caplog)
    assert line.fields | {"elapsed_ms": 0} == {"service": "promos", "fault": reason, "elapsed_ms": 0}
    assert 0 <= line.fields["elapsed_ms"] < 2000


@faults
def test_a_fault_after_a_good_answer_gives_that_answer_with_its_time(faulty, run, mode, reason):
    live = run(recommendations.fetch(READER))
    faulty.be("recommendations", mode)
    kept = run(recommendations.fetch(READER))
    assert kept.items == live.items and kept.model == live.model
    assert live.stale_since is None and kept.stale_since.tzinfo is not None


@pytest.mark.parametrize("mode", ["drip", "blackhole", "500", "oversize", "refuse"])
def test_the_other_service_stays_live(faulty, run, mode):
    faulty.be("recommendations", mode)

    async def both():
        return await asyncio.gather(promos.fetch("member"), recommendations.fetch(READER), return_exceptions=True)

    offers, books = run(both())
    assert offers.stale_since is None and len(offers.items) == 3
    assert isinstance(books, Unavailable)


def test_half_a_second_is_slow_but_live(faulty, run):
    faulty.be("promos", "slow", seconds=0.5)
    assert run(promos.fetch("member")).stale_since is None


@pytest.mark.parametrize("mode", ["slow", "drip", "blackhole"])
def test_a_slow_service_is_left_at_the_deadline(faulty, run, mode):
    faulty.be("promos", mode, seconds=5)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        run(promos.fetch("member"))
    assert 0.7 < time.monotonic() - started < 2


@pytest.mark.parametrize("mode", ["slow", "drip", "blackhole", "endless"])
def test_an_answer_that_is_given_up_takes_its_connection_with_it(faulty, run, mode):
    faulty.be("promos", mode, seconds=5)

    async def leave():
        with pytest.raises(Unavailable):
            await promos.fetch("member")
        await asyncio.to_thread(faulty.wait_for_calls, lambda calls: calls["abandoned"]["promos"] == 1, 3)

    run(leave())


def test_at_most_ten_wait_for_a_hanging_service_and_the_rest_hear_at_once(faulty, run, caplog):
    faulty.be("promos", "slow", seconds=60)

    async def thirty():
        return await asyncio.gather(*(promos.fetch("member") for _ in range(30)), return_exceptions=True)

    reasons = [error.reason for error in run(thirty())]
    assert (reasons.count("deadline"), reasons.count("busy")) == (10, 20)
    assert faulty.calls()["most_at_once"]["promos"] == 10
    assert len(lines(caplog)) == 30


def test_after_the_fault_everything_is_live_again(faulty, run):
    async def journey():
        for mode in ("slow", "500", "rst", "refuse"):
            faulty.be("promos", mode, seconds=5)
            await asyncio.gather(*(promos.fetch("member") for _ in range(12)), return_exceptions=True)
        faulty.be("promos", "ok")
        return await asyncio.gather(*(promos.fetch("member") for _ in range(10)))

    assert all(answer.stale_since is None for answer in run(journey()))


def test_an_address_that_drops_packets_is_given_up_early(settings, run):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        settings.PROMOS_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # A full backlog drops what comes next, as a black hole does.
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        with pytest.raises(Unavailable, match="connect-timeout"):
            run(promos.fetch("visitor"))
        for filler in fillers:
            filler.close()


def test_a_caller_that_leaves_frees_its_slot_and_logs_nothing(faulty, run, caplog):
    faulty.be("promos", "slow", seconds=60)

    async def leave():
        calls = [asyncio.create_task(promos.fetch("member")) for _ in range(10)]
        await asyncio.to_thread(faulty.wait_for_calls, lambda calls: calls["most_at_once"]["promos"] == 10)
        for call in calls:
            call.cancel()
        gone = await asyncio.gather(*calls, return_exceptions=True)
        faulty.be("promos", "ok")
        return gone, await promos.fetch("member")

    # Ten connections can take longer than the deadline on a busy machine, so more of it is allowed here.
    limit, client.DEADLINE = client.DEADLINE, 20
    try:
        gone, answer = run(leave())
    finally:
        client.DEADLINE = limit
    assert all(isinstance(one, asyncio.CancelledError) for one in gone)
    assert len(answer.items) == 3 and lines(caplog) == []


@pytest.mark.parametrize("mode", ["no-content", "empty", "null", "no-items"])
def test_nothing_to_show_is_an_empty_answer(faulty, run, mode):
    faulty.be("promos", mode)
    faulty.be("recommendations", mode)
    assert run(promos.fetch("member")).items == ()
    assert run(recommendations.fetch(READER)).items == ()


def test_one_bad_item_costs_only_itself(faulty, run, caplog):
    faulty.be("promos", "one-bad")
    faulty.be("recommendations", "one-bad")
    assert [promo.id for promo in run(promos.fetch("member")).items] == ["item-1", "item-2", "item-4", "item-5"]
    assert len(run(recommendations.fetch(READER)).items) == 4
    assert lines(caplog) == []


def test_long_titles_are_cut_at_120_characters(faulty, run):
    faulty.be("recommendations", "long")
    titles = {item.title for item in run(recommendations.fetch(READER)).items}
    assert all(len(title) <= 120 and title.endswith("…") for title in titles)


def test_markup_arrives_as_text_and_direction_marks_do_not(faulty, run):
    faulty.be("promos", "xss")
    titles = [promo.title for promo in run(promos.fetch("member")).items]
    assert titles[0].startswith("<img src=x onerror=") and titles[2].startswith("{{7*7}}")
    assert titles[3] == "evil title"


def test_links_that_are_no_links_are_left_out(faulty, run):
    faulty.be("promos", "links")
    faulty.be("recommendations", "links")
    assert [promo.cta_url for promo in run(promos.fetch("member")).items] == ["/good"]
    assert [item.url for item in run(recommendations.fetch(READER)).items] == ["/good"]


def test_a_redirect_is_never_followed(faulty, run):
    faulty.be("promos", "redirect")
    with pytest.raises(Unavailable, match="redirect"):
        run(promos.fetch("member"))
    assert faulty.calls()["canary"] == 0


def test_another_readers_books_are_refused(faulty, run):
    faulty.be("recommendations", "other-reader")
    with pytest.raises(Unavailable, match="malformed"):
        run(recommendations.fetch(READER))


def test_readers_never_see_each_others_kept_books(faulty, run):
    run(recommendations.fetch("somebody"))
    faulty.be("recommendations", "refuse")
    with pytest.raises(Unavailable):
        run(recommendations.fetch("somebody-else"))


def test_the_log_names_no_reader(faulty, run, caplog):
    caplog.set_level(logging.DEBUG, "dimorph")
    faulty.be("recommendations", "500")
    with pytest.raises(Unavailable):
        run(recommendations.fetch(READER))
    [line] = lines(caplog)
    assert READER not in caplog.text and READER not in str(line.fields)


def test_telling_a_service_that_is_down_says_so(faulty, run):
    faulty.be("recommendations", "500")
    event = recommendations.Event(READER, "emma", "liked", recommendations.datetime.now(recommendations.UTC))
    with pytest.raises(Unavailable, match="status"):
        run(recommendations.tell([event]))


def test_proxies_of_the_environment_are_not_used(faulty, run, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert run(promos.fetch("member")).stale_since is None


def test_a_service_can_be_called_by_name(faulty, run, settings):
    settings.PROMOS_URL = faulty.promos_url.replace("127.0.0.1", "localhost")
    assert len(run(promos.fetch("member")).items) == 3


@pytest.mark.parametrize(("given", "arrives"), [("7f3a-11", "7f3a-11"), ("a\r\nX-Evil: 1", ""), ("x" * 200, "")])
def test_the_request_id_goes_along_when_it_is_one(faulty, run, given, arrives):
    run(promos.fetch("member", request_id=given))
    assert faulty.calls()["request_ids"] == [arrives]


def test_connections_are_kept_and_closed(faulty, run):
    async def twice():
        await promos.fetch("member")
        await promos.fetch("member")
        session = promos._service._sessions[asyncio.get_running_loop()]
        kept = [len(connections) for connections in session.connector._conns.values()]
        await client.aclose()
        return kept, session.closed

    assert run(twice()) == ([1], True)


def test_the_id_of_a_visitors_request_goes_along(faulty, run):
    run(AsyncClient().get("/fragments/promo-strip/", headers={"X-Request-ID": "visitor-1"}))
    assert faulty.calls()["request_ids"] == ["visitor-1"]
