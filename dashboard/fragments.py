"""What the two services give a member's page, as plain values for a template: promos and the recommendations shelf.

Called by the views. A service that gives nothing is a state here, never an exception. What asks and what makes sense of an answer
are kept apart: whether a fragment is in the page from the start or comes after it, the same functions make it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from core.microservices import promos, recommendations
from core.microservices.http import Unavailable
from core.microservices.last_good import Answer
from core.microservices.promos import Promo
from core.microservices.recommendations import Recommendation
from dashboard import favourites
from dashboard.favourites import Book, Loved

SLIDES = 3
# Books in the row on the home page.
ROW = 12
# The most books that the service is asked for at once.
MOST = 24
# A shelf changes with its reader's favourites, not by the hour: it stays warm so many times as long as promos.
SHELF_KEEPS = 5
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


@dataclass(frozen=True, slots=True)
class AtHand:
    """The fragments of the home page that need not be loaded after it; None stands for one that does."""

    promos: Promos | None = None
    shelf: Shelf | None = None


# Asking ----------------------------------------------------------------------------------------------------------------


async def member_promos(most: int = SLIDES, request_id: str = "") -> Promos:
    """At most `most` promos for members."""
    return promos_from(await _answer(promos.fetch(audience="member", request_id=request_id)), most)


async def shelf(user_id: int, loved: list[Loved], limit: int = ROW, request_id: str = "") -> Shelf:
    """The shelf that follows from these favourites, or a picker while there are too few of them."""
    if len(loved) < favourites.LEAST:
        return await picker(user_id, loved, request_id)
    return await shelf_of(user_id, loved, limit, request_id)


async def shelf_of(user_id: int, loved: list[Loved], limit: int = ROW, request_id: str = "", kept: int = 0) -> Shelf:
    """The shelf that follows from these favourites. Picks the service has not heard of are told first."""
    heard = await favourites.tell(user_id, loved)
    answer = await _answer(recommendations.fetch(recommendations.reader_id(user_id), limit, request_id))
    if answer is None:
        popular = await _answer(recommendations.fetch(EVERYBODY, favourites.OFFERED, request_id))
        return popular_from(popular, loved, limit, kept)
    return shelf_from(answer, loved, heard, kept)


async def picker(user_id: int, loved: list[Loved], request_id: str = "") -> Shelf:
    """Popular books to choose from; for a reader with a shelf, those that are not among their favourites."""
    answer = await _answer(recommendations.fetch(EVERYBODY, min(MOST, favourites.OFFERED + len(_known(loved))), request_id))
    return picker_from(answer, user_id, loved)


async def at_hand(user_id: int, loved: list[Loved]) -> AtHand:
    """What may stand in the page from the start: answers that were kept and are new enough. No service is asked.

    A shelf must be the reader's own and follow from every favourite they have: an older one would be wrong.
    """
    if not settings.WARM_SECONDS:
        return AtHand()
    offers = promos.at_hand("member")
    picking = len(loved) < favourites.LEAST
    if picking or all(favourite.told_at for favourite in loved):
        reader = EVERYBODY if picking else recommendations.reader_id(user_id)
        books = await recommendations.kept(reader, favourites.OFFERED if picking else ROW)
    else:
        books = None
    return AtHand(
        promos_from(offers) if offers and offers.younger_than(settings.WARM_SECONDS) else None,
        warm_shelf_from(books, user_id, loved),
    )


async def _answer(asking):
    """What a service answered, or None when it could not be asked."""
    try:
        return await asking
    except Unavailable:
        return None


# Understanding: from an answer (None when there is none) to what is shown, without asking anybody -----------------------


def promos_from(answer: Answer[Promo] | None, most: int = SLIDES) -> Promos:
    if answer is None:
        return Promos("failed")
    if not answer.items:
        return Promos("empty")
    return Promos("stale" if answer.stale_since else "ok", answer.items[:most])


def shelf_from(answer: Answer[Recommendation], loved: list[Loved], heard: bool = True, kept: int = 0) -> Shelf:
    """The reader's own books. `heard` is False when the service does not know all their favourites yet."""
    based_on = tuple(loved)
    if answer.stale_since:
        note = f"Showing picks from {_day(answer.stale_since)}. New ones are on the way."
        return Shelf("stale", answer.items, note, based_on, kept=kept)
    if not answer.items:
        return Shelf("empty", based_on=based_on, kept=kept)
    note = "" if heard else "Your newest favourites are saved. They will change your shelf soon."
    return Shelf("ok" if heard else "stale", answer.items, note, based_on, kept=kept)


def popular_from(answer: Answer[Recommendation] | None, loved: list[Loved], limit: int, kept: int = 0) -> Shelf:
    """Popular books in place of the reader's own, said to be that; failed without them."""
    known = {favourite.item for favourite in loved}
    books = tuple(book for book in answer.items if book.id not in known)[:limit] if answer else ()
    if not books:
        return Shelf("failed", based_on=tuple(loved), kept=kept)
    return Shelf("stale", books, "Your own picks did not load. These are popular with other readers.", kept=kept)


def picker_from(answer: Answer[Recommendation] | None, user_id: int, loved: list[Loved]) -> Shelf:
    """Popular books as an offer that is signed for this reader; failed when nobody's popular books are known."""
    known = _known(loved)
    popular = (book for book in answer.items if book.id not in known) if answer else ()
    offer = tuple(Book(book.id, book.title, book.author, book.cover) for book in popular)[: favourites.OFFERED]
    if not offer:
        return Shelf("failed")
    return Shelf(
        "empty",
        offer=offer,
        signed=favourites.offer(user_id, list(offer)),
        picked=frozenset() if known else frozenset(favourite.item for favourite in loved),
        adding=bool(known),
    )


def warm_shelf_from(answer: Answer[Recommendation] | None, user_id: int, loved: list[Loved]) -> Shelf | None:
    """The shelf or the picker that a kept answer makes; None when it is too old, or older than what the service was told."""
    if answer is None or not answer.younger_than(SHELF_KEEPS * settings.WARM_SECONDS):
        return None
    if len(loved) < favourites.LEAST:
        found = picker_from(answer, user_id, loved)
    elif all(favourite.told_at and favourite.told_at <= answer.asked_at for favourite in loved):
        found = shelf_from(answer, loved)
    else:
        return None
    return found if found.state != "failed" else None


def _known(loved: list[Loved]) -> set[str]:
    """Favourites that a picker leaves out: those of a reader who has a shelf and wants it to change."""
    return {favourite.item for favourite in loved} if len(loved) >= favourites.LEAST else set()


def _day(moment: datetime) -> str:
    """ "earlier today", "yesterday" or a date, in the site's time zone."""
    then, today = timezone.localtime(moment).date(), timezone.localdate()
    days = (today - then).days
    return "earlier today" if days <= 0 else "yesterday" if days == 1 else date_format(then, "j F")
