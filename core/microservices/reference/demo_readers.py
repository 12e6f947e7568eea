"""Invents the demo readers, whose likes stand in for the history that a new service does not have. The catalogue calls it once.

They are not people. Each is made from the books by a fixed rule, so that every machine gets the same ones and an edited
catalogue gets fitting ones: a reader favours three neighbouring subjects, and likes the 8 to 15 books that score highest by
favoured subjects × 3 + renown (an editor's guess, 1 to 5) + chance (0 to 6, from a hash of reader and book).
"""

from hashlib import sha256

READERS = 60
FEWEST, MOST = 8, 15


def _chance(*words):
    """A number from 0 up to 1 that depends on the words alone, whatever the machine or the Python version."""
    return int.from_bytes(sha256("\x1f".join(words).encode()).digest()[:8]) / 2**64


def demo_readers(books):
    """A tuple of frozensets of book ids, one for each demo reader. `books` have `id`, `subjects` and `renown`."""
    return tuple(_likes(f"demo-reader-{number}", books) for number in range(1, READERS + 1))


def _likes(reader, books):
    # The three come from one well-read book, because tastes in a real person go together as they do in a book.
    centre = max(books, key=lambda book: book.renown + 4 * _chance(reader, "centre", book.id))
    favoured = set(sorted(centre.subjects, key=lambda subject: _chance(reader, "favours", subject))[:3])
    count = FEWEST + int(_chance(reader, "count") * (MOST - FEWEST + 1))

    def score(book):
        return 3 * len(favoured.intersection(book.subjects)) + book.renown + 6 * _chance(reader, "likes", book.id)

    return frozenset(book.id for book in sorted(books, key=score, reverse=True)[:count])
