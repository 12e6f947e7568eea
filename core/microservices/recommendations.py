"""The recommendations service, as pages ask it: books for a reader, and what the reader did with them.

A reader goes by reader_id(), never by an email or a primary key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import batched
from typing import Literal, get_args

import msgspec
from django.conf import settings
from django.utils.crypto import salted_hmac

from core.microservices import door, last_good
from core.microservices.http import Malformed, Service
from core.microservices.last_good import Answer, live_or_last_good
from core.microservices.reference import recommendations as reference

Kind = Literal["shown", "opened", "liked", "dismissed", "owned"]
# A batch stays well below the 64 KiB that the service reads of a body.
BATCH = 200
_embedded = cache(reference.application)
_service = Service(
    "recommendations", url=lambda: settings.RECOMMENDATIONS_URL, embedded=lambda: _embedded(settings.RECOMMENDATIONS_DATABASE)
)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One book: plain text, why it is here, where to find it (a checked link), and a cover's address or None."""

    id: str
    title: str
    author: str
    reason: str
    url: str
    cover: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """What a reader did with an item, and when (an aware datetime). The same event told twice counts once."""

    reader: str
    item: str
    kind: Kind
    at: datetime

    def __post_init__(self):
        if self.kind not in get_args(Kind) or self.at.tzinfo is None:
            raise ValueError(f"kind is one of {', '.join(get_args(Kind))}, and at knows its time zone")


class _Told(msgspec.Struct):
    id: str
    title: str
    author: str
    reason: str
    url: str
    cover: object = None


def reader_id(pk):
    """The opaque name of the user with this primary key: a keyed hash, the same for as long as SECRET_KEY is."""
    return salted_hmac("dimorph.microservices.reader", str(pk), algorithm="sha256").hexdigest()[:32]


async def fetch(reader, limit=12, request_id=""):
    """Answer[Recommendation] with at most `limit` books, best first; its `model` is "popular" for a reader without history.

    When the service cannot be asked: this reader's own last good answer. Raises Unavailable when there is none.
    """

    def read(told):
        return _read(told, reader, limit)

    async def ask():
        query = {"reader": reader, "limit": limit}
        return await _service.call("GET", "/recommendations", read, query=query, request_id=request_id)

    return await live_or_last_good(ask, [_key(reader, limit)], Recommendation)


async def kept(reader, limit=12):
    """The last Answer that was kept for this reader, when the cache gives it at once, without asking the service; else None."""
    return await last_good.kept(_key(reader, limit), Recommendation)


def _key(reader, limit):
    return f"recommendations:1:{reader}:{limit}"


async def tell(events: Iterable[Event], request_id=""):
    """Store what readers did; returns when the service has accepted all of it.

    Raises Unavailable; since each event counts once, all of them can be told again then.
    """
    for batch in batched(events, BATCH):
        body = {
            "events": [
                {"reader": event.reader, "item": event.item, "kind": event.kind, "at": event.at.astimezone(UTC)}
                for event in batch
            ]
        }
        await _service.call("POST", "/events", lambda told: None, body=body, request_id=request_id)


def _read(told, reader, limit):
    if not told and told in (None, []):
        return Answer(())
    if not isinstance(told, dict):
        raise Malformed("an object is missing")
    if told.get("reader", reader) != reader:
        raise Malformed("these are another reader's")
    model = told.get("model")
    return Answer(
        door.items(told.get("items"), _recommendation, limit, "recommendations"), model=model if isinstance(model, str) else ""
    )


def _recommendation(raw):
    told = msgspec.convert(raw, _Told)
    return Recommendation(
        id=door.identity(told.id),
        title=door.text(told.title, door.TITLE),
        author=door.text(told.author, door.TITLE),
        reason=door.text(told.reason, door.LINE),
        url=door.link(told.url),
        cover=_cover(told.cover),
    )


def _cover(value):
    # A book without a picture is still a book.
    try:
        return door.link(value) if isinstance(value, str) else None
    except Malformed:
        return None
