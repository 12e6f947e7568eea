"""The recommendations service: books for a reader, each with its reason.

Serve it alone with `uvicorn core.microservices.reference.recommendations:app`. Readers are opaque ids; what they did arrives as
events and changes their next answer. RECOMMENDATIONS_DATABASE names the file that keeps the events.
"""

import asyncio
import os
import sqlite3
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from .catalogue import Catalogue
from .events import Events
from .json_app import Refused, json_app
from .ranking import rank

READER = r"[A-Za-z0-9_-]{1,64}"
MOST = 100


class Event(msgspec.Struct, frozen=True):
    """One thing that a reader did with a book."""

    reader: Annotated[str, msgspec.Meta(pattern=f"^{READER}$")]
    item: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    kind: Literal["shown", "opened", "liked", "dismissed", "owned"]
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class _Events(msgspec.Struct):
    events: list[Any]


# Several apps may stand in one process; the books are the same for all of them and take a while to compare.
_catalogue = cache(Catalogue)


def application(database):
    """The service with its events in the file at `database`, as an ASGI app."""
    catalogue, events = _catalogue(), Events(database)

    def recommendations(request):
        reader = request.word("reader", None, READER)
        limit = request.number("limit", 12, 1, MOST)
        try:
            history = {item: kind for item, kind in events.history(reader).items() if item in catalogue.books}
        except sqlite3.Error as error:
            raise Refused(503, "The readers' events cannot be read.") from error
        picks = rank(catalogue, history, limit)
        items = [
            {
                "id": pick.book.id,
                "title": pick.book.title,
                "author": pick.book.author,
                "reason": pick.reason,
                "url": pick.book.url,
                "cover": None,
            }
            for pick in picks
        ]
        return 200, {"reader": reader, "items": items, "model": "related" if any(pick.score for pick in picks) else "popular"}

    async def tell(request):
        try:
            told = msgspec.json.decode(request.body, type=_Events).events
        except (ValueError, RecursionError, msgspec.DecodeError):
            raise Refused(422, 'The body is JSON of the form {"events": [...]}.') from None
        events_told = [event for event in map(_event, told) if event]
        if told and not events_told:
            raise Refused(422, "None of the events has a reader, an item, a kind and a time with its zone.")
        # A book that left the catalogue is no reason to be told about it again and again.
        good = [event for event in events_told if event.item in catalogue.books]
        rows = [
            (event.reader, event.kind, event.item, event.at.astimezone(UTC).isoformat(timespec="microseconds")) for event in good
        ]
        try:
            await asyncio.to_thread(events.add, rows)
        except (OSError, sqlite3.Error) as error:
            raise Refused(503, "The events cannot be stored. Send them again; each counts once.") from error
        return 202, {"accepted": len(good), "rejected": len(told) - len(good)}

    return json_app(
        {"/recommendations": {"GET": recommendations}, "/events": {"POST": tell}},
        stopped=events.close,
    )


def _event(told):
    try:
        return msgspec.convert(told, Event)
    except msgspec.ValidationError:
        return None


def __getattr__(name):
    # The app that is served alone, made only when a server asks for it: comparing the books takes a moment.
    if name == "app":
        return application(os.environ.get("RECOMMENDATIONS_DATABASE") or Path("var") / "recommendations.sqlite3")
    raise AttributeError(name)
