"""The books a member loves: stored here first, then told to the recommendations service.

Called by the views. A pick is never lost to a service that is down: it stays untold and is told before the next question.
"""

from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import sync_to_async
from django.core import signing
from django.utils import timezone

from core.microservices import recommendations
from core.microservices.http import Unavailable
from dashboard.models import Favourite

# A shelf needs this many to say anything about a reader.
LEAST = 3
# How many books a picker offers.
OFFERED = 12


@dataclass(frozen=True, slots=True)
class Book:
    """A book as a picker offers it."""

    id: str
    title: str
    author: str
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Loved:
    """A stored favourite, plain: `told_at` is None until the service has heard of it."""

    item: str
    title: str
    author: str
    picked_at: datetime
    told_at: datetime | None


def loved(user_id: int) -> list[Loved]:
    """This reader's favourites, oldest first."""
    rows = Favourite.objects.filter(user_id=user_id).values_list("item", "title", "author", "picked_at", "told_at")
    return [Loved(*row) for row in rows]


def keep(user_id: int, books: list[Book]) -> list[Loved]:
    """Store these books as favourites, each once, and give all of them back."""
    now = timezone.now()
    Favourite.objects.bulk_create(
        [Favourite(user_id=user_id, item=book.id, title=book.title, author=book.author, picked_at=now) for book in books],
        ignore_conflicts=True,
    )
    return loved(user_id)


async def tell(user_id: int, favourites: list[Loved]) -> bool:
    """Tell the service about those it has not heard of; True when it knows all of them."""
    untold = [favourite for favourite in favourites if favourite.told_at is None]
    if not untold:
        return True
    reader = recommendations.reader_id(user_id)
    try:
        await recommendations.tell(
            recommendations.Event(reader=reader, item=favourite.item, kind="liked", at=favourite.picked_at)
            for favourite in untold
        )
    except Unavailable:
        return False
    await sync_to_async(_note_told)(user_id, [favourite.item for favourite in untold])
    return True


def _note_told(user_id: int, items: list[str]) -> None:
    Favourite.objects.filter(user_id=user_id, item__in=items).update(told_at=timezone.now())


def offer(user_id: int, books: list[Book]) -> str:
    """What a picker shows, signed for this reader: the form brings it back, so picks are kept even when no service answers."""
    return signing.dumps([[book.id, book.title, book.author] for book in books], salt=_salt(user_id), compress=True)


def offered(user_id: int, signed: str) -> list[Book]:
    """The books of an offer, in their order; none when the offer is missing, changed, or another reader's."""
    try:
        return [Book(*fields) for fields in signing.loads(signed, salt=_salt(user_id))]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def _salt(user_id: int) -> str:
    return f"dashboard.picks.{user_id}"
