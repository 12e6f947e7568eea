"""What the two services give a member's page, as plain values for a template: promos and the recommendations shelf.

Called by the views. A service that gives nothing is a state here, never an exception.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from core.microservices import promos, recommendations
from core.microservices.http import Unavailable
from dashboard import favourites
from dashboard.favourites import Book, Loved

SLIDES = 3
# The most books that the service is asked for at once.
MOST = 24
# The reader that every new member shares: no history, so the service answers with what is popular.
EVERYBODY = recommendations.reader_id("everybody")


@dataclass(frozen=True, slots=True)
class Promos:
    """`state` is ok, stale, empty or failed; the last two have no items and show the house message."""

    state: str
    items: tuple[promos.Promo, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the recommendations region shows.

    state      ok, stale, empty or failed
    books      recommendations to show, best first
    note       why these are not the reader's newest picks; "" when they are
    based_on   the favourites behind them, oldest first
    offer      books to pick from, instead of a shelf, for a reader with too few favourites
    signed     that offer as the form sends it back
    picked     ids that are ticked in it
    error      what is wrong with the picks that were sent; "" when nothing is
    kept       how many picks were stored by this very request
    adding     the offer is for a reader who has a shelf already and wants it to change
    """

    state: str
    books: tuple[recommendations.Recommendation, ...] = ()
    note: str = ""
    based_on: tuple[Loved, ...] = ()
    offer: tuple[Book, ...] = ()
    signed: str = ""
    picked: frozenset[str] = field(default_factory=frozenset)
    error: str = ""
    kept: int = 0
    adding: bool = False

    @property
    def least(self) -> int:
        return 1 if self.adding else favourites.LEAST

    @property
    def others(self) -> int:
        """How many favourites stand behind the first one."""
        return len(self.based_on) - 1


async def member_promos(most: int = SLIDES, request_id: str = "") -> Promos:
    """At most `most` promos for members."""
    try:
        answer = await promos.fetch(audience="member", request_id=request_id)
    except Unavailable:
        return Promos("failed")
    if not answer.items:
        return Promos("empty")
    return Promos("stale" if answer.stale_since else "ok", answer.items[:most])


async def shelf(user_id: int, loved: list[Loved], limit: int = 12, request_id: str = "") -> Shelf:
    """The shelf that follows from these favourites, or a picker while there are too few of them."""
    if len(loved) < favourites.LEAST:
        return await picker(user_id, loved, request_id)
    return await shelf_of(user_id, loved, limit, request_id)


async def shelf_of(user_id: int, loved: list[Loved], limit: int = 12, request_id: str = "", kept: int = 0) -> Shelf:
    """The shelf that follows from these favourites. Picks the service has not heard of are told first."""
    based_on = tuple(loved)
    heard = await favourites.tell(user_id, loved)
    try:
        answer = await recommendations.fetch(recommendations.reader_id(user_id), limit, request_id)
    except Unavailable:
        return await _popular_instead(based_on, limit, request_id, kept)
    if answer.stale_since:
        note = f"Showing picks from {_day(answer.stale_since)}. New ones are on the way."
        return Shelf("stale", answer.items, note, based_on, kept=kept)
    if not answer.items:
        return Shelf("empty", based_on=based_on, kept=kept)
    note = "" if heard else "Your newest favourites are saved. They will change your shelf soon."
    return Shelf("ok" if heard else "stale", answer.items, note, based_on, kept=kept)


async def picker(user_id: int, loved: list[Loved], request_id: str = "") -> Shelf:
    """Popular books to choose from; for a reader with a shelf, those that are not among their favourites.

    failed when nobody's popular books are known.
    """
    adding = len(loved) >= favourites.LEAST
    known = {favourite.item for favourite in loved} if adding else set()
    try:
        answer = await recommendations.fetch(EVERYBODY, min(MOST, favourites.OFFERED + len(known)), request_id)
    except Unavailable:
        return Shelf("failed")
    popular = (book for book in answer.items if book.id not in known)
    offer = tuple(Book(book.id, book.title, book.author, book.cover) for book in popular)[: favourites.OFFERED]
    if not offer:
        return Shelf("failed")
    return Shelf(
        "empty",
        offer=offer,
        signed=favourites.offer(user_id, list(offer)),
        picked=frozenset() if adding else frozenset(favourite.item for favourite in loved),
        adding=adding,
    )


async def _popular_instead(based_on: tuple[Loved, ...], limit: int, request_id: str, kept: int) -> Shelf:
    """The last known popular books, said to be that; failed without them."""
    try:
        answer = await recommendations.fetch(EVERYBODY, favourites.OFFERED, request_id)
    except Unavailable:
        return Shelf("failed", based_on=based_on, kept=kept)
    known = {favourite.item for favourite in based_on}
    books = tuple(book for book in answer.items if book.id not in known)[:limit]
    if not books:
        return Shelf("failed", based_on=based_on, kept=kept)
    return Shelf("stale", books, "Your own picks did not load. These are popular with other readers.", kept=kept)


def _day(moment: datetime) -> str:
    """ "earlier today", "yesterday" or a date, in the site's time zone."""
    then, today = timezone.localtime(moment).date(), timezone.localdate()
    days = (today - then).days
    return "earlier today" if days <= 0 else "yesterday" if days == 1 else date_format(then, "j F")
