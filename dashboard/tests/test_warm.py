"""What is at hand stands in the home page from the start: the same fragment, never an answer that would be wrong."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import caches
from django.utils import timezone

from core.microservices import last_good, promos
from core.tests.asgi_client import asked
from core.tests.test_server import cookies, counted_hops
from dashboard import favourites, fragments
from dashboard.favourites import Loved
from dashboard.models import Favourite
from dashboard.tests.pages import pick, text, titles

pytestmark = pytest.mark.django_db
OFFERS, SHELF = "/fragments/promos/", "/fragments/recommendations/"
# Each page has a token of its own, and each offer is signed anew.
CHANGING = re.compile(r'(name="(?:csrfmiddlewaretoken|offer)" value=")[^"]+')


@pytest.fixture(autouse=True)
def warm(settings):
    settings.WARM_SECONDS = 60


def part(page, name):
    """The markup of one fragment, without what differs from one request to the next."""
    found = re.search(rf'<section id="frag-{name}".*?</section>', text(page), re.DOTALL)
    return CHANGING.sub(r"\1", found[0])


def waits_for(page):
    """The names of the fragments that this page loads after it."""
    return re.findall(r'data-fragment="([a-z]+)" data-state="loading"', text(page))


def test_the_first_home_page_loads_both_after_it(member):
    assert waits_for(member.get("/")) == ["promos", "recommendations"]


@pytest.mark.parametrize("picked", [False, True], ids=["picker", "shelf"])
def test_a_fragment_that_is_at_hand_is_the_same_to_the_letter_as_one_that_comes_later(member, picked):
    if picked:
        pick(member, 3)
    later = {name: part(member.get(f"/fragments/{name}/"), name) for name in ("promos", "recommendations")}
    home = member.get("/")
    assert waits_for(home) == []
    assert {name: part(home, name) for name in later} == later


def test_a_reader_finds_their_own_shelf_and_another_one_theirs(member, stranger):
    pick(member, 3)
    member.get(SHELF)
    stranger.get(SHELF)
    assert titles(member.get("/")) == titles(member.get(SHELF))
    assert 'class="picker"' in text(stranger.get("/"))


def test_a_new_member_finds_the_picker_that_somebody_else_was_shown(member, stranger):
    stranger.get(SHELF)
    home = member.get("/")
    assert waits_for(home) == ["promos"]
    # And the offer is theirs: it brings a shelf.
    assert text(pick(member, 3, page="/", **{"HX-Request": "true"})).count('class="book-reason"') == 12


def test_the_page_asks_no_service(member, settings, dead_port):
    member.get(OFFERS), member.get(SHELF)
    settings.PROMOS_URL = settings.RECOMMENDATIONS_URL = dead_port
    assert waits_for(member.get("/")) == []


def test_picks_that_the_service_has_not_heard_of_show_no_older_shelf(member, settings, dead_port):
    pick(member, 3)
    member.get(SHELF)
    Favourite.objects.update(told_at=None)
    assert "recommendations" in waits_for(member.get("/"))


def test_a_favourite_added_since_shows_no_older_shelf(member):
    pick(member, 3)
    member.get(SHELF)
    Favourite.objects.create(
        user=member.user, item="new", title="New", picked_at=timezone.now(), told_at=timezone.now()
    )  # told by another process, whose answer this one does not have
    assert "recommendations" in waits_for(member.get("/"))
    member.get(SHELF)
    assert "recommendations" not in waits_for(member.get("/"))


def test_the_picker_makes_way_for_the_shelf_at_once(member):
    member.get(SHELF)
    pick(member, 3)
    assert "recommendations" in waits_for(member.get("/"))
    pick_page = member.get(SHELF)
    assert titles(member.get("/")) == titles(pick_page)


@pytest.mark.parametrize(("seconds", "stays"), [(40, True), (61, False)])
def test_offers_stay_warm_for_a_minute(member, monkeypatch, seconds, stays):
    member.get(OFFERS)
    grow_older(monkeypatch, seconds)
    assert ("promos" not in waits_for(member.get("/"))) is stays


@pytest.mark.parametrize(("seconds", "stays"), [(280, True), (301, False)])
def test_a_shelf_stays_warm_for_five(member, monkeypatch, seconds, stays):
    pick(member, 3)
    member.get(SHELF)
    Favourite.objects.update(told_at=timezone.now() - timedelta(hours=1))
    grow_older(monkeypatch, seconds)
    assert ("recommendations" not in waits_for(member.get("/"))) is stays


def grow_older(monkeypatch, seconds):
    """Let everything that was heard so far have been heard this much earlier."""
    original = last_good.Answer.younger_than
    monkeypatch.setattr(last_good.Answer, "younger_than", lambda self, most: original(self, most - seconds))


def test_an_offer_that_has_ended_is_not_shown_from_memory(member):
    now = timezone.now()
    over, on = (
        promos.Promo(name, f"Title {name}", "Body", "Go", "/picks/", now - timedelta(days=1), now + timedelta(seconds=left))
        for name, left in (("over", -1), ("on", 60))
    )

    async def answering():
        return last_good.Answer((over, on))

    async_to_sync(last_good.live_or_last_good)(answering, [promos._key("member", "", "en")], promos.Promo, hold=True)
    home = text(member.get("/"))
    assert "Title on" in home
    assert "Title over" not in home


def test_with_the_setting_at_nothing_everything_loads_later(member, settings):
    settings.WARM_SECONDS = 0
    member.get(OFFERS), member.get(SHELF)
    assert waits_for(member.get("/")) == ["promos", "recommendations"]


def test_after_signing_up_in_place_the_picker_stands_in_the_page(visitor, stranger, htmx):
    stranger.get(OFFERS), stranger.get(SHELF)
    joining = {"email": "grace@example.com", "password1": "three favourite books"}
    page = visitor.post("/signup/", joining, headers=htmx, follow=True)
    assert waits_for(page) == []
    assert 'class="picker"' in text(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("shared", "most"), [(False, 2), (True, 3)], ids=["own memory", "shared cache"])
def test_a_warm_page_needs_few_threads(monkeypatch, settings, tmp_path, member, shared, most):
    if shared:
        # Any cache but the one in memory is asked in a thread.
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path / "cache")}
        }
    asked(OFFERS, headers=cookies(member)), asked(SHELF, headers=cookies(member))
    with counted_hops(monkeypatch) as hops:
        reply = asked("/", headers=cookies(member))
    assert 'data-state="loading"' not in reply.text
    assert len([name for name in hops if not name.endswith(".close")]) <= most, hops


def test_a_shared_cache_that_is_slow_costs_the_page_next_to_nothing(member, settings, tmp_path, monkeypatch):
    from threading import Event

    held = Event()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}}
    member.get(SHELF)
    monkeypatch.setattr(type(caches["default"]), "get", lambda *arguments, **named: held.wait(30))
    try:
        assert "recommendations" in waits_for(member.get("/"))
    finally:
        held.set()


# What is made of an answer -------------------------------------------------------------------------------------------------

TOLD = timezone.now()


def loved(count, told_at=TOLD):
    return [Loved(f"book-{number}", f"Book {number}", "Somebody", TOLD, told_at) for number in range(count)]


def answer(count=0, age=0, **fields):
    books = tuple(
        fragments.recommendations.Recommendation(f"tip-{number}", "Title", "Author", "Why", "/picks/", None)
        for number in range(count)
    )
    return last_good.Answer(books, asked_at=timezone.now() - timedelta(seconds=age), **fields)


@pytest.mark.parametrize(
    ("known", "state"),
    [(None, "failed"), (answer(), "empty"), (answer(3), "ok"), (answer(3, stale_since=TOLD), "stale")],
)
def test_promos_have_a_state_for_each_answer(known, state):
    assert fragments.promos_from(known).state == state


@pytest.mark.parametrize(
    ("known", "heard", "state", "note"),
    [
        (answer(3), True, "ok", ""),
        (answer(3), False, "stale", "Your newest favourites are saved. They will change your shelf soon."),
        (answer(3, stale_since=TOLD), True, "stale", "Showing picks from earlier today. New ones are on the way."),
        (answer(0), True, "empty", ""),
    ],
)
def test_a_shelf_has_a_state_and_a_note_for_each_answer(known, heard, state, note):
    found = fragments.shelf_from(known, loved(3), heard)
    assert (found.state, found.note) == (state, note)


def test_popular_books_leave_out_what_is_loved_and_fail_without_any():
    assert fragments.popular_from(None, loved(3), 12).state == "failed"
    mine = [Loved("tip-0", "Title", "Author", TOLD, TOLD), *loved(2)]
    assert [book.id for book in fragments.popular_from(answer(3), mine, 12).books] == ["tip-1", "tip-2"]


def test_a_picker_fails_without_books_and_is_signed_for_its_reader():
    assert fragments.picker_from(None, 1, []).state == "failed"
    found = fragments.picker_from(answer(3), 1, [])
    assert [book.id for book in favourites.offered(1, found.signed)] == ["tip-0", "tip-1", "tip-2"]
    assert favourites.offered(2, found.signed) == []


@pytest.mark.parametrize(
    ("known", "mine"),
    [
        (None, loved(3)),
        (answer(3, age=301), loved(3)),
        (answer(3, age=5), loved(3, timezone.now() + timedelta(seconds=60))),
        (answer(3), loved(3, None)),
        (answer(0), []),
    ],
    ids=["nothing kept", "too old", "told since", "untold", "no books to pick from"],
)
def test_a_kept_answer_that_may_be_wrong_is_not_shown(known, mine):
    assert fragments.warm_shelf_from(known, 1, mine) is None
