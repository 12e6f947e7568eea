"""Keeps the last good answer of a service for a day, and gives it when the service cannot be asked.

promos.py and recommendations.py use it.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from core import scenes
from core.microservices.http import Unavailable

log = logging.getLogger("dimorph.microservices")

KEPT = 24 * 3600
# A cache that answers later than this is no help to a person who waits.
CACHE_DEADLINE = 0.25


@dataclass(frozen=True, slots=True)
class Answer[Item]:
    """What a service said: `items`, and since when they are out of date (an aware datetime; None when they are live).

    `model` is the word by which recommendations say how they were found; promos leave it empty.
    """

    items: tuple[Item, ...]
    stale_since: datetime | None = None
    model: str = ""


class _Copy(msgspec.Struct):
    at: datetime
    items: list[Any]
    model: str


async def live_or_last_good(ask, keys, item_type):
    """The answer of `await ask()`, or the last good one kept under the first of `keys` that has one.

    The first key is the exact one. Further keys hold more general answers; an answer equal to one of those is not kept a second
    time. Raises Unavailable when there is neither a live answer nor a kept one.
    """
    if scene := scenes.playing():
        answer = scene.kept[keys[0]] = await scene.answer(keys[0].partition(":")[0], ask)
        return answer
    try:
        answer = await ask()
    except Unavailable:
        for key in keys:
            if kept := await _recall(key, item_type):
                return kept
        raise
    for general in keys[1:]:
        kept = await _recall(general, item_type)
        if kept and kept.items == answer.items:
            return answer
    copy = _Copy(datetime.now(UTC), msgspec.to_builtins(answer.items), answer.model)
    await _cached("set", keys[0], msgspec.json.encode(copy), KEPT)
    return answer


def at_hand(key, item_type):
    """The kept answer when this process holds it in memory, without asking anybody; else None."""
    if scene := scenes.playing():
        return scene.kept.get(key)
    store = caches["default"]
    return _read(store.get(key), item_type) if isinstance(store, LocMemCache) else None


async def _recall(key, item_type):
    return _read(await _cached("get", key), item_type)


def _read(content, item_type):
    if content is None:
        return None
    try:
        copy = msgspec.json.decode(content, type=_Copy)
        return Answer(msgspec.convert(copy.items, tuple[item_type, ...]), copy.at, copy.model)
    except (TypeError, msgspec.MsgspecError):
        # Kept by another version of the site.
        return None


async def _cached(verb, *arguments):
    """What the default cache does or gives; None when it fails, because a copy is a convenience and never a reason to fail."""
    try:
        cache = caches["default"]
        # These never wait for anything, and the async form of every cache costs a hop to a thread.
        if isinstance(cache, (LocMemCache, DummyCache)):
            return getattr(cache, verb)(*arguments)
        async with asyncio.timeout(CACHE_DEADLINE):
            return await getattr(cache, f"a{verb}")(*arguments)
    except Exception as error:
        # Each cache has errors of its own, and none of them may cost an answer.
        log.warning("last good copy not reached", extra={"fields": {"fault": type(error).__name__}})
        return None
