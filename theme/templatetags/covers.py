"""Addresses of generated covers for templates: one book with `cover_url`, a row of them with `shelf`."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from theme import tokens
from theme.cover_text import AUTHOR_LENGTH, TITLE_LENGTH, cleaned
from theme.covers import palette_name, shelf_palettes

register = template.Library()


class Card(NamedTuple):
    """A book and the address of the cover it wears in this row."""

    book: Any
    cover: str


@register.simple_tag
def cover_url(title: str, author: str = "", palette: str = "") -> str:
    """The address of a book's cover.

    {% load covers %} <img src="{% cover_url book.title book.author %}" width="200" height="300" alt="" loading="lazy">
    """
    title = cleaned(title, TITLE_LENGTH) or "Untitled"
    author = cleaned(author, AUTHOR_LENGTH)
    query = {"title": title, "author": author} if author else {"title": title}
    version = tokens.active()["covers_version"]
    return f"{reverse('cover', args=[version, palette or palette_name(title, author)])}?{urlencode(query)}"


@register.simple_tag
def shelf(books: Iterable[Any]) -> list[Card]:
    """Cards for books that stand side by side: no two neighbours wear the same palette.

    {% shelf books as cards %} {% for card in cards %} <img src="{{ card.cover }}" …> {{ card.book.title }} {% endfor %}
    A book that names a cover on this site (`book.cover`, a path) keeps it.
    """
    books = list(books)
    palettes = shelf_palettes((book.title, book.author) for book in books)
    return [
        Card(book, _own(book) or cover_url(book.title, book.author, palette))
        for book, palette in zip(books, palettes, strict=True)
    ]


def _own(book: Any) -> str:
    """Pictures come from this site alone, as the content security policy says."""
    path = getattr(book, "cover", None) or ""
    return path if path.startswith("/") and not path.startswith("//") else ""
