"""The books that can be recommended, how close they are to each other, and how well liked they are.

The recommendations service ranks with it. Everything is worked out once, about 260 books against each other.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from .demo_readers import demo_readers

# Two books that one reader happens to like are hardly related: this holds back what few readers say.
COINCIDENCE = 3
CATALOGUE = Path(__file__).with_name("catalogue.json")


class Book(msgspec.Struct, frozen=True):
    """One book: `year` is that of first publication, `renown` (1 to 5) matters to the demo readers only."""

    id: str
    title: str
    author: str
    year: int
    subjects: tuple[str, ...]
    renown: int

    @property
    def url(self):
        """Where the book can be found and read: a search in Open Library."""
        return "https://openlibrary.org/search?" + urlencode({"q": f"{self.title} {self.author}"})


class _File(msgspec.Struct):
    subjects: tuple[str, ...]
    books: tuple[Book, ...]


@dataclass(frozen=True, slots=True)
class Bond:
    """How close two books are, each from 0 to 1: by their subjects, and by the demo readers who like both."""

    subjects: float
    readers: float


class Catalogue:
    """`books` by id, `likes` (how many demo readers like a book), `bonds` (for each book, its Bond to every related one)."""

    def __init__(self, path=CATALOGUE):
        file = msgspec.json.decode(Path(path).read_bytes(), type=_File)
        self.books = {book.id: book for book in file.books}
        unknown = {subject for book in file.books for subject in book.subjects} - set(file.subjects)
        if unknown or len(self.books) != len(file.books):
            raise ValueError(f"The catalogue repeats an id or uses a subject that it does not list: {sorted(unknown)}")
        self.readers = demo_readers(file.books)
        self.likes = Counter(book for likes in self.readers for book in likes)
        # A subject that few books share says more about them than one that half of them share.
        spread = Counter(subject for book in file.books for subject in book.subjects)
        self.weight = {subject: log(len(file.books) / count) + 0.1 for subject, count in spread.items()}
        self.both_like = Counter(pair for likes in self.readers for pair in combinations(sorted(likes), 2))
        self.bonds = self._bonds(file.books)

    def _bonds(self, books):
        length = {book.id: sqrt(sum(self.weight[subject] ** 2 for subject in book.subjects)) for book in books}
        shared = Counter()
        for subject, weight in self.weight.items():
            for pair in combinations(sorted(book.id for book in books if subject in book.subjects), 2):
                shared[pair] += weight**2
        bonds = defaultdict(dict)
        for pair in shared.keys() | self.both_like.keys():
            one, other = pair
            bonds[one][other] = bonds[other][one] = Bond(
                subjects=shared[pair] / (length[one] * length[other]),
                readers=self.both_like[pair] / (sqrt(self.likes[one] * self.likes[other]) + COINCIDENCE),
            )
        return bonds

    def shared_subjects(self, one, other):
        """The subjects of both books, the most telling first."""
        shared = set(self.books[one].subjects).intersection(self.books[other].subjects)
        return sorted(shared, key=lambda subject: (-self.weight[subject], subject))

    def liked_both(self, one, other):
        """How many demo readers like both books."""
        return self.both_like[min(one, other), max(one, other)]
