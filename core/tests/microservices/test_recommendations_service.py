"""The recommendations service that comes with the project: books that follow from what a reader did, each with a true reason."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context

import pytest

from core.microservices import recommendations
from core.microservices.recommendations import Event
from core.microservices.reference.catalogue import Catalogue
from core.microservices.reference.events import Events
from core.microservices.reference.ranking import CLEARLY, READERS_COUNT, SAYS, SUBJECTS_COUNT, rank

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
catalogue = Catalogue()
TITLES = {book.title: book.id for book in catalogue.books.values()}
HISTORIES = [
    {"moby-dick": "liked"},
    {"hamlet": "owned"},
    {"emma": "opened"},
    {"middlemarch": "liked", "dracula": "liked", "the-time-machine": "owned", "walden": "opened"},
    {"treasure-island": "liked", "kidnapped": "dismissed", "gitanjali": "liked"},
    dict.fromkeys(sorted(catalogue.books)[:40], "liked"),
]


@pytest.fixture
def reader(request):
    """A reader whom no other test has told about."""
    return recommendations.reader_id(request.node.nodeid)


def tell(run, reader, at=AT, **kinds):
    run(recommendations.tell([Event(reader, item.replace("_", "-"), kind, at) for item, kind in kinds.items()]))


def ids(answer):
    return [item.id for item in answer.items]


def test_the_catalogue_has_real_books_from_a_shared_vocabulary():
    books = catalogue.books.values()
    assert len(books) >= 150
    assert all(3 <= len(set(book.subjects)) <= 6 and 1500 < book.year < 1930 and book.title and book.author for book in books)
    assert len(TITLES) == len(books)


def test_every_subject_relates_at_least_two_books():
    assert all(sum(subject in book.subjects for book in catalogue.books.values()) >= 2 for subject in catalogue.weight)


def test_there_are_sixty_demo_readers_and_they_are_always_the_same():
    assert len(catalogue.readers) == 60 and all(8 <= len(likes) <= 15 for likes in catalogue.readers)
    assert Catalogue().readers == catalogue.readers and len(set(catalogue.readers)) == 60


def test_a_newcomer_gets_popular_books_with_true_counts(services, run, reader):
    answer = run(recommendations.fetch(reader))
    assert answer.model == "popular" and len(answer.items) == 12
    counts = [int(re.fullmatch(r"Liked by (\d+) of 60 demo readers", item.reason)[1]) for item in answer.items]
    assert counts == sorted(counts, reverse=True)
    assert counts == [sum(item.id in likes for likes in catalogue.readers) for item in answer.items]


def test_what_a_reader_likes_changes_the_next_answer(services, run, reader):
    before = run(recommendations.fetch(reader))
    tell(run, reader, moby_dick="liked")
    after = run(recommendations.fetch(reader))
    assert after.model == "related" and ids(after) != ids(before)
    assert all("Moby-Dick" in item.reason for item in after.items)
    assert {"the-sea-wolf", "heart-of-darkness"} <= set(ids(after))


def test_one_readers_likes_are_nobody_elses(services, run, reader):
    tell(run, reader, dracula="liked")
    assert run(recommendations.fetch(reader + "-other")).model == "popular"


@pytest.mark.parametrize("kind", ["liked", "owned", "dismissed"])
def test_a_settled_book_does_not_come_back(services, run, reader, kind):
    first = run(recommendations.fetch(reader)).items[0].id
    tell(run, reader, **{first: kind})
    assert first not in ids(run(recommendations.fetch(reader, limit=100)))


def test_a_book_that_was_only_looked_at_may_still_be_recommended(services, run, reader):
    tell(run, reader, moby_dick="liked", heart_of_darkness="opened")
    assert "heart-of-darkness" in ids(run(recommendations.fetch(reader)))


def test_being_shown_a_book_says_nothing_about_taste(services, run, reader):
    before = run(recommendations.fetch(reader))
    tell(run, reader, frankenstein="shown", emma="shown")
    assert run(recommendations.fetch(reader)) == before


def test_every_book_says_where_to_find_it(services, run, reader):
    for item in run(recommendations.fetch(reader, limit=100)).items:
        assert item.url.startswith("https://openlibrary.org/search?q=") and item.cover is None


def test_the_answer_is_as_long_as_asked(services, run, reader):
    assert [len(run(recommendations.fetch(reader, limit=limit)).items) for limit in (1, 12, 48)] == [1, 12, 48]


@pytest.mark.parametrize("history", HISTORIES)
def test_every_reason_is_true(history):
    for pick in rank(catalogue, history, 30):
        if found := re.fullmatch(r"Liked by (\d+) of 60 demo readers", pick.reason):
            assert int(found[1]) == catalogue.likes[pick.book.id]
        else:
            known, kind = strongest(pick.book.id, history)
            assert pick.reason in true_reasons(pick.book, catalogue.books[known], kind)


def strongest(book, history):
    """The known book that adds most to this one's score, worked out anew from subjects and demo readers."""

    def part(known):
        bond = catalogue.bonds[known].get(book)
        return SAYS[history[known]] * (SUBJECTS_COUNT * bond.subjects + READERS_COUNT * bond.readers) if bond else 0

    known = max(history, key=part)
    return known, history[known]


def true_reasons(book, known, kind):
    """The one sentence that may stand for this pair."""
    bond = catalogue.bonds[known.id][book.id]
    share = SUBJECTS_COUNT * bond.subjects / (SUBJECTS_COUNT * bond.subjects + READERS_COUNT * bond.readers)
    if share >= CLEARLY:
        shared = [subject for subject in known.subjects if subject in book.subjects]
        pairs = [f"{one} and {other}" for one in shared for other in shared if one != other] or shared
        return {f"Shares {pair} with {known.title}" for pair in pairs}
    if 1 - share >= CLEARLY:
        likes = [readers for readers in catalogue.readers if known.id in readers]
        both = [readers for readers in likes if book.id in readers]
        return {f"Liked by {len(both)} of the {len(likes)} demo readers who like {known.title}"}
    verb = {"liked": "liked", "owned": "have", "opened": "looked at"}[kind]
    return {f"Because you {verb} {known.title}"}


def test_each_kind_of_reason_is_given_somewhere():
    reasons = [pick.reason for known in catalogue.books for pick in rank(catalogue, {known: "liked"}, 20)]
    for form in ("Shares ", "Because you liked ", r"Liked by \d+ of the \d+ demo readers who like "):
        assert any(re.match(form, reason) for reason in reasons)


@pytest.mark.parametrize("history", [{}, *HISTORIES, {"emma": "dismissed"}])
def test_no_book_twice_and_no_author_more_than_twice(history):
    picks = rank(catalogue, history, 12)
    authors = [pick.book.author for pick in picks]
    assert len({pick.book.id for pick in picks}) == len(picks) == 12
    assert max(authors.count(author) for author in authors) <= 2


def test_a_dismissed_book_pulls_its_neighbours_down():
    liked = rank(catalogue, {"moby-dick": "liked"}, 100)
    without = rank(catalogue, {"moby-dick": "liked", "the-sea-wolf": "dismissed"}, 100)
    score = {pick.book.id: pick.score for pick in without}
    near = "the-narrative-of-arthur-gordon-pym-of-nantucket"
    assert "the-sea-wolf" not in score
    assert score[near] < next(pick.score for pick in liked if pick.book.id == near)


def test_a_reader_who_settled_every_book_gets_none():
    assert rank(catalogue, dict.fromkeys(catalogue.books, "owned"), 12) == []


def test_the_same_event_counts_once_whatever_its_zone(tmp_path, embedded, settings, run, reader):
    for at in (AT, AT, AT.astimezone(timezone(timedelta(hours=9)))):
        tell(run, reader, at=at, emma="liked")
    with sqlite3.connect(settings.RECOMMENDATIONS_DATABASE) as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (1,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_the_last_word_on_a_book_counts(tmp_path):
    events = Events(tmp_path / "events.sqlite3")
    later = [(AT + timedelta(minutes=minute)).isoformat() for minute in range(3)]
    events.add([("r", "liked", "emma", later[1]), ("r", "dismissed", "emma", later[0]), ("r", "opened", "emma", later[2])])
    events.add([("r", "opened", "walden", later[0]), ("other", "liked", "kim", later[0])])
    assert events.history("r") == {"emma": "liked", "walden": "opened"}
    events.close()


def write_events(path, number):
    events = Events(path)
    for count in range(25):
        events.add([(f"reader-{number}", "liked", f"book-{count}", AT.isoformat())])


def test_several_processes_may_write_at_once(tmp_path):
    path, spawn = tmp_path / "events.sqlite3", get_context("spawn")
    Events(path).add([])
    writers = [spawn.Process(target=write_events, args=(path, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    events = Events(path)
    assert [len(events.history(f"reader-{number}")) for number in range(3)] == [25, 25, 25]
    events.close()


def test_many_events_go_in_batches(services, run, reader):
    books = sorted(catalogue.books)
    run(recommendations.tell(Event(reader, books[number % 50], "owned", AT + timedelta(seconds=number)) for number in range(450)))
    assert not set(books[:50]) & set(ids(run(recommendations.fetch(reader, limit=100))))


def test_no_events_are_no_call(faulty, run):
    run(recommendations.tell([]))
    assert faulty.calls()["calls"]["recommendations"] == {}


@pytest.mark.parametrize("wrong", [{"kind": "loved"}, {"at": datetime(2026, 1, 1)}])
def test_an_event_that_makes_no_sense_is_refused_where_it_is_made(wrong):
    with pytest.raises(ValueError, match="kind is one of"):
        Event(**{"reader": "r", "item": "emma", "kind": "liked", "at": AT, **wrong})


def test_a_reader_id_is_opaque_steady_and_keyed(settings):
    first = recommendations.reader_id(42)
    assert first == recommendations.reader_id("42") != recommendations.reader_id(43)
    assert re.fullmatch("[0-9a-f]{32}", first)
    settings.SECRET_KEY = "another key than before, which nobody knows"
    assert recommendations.reader_id(42) != first
