"""Keeps the last good answer of a service for a day, and gives it when the service cannot be asked, or when it is new enough
to be in a page from the start. promos.py and recommendations.py use it.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from core import scenes
from core.microservices.http import Unavailable

log = logging.getLogger("dimorph.microservices")

KEPT = 24 * 3600
# A cache that answers later than this is no help to a person who waits.
CACHE_DEADLINE = 0.25
# A page does not wait for a fragment, so it waits for a kept one hardly at all.
WARM_DEADLINE = 0.05
# How many answers a process holds in memory, whatever the cache is.
MOST_HELD = 200
_held = {}


@dataclass(frozen=True, slots=True)
class Answer[Item]:
    """What a service said: `items`, and since when they are out of date (an aware datetime; None when they are live).

    `model` is the word by which recommendations say how they were found; promos leave it empty. `asked_at` is an aware datetime.
    """

    items: tuple[Item, ...]
    stale_since: datetime | None = None
    model: str = ""
    asked_at: datetime | None = None

    def younger_than(self, seconds):
        return self.asked_at is not None and datetime.now(UTC) - self.asked_at < timedelta(seconds=seconds)


class _Copy(msgspec.Struct):
    # When the service was asked: what it was told after that is not in the answer.
    at: datetime
    items: list[Any]
    model: str


async def live_or_last_good(ask, keys, item_type, hold=False):
    """The answer of `await ask()`, or the last good one kept under the first of `keys` that has one.

    The first key is the exact one. Further keys hold more general answers; an answer equal to one of those is not kept a second
    time. With `hold` this process keeps it in memory too, for at_hand(). Raises Unavailable when there is neither a live answer
    nor a kept one.
    """
    if scene := scenes.playing():
        answer = await scene.answer(keys[0].partition(":")[0], ask)
        scene.kept[keys[0]] = replace(answer, asked_at=datetime.now(UTC))
        return answer
    asked_at = datetime.now(UTC)
    try:
        answer = await ask()
    except Unavailable:
        for key in keys:
            if kept := await _recall(key, item_type):
                return replace(kept, stale_since=kept.asked_at)
        raise
    for general in keys[1:]:
        kept = await _recall(general, item_type)
        if kept and kept.items == answer.items:
            return answer
    if hold:
        _hold(keys[0], replace(answer, asked_at=asked_at))
    copy = _Copy(asked_at, msgspec.to_builtins(answer.items), answer.model)
    await _cached("set", keys[0], msgspec.json.encode(copy), KEPT)
    return answer


def at_hand(key):
    """The last answer that this process holds in memory, without asking anybody; None when it holds none."""
    if scene := scenes.playing():
        return scene.kept.get(key)
    return None if scenes.cold() else _held.get(key)


async def kept(key, item_type):
    """The last answer that the cache has, when it gives it at once; else None."""
    if scenes.playing() or scenes.cold():
        return None
    return await _recall(key, item_type, WARM_DEADLINE)


def _hold(key, answer):
    # Last again, so that the first is the one that was answered longest ago.
    _held.pop(key, None)
    _held[key] = answer
    if len(_held) > MOST_HELD:
        del _held[next(iter(_held))]


def let_go():
    """Hold nothing any more: for tests, each of which starts without anybody's answers."""
    _held.clear()


async def _recall(key, item_type, deadline=CACHE_DEADLINE):
    return _read(await _cached("get", key, deadline=deadline), item_type)


def _read(content, item_type):
    if content is None:
        return None
    try:
        copy = msgspec.json.decode(content, type=_Copy)
        return Answer(msgspec.convert(copy.items, tuple[item_type, ...]), model=copy.model, asked_at=copy.at)
    except (TypeError, msgspec.MsgspecError):
        # Kept by another version of the site.
        return None


async def _cached(verb, *arguments, deadline=CACHE_DEADLINE):
    """What the default cache does or gives; None when it fails, because a copy is a convenience and never a reason to fail."""
    try:
        cache = caches["default"]
        # These never wait for anything, and the async form of every cache costs a hop to a thread.
        if isinstance(cache, (LocMemCache, DummyCache)):
            return getattr(cache, verb)(*arguments)
        async with asyncio.timeout(deadline):
            # Not in the request's own thread: a cache that hangs would keep that one from the next request.
            return await sync_to_async(getattr(cache, verb), thread_sensitive=False)(*arguments)
    except Exception as error:
        # Each cache has errors of its own, and none of them may cost an answer.
        log.warning("last good copy not reached", extra={"fields": {"fault": type(error).__name__}})
        return None
