"""The answer of the past day that stands in when a service is down."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.core.cache import caches

from core.microservices import last_good, promos
from core.microservices.http import Unavailable
from core.microservices.last_good import Answer, live_or_last_good
from core.microservices.promos import Promo

SHARED = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}}


def promo(name, ends_in=timedelta(days=1)):
    now = datetime.now(UTC)
    return Promo(name, "Title", "Body", "Go", "/picks/", now - timedelta(days=1), now + ends_in)


async def down():
    raise Unavailable("promos", "refused")


def saying(*items):
    async def ask():
        return Answer(items, model="test")

    return ask


@pytest.mark.parametrize("shared", [False, True])
def test_a_kept_answer_is_the_same_in_any_cache(run, settings, tmp_path, shared):
    if shared:
        settings.CACHES = {"default": SHARED["default"] | {"LOCATION": str(tmp_path)}}
    item = promo("one")
    run(live_or_last_good(saying(item), ["key"], Promo))
    kept = run(live_or_last_good(down, ["key"], Promo))
    assert (kept.items, kept.model) == ((item,), "test")
    assert abs(kept.stale_since - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_kept_answer_lasts_a_day(run):
    run(live_or_last_good(saying(promo("one")), ["key"], Promo))
    cache = caches["default"]
    left = cache._expire_info[cache.make_and_validate_key("key")] - datetime.now(UTC).timestamp()
    assert 23.9 * 3600 < left <= 24 * 3600


def test_an_unknown_referrer_during_an_outage_gets_the_general_promos(faulty, run):
    run(promos.fetch("visitor"))
    faulty.be("promos", "refuse")
    assert run(promos.fetch("visitor", referrer="friend")).stale_since


def test_made_up_referrers_fill_no_cache(faulty, run):
    run(promos.fetch("visitor"))
    before = len(caches["default"]._cache)
    for number in range(20):
        run(promos.fetch("visitor", referrer=f"made-up-{number}"))
    assert len(caches["default"]._cache) == before


def test_audiences_do_not_share_a_kept_answer(faulty, run):
    run(promos.fetch("member"))
    faulty.be("promos", "refuse")
    with pytest.raises(Unavailable):
        run(promos.fetch("visitor"))


def test_a_promo_that_has_ended_is_not_shown_from_the_kept_answer(faulty, run):
    over, running = promo("over", ends_in=timedelta(seconds=-1)), promo("running")
    run(live_or_last_good(saying(over, running), [promos._key("member", "", "en")], Promo))
    faulty.be("promos", "refuse")
    assert [item.id for item in run(promos.fetch("member")).items] == ["running"]


@pytest.mark.parametrize(
    "content", [b"not json", b"{}", b'{"at": "2026-01-01T00:00:00Z", "items": [{"id": 1}], "model": ""}', "text"]
)
def test_a_copy_that_another_version_left_is_no_copy(run, content):
    caches["default"].set("key", content)
    with pytest.raises(Unavailable):
        run(live_or_last_good(down, ["key"], Promo))


@pytest.mark.parametrize("cache", ["redis", "file"])
def test_a_cache_that_is_down_costs_neither_the_answer_nor_a_traceback(run, settings, tmp_path, cache):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": redis if cache == "redis" else SHARED["default"] | {"LOCATION": str(in_the_way / "deeper")}}
    assert run(live_or_last_good(saying(promo("one")), ["key"], Promo)).stale_since is None
    with pytest.raises(Unavailable):
        run(live_or_last_good(down, ["key"], Promo))


def test_what_is_kept_is_plain_json(run):
    run(live_or_last_good(saying(promo("one")), ["key"], Promo))
    copy = msgspec.json.decode(caches["default"].get("key"), type=last_good._Copy)
    assert copy.items[0]["id"] == "one"
