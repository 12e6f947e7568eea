"""Chooses the next books for a reader and says why each is there. Pure rules; the recommendations service calls rank()."""

from collections import Counter
from dataclasses import dataclass

from .catalogue import Bond, Book

# What a reader did with a book, and how much it says about their taste. A dismissed book pulls its neighbours down a little.
SAYS = {"liked": 1.0, "owned": 0.6, "opened": 0.3, "dismissed": -0.4}
SUBJECTS_COUNT, READERS_COUNT = 0.6, 0.4
# One side of a bond has to carry this much of it before the reason names that side alone.
CLEARLY = 0.7
BY_ONE_AUTHOR = 2
_ABSENT = Bond(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Pick:
    """A book and the reason that it is there: what moved its score most. Popular books have the score 0."""

    book: Book
    reason: str
    score: float


def popular(catalogue, limit, without=()):
    """The books that most demo readers like, at most two of an author."""
    ranked = sorted(catalogue.likes, key=lambda book: (-catalogue.likes[book], catalogue.books[book].title))
    picks = (
        Pick(catalogue.books[book], f"Liked by {catalogue.likes[book]} of {len(catalogue.readers)} demo readers", 0.0)
        for book in ranked
        if book not in without
    )
    return _few_of_each_author(picks, limit)


def rank(catalogue, history, limit):
    """Books related to `history` ({book id: "liked" | "owned" | "opened" | "dismissed"}), none that the reader has settled.

    Popular books fill up what no or too short a history leaves open. Each has its own reason.
    """
    settled = {book for book, kind in history.items() if kind != "opened"}
    scores, strongest = Counter(), {}
    for known, kind in history.items():
        for book, bond in catalogue.bonds[known].items():
            part = SAYS[kind] * _strength(bond)
            scores[book] += part
            if part > strongest.get(book, (0.0, ""))[0]:
                strongest[book] = (part, known)
    ranked = sorted(strongest, key=lambda book: (-scores[book], -catalogue.likes[book], book))
    picks = (
        Pick(catalogue.books[book], reason(catalogue, book, strongest[book][1], history[strongest[book][1]]), scores[book])
        for book in ranked
        if scores[book] > 0 and book not in settled
    )
    chosen = _few_of_each_author(picks, limit)
    if len(chosen) < limit:
        chosen += popular(catalogue, limit - len(chosen), without=settled | {pick.book.id for pick in chosen})
    return chosen


def reason(catalogue, book, known, kind):
    """One line that says which known book brought this one, and by which side of their bond when one clearly leads."""
    bond = catalogue.bonds[known].get(book, _ABSENT)
    title = catalogue.books[known].title
    by_subjects = SUBJECTS_COUNT * bond.subjects / _strength(bond)
    if by_subjects >= CLEARLY:
        return f"Shares {' and '.join(catalogue.shared_subjects(book, known)[:2])} with {title}"
    if 1 - by_subjects >= CLEARLY:
        both, likes = catalogue.liked_both(book, known), catalogue.likes[known]
        return f"Liked by {both} of the {likes} demo readers who like {title}"
    return {
        "liked": f"Because you liked {title}",
        "owned": f"Because you have {title}",
        "opened": f"Because you looked at {title}",
    }[kind]


def _strength(bond):
    return SUBJECTS_COUNT * bond.subjects + READERS_COUNT * bond.readers


def _few_of_each_author(picks, limit):
    chosen, by_author = [], Counter()
    for pick in picks:
        if len(chosen) == limit:
            break
        by_author[pick.book.author] += 1
        if by_author[pick.book.author] <= BY_ONE_AUTHOR:
            chosen.append(pick)
    return chosen
