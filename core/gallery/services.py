"""The two outside services as the gallery plays them: the same contract, the same ranking, and a way to misbehave.

stage.py puts them into a Scene. Nothing is asked of the real services, and nothing is told to them.
"""

import json
from functools import cache
from urllib.parse import parse_qs

from core.microservices import recommendations
from core.microservices.reference import ranking
from core.microservices.reference.catalogue import Catalogue

FOREVER = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2120-01-01T00:00:00Z"}
LONG = (
    "The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner: Who lived eight and twenty Years, all alone"
)
MARKUP = "<b>Bold</b> & {{ braces }} <img src=x>"
POPULAR = "everybody"

MEMBER_PROMOS = (
    ("A week at sea", "Pirates, whales and islands, one a day.", "See your picks", "/picks/"),
    ("Novels for long nights", "One big book brings the next.", "Find a novel", "/picks/"),
    (
        "Keep your shelf yours",
        "A confirmed email brings you back when a password is forgotten.",
        "Check your email",
        "/settings/email/",
    ),
)
VISITOR_PROMOS = (
    ("Ghosts by candlelight.", "Spend December with haunted houses.", "Get your shelf", "/#join"),
    ("Poems in April.", "Whitman, Blake and Tagore for the spring.", "Get your shelf", "/#join"),
    ("A friend sent you here.", "Start with 3 books you both love.", "Get your shelf", "/#join"),
)
# What the reader of the gallery loves: core/gallery/cast.py keeps the same books for them.
LOVED = ("frankenstein", "jane-eyre", "moby-dick")


def playing(behaviour):
    """{"promos": app, "recommendations": app} for a dict of behaviours: promos, recommendations, and popular (what the second
    says to a reader whom it does not know)."""
    return {
        "promos": _app(lambda query: _promos(query, behaviour.get("promos", "ok"))),
        "recommendations": _app(
            lambda query: _books(
                query, behaviour.get("recommendations", "ok"), behaviour.get("popular", "ok"), behaviour.get("told", "ok")
            )
        ),
    }


def _app(answer):
    """An ASGI app that answers every request with (status, JSON) of answer(query); a POST has no query."""

    async def app(scope, receive, send):
        fields = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        status, content = answer(fields if scope["method"] == "GET" else None)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(content).encode()})

    return app


def _promos(query, behaviour):
    if behaviour == "down":
        return 503, {}
    entries = VISITOR_PROMOS if query.get("audience") == "visitor" else MEMBER_PROMOS
    if behaviour == "long":
        entries = [(LONG, LONG, "Read about it on a page of its own", url) for *_, url in entries]
    elif behaviour == "markup":
        entries = [(MARKUP, MARKUP, "See {{ it }}", url) for *_, url in entries]
    elif behaviour == "partial":
        entries = [(None, *rest) if number == 1 else (title, *rest) for number, (title, *rest) in enumerate(entries)]
    count = {"none": 0, "one": 1, "two": 2}.get(behaviour, len(entries))
    return 200, {"promos": [_promo(number, *entry) for number, entry in enumerate(entries[:count])]}


def _promo(number, title, body, label, url):
    return {"id": f"gallery-{number}", "title": title, "body": body, "cta": {"label": label, "url": url}, **FOREVER}


def _books(query, behaviour, popular, told):
    if query is None:
        return (503, {}) if told == "down" else (202, {})
    everybody = query.get("reader") == recommendations.reader_id(POPULAR)
    behaviour = popular if everybody else behaviour
    if behaviour == "down":
        return 503, {}
    books = [_book(pick) for pick in (_popular() if everybody else _related())]
    if behaviour == "long":
        books = [
            {**book, "title": LONG, "author": f"{book['author']} and the Society of Friends", "reason": LONG} for book in books
        ]
    elif behaviour == "markup":
        books = [{**book, "title": MARKUP, "author": MARKUP, "reason": MARKUP} for book in books]
    elif behaviour == "partial":
        books = [{**book, "title": None} if number == 1 else book for number, book in enumerate(books[:5])]
    count = {"none": 0, "one": 1, "two": 2}.get(behaviour, len(books))
    limit = int(query.get("limit", 12))
    return 200, {"items": books[: min(count, limit)], "model": "popular" if everybody else "related"}


@cache
def catalogue():
    """The books of the service that comes with the project."""
    return Catalogue()


@cache
def _related():
    return ranking.rank(catalogue(), dict.fromkeys(LOVED, "liked"), 24)


@cache
def _popular():
    return ranking.popular(catalogue(), 24)


def _book(pick):
    book = pick.book
    return {"id": book.id, "title": book.title, "author": book.author, "reason": pick.reason, "url": book.url, "cover": None}
