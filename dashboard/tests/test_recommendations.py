"""The shelf, the picker and what is said when they do not come."""

import pytest

from core.microservices import recommendations
from dashboard.models import Favourite
from dashboard.tests.pages import HTMX, offer, pick, state, text, ticked, titles

pytestmark = pytest.mark.django_db
SHELF = "/fragments/recommendations/"


def test_a_new_member_picks_from_twelve_books(member):
    response = member.get(SHELF)
    assert response.status_code == 200
    assert state(response) == "empty"
    assert len(titles(response)) == 12
    assert not ticked(response)


def test_three_picks_make_a_shelf_with_reasons(member):
    response = pick(member, 3, **HTMX)
    assert response.status_code == 200
    assert state(response) == "ok"
    assert len(titles(response)) == 12
    assert text(response).count('class="book-reason"') == 12
    assert "Based on" in text(response)


def test_the_shelf_stays_after_the_picks(member):
    pick(member, 3)
    assert state(member.get(SHELF)) == "ok"


def test_picked_books_are_not_recommended_again(member):
    _, ids = offer(member.get(SHELF))
    pick(member, 3)
    assert not set(Favourite.objects.values_list("title", flat=True)) & set(titles(member.get(SHELF)))
    assert set(Favourite.objects.values_list("item", flat=True)) == set(ids[:3])


def test_the_service_is_told_about_the_picks(member):
    pick(member, 3, **HTMX)
    assert not Favourite.objects.filter(told_at=None).exists()


def test_the_shelf_takes_the_focus_after_picking_and_says_so_once(member):
    page = text(pick(member, 3, **HTMX))
    assert 'data-announce="Saved. Your shelf is here." autofocus' in page
    assert page.count("data-announce") == 1


def test_the_first_step_is_ticked_in_place_on_the_home_page_alone(member, stranger):
    assert 'id="step-picks" class="step" data-done="true" hx-swap-oob="true"' in text(pick(member, 3, **HTMX))
    elsewhere = {**HTMX, "HX-Current-URL": "http://testserver/elsewhere/"}
    assert "hx-swap-oob" not in text(pick(stranger, 3, **elsewhere))


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "Pick 3 books to start your shelf."),
        (1, "Pick 2 more books. You have picked 1."),
        (2, "Pick 1 more book. You have picked 2."),
    ],
)
def test_too_few_picks_are_kept_and_counted(member, count, sentence):
    _, ids = offer(member.get(SHELF))
    response = pick(member, count, **HTMX)
    assert response.status_code == 422
    assert sentence in text(response)
    assert ticked(response) == set(ids[:count])
    assert not Favourite.objects.exists()


def test_the_same_book_three_times_is_one_pick(member):
    signed, ids = offer(member.get(SHELF))
    response = member.post("/fragments/picks/", {"offer": signed, "pick": [ids[0]] * 3}, headers=HTMX)
    assert response.status_code == 422
    assert "You have picked 1." in text(response)


def test_a_book_that_was_not_offered_is_refused_and_the_others_stay_ticked(member):
    signed, ids = offer(member.get(SHELF))
    picks = [*ids[:3], "the-necronomicon"]
    response = member.post("/fragments/picks/", {"offer": signed, "pick": picks}, headers=HTMX)
    assert response.status_code == 422
    assert "The books on offer have changed. Pick 3 of these." in text(response)
    assert ticked(response) == set(ids[:3])
    assert not Favourite.objects.exists()


@pytest.mark.parametrize("signed", ["", "made-up", "x" * 5000])
def test_an_offer_that_is_not_ours_is_replaced_by_a_new_one(member, signed):
    _, ids = offer(member.get(SHELF))
    response = member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert response.status_code == 422
    assert offer(response)[1] == ids
    assert not Favourite.objects.exists()


def test_another_readers_offer_is_worth_nothing(member, stranger):
    signed, ids = offer(stranger.get(SHELF))
    response = member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert response.status_code == 422
    assert not Favourite.objects.exists()


def test_picking_again_stores_each_book_once(member):
    signed, ids = offer(member.get(SHELF))
    for _ in range(2):
        member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert Favourite.objects.count() == 3


def test_picks_are_this_readers_alone(member, stranger):
    pick(member, 3)
    assert state(stranger.get(SHELF)) == "empty"


def test_without_scripts_picking_leads_to_the_full_page(member):
    response = pick(member, 3)
    assert response.status_code == 302
    assert response["Location"] == "/picks/"
    page = member.get("/picks/")
    assert "Saved. Your shelf now starts from 3 books." in text(page)
    assert len(titles(page)) == 24


def test_without_scripts_too_few_picks_come_back_as_a_full_page(member):
    response = pick(member, 2)
    assert response.status_code == 422
    assert "<title>Error: Your picks" in text(response)
    assert len(ticked(response)) == 2


def test_a_pick_cannot_be_made_by_a_link(member):
    assert member.get("/fragments/picks/").status_code == 405


def test_a_fragment_is_only_read(member):
    assert member.post(SHELF).status_code == 405


def test_without_the_service_and_without_a_copy_the_region_says_so(member, no_recommendations):
    response = member.get(SHELF)
    assert response.status_code == 200
    assert state(response) == "failed"
    assert "Your picks did not load" in text(response)
    assert 'id="frag-recommendations-retry"' in text(response)


def test_an_outage_shows_the_last_good_shelf_and_says_how_old_it_is(member, settings, dead_port):
    pick(member, 3, **HTMX)
    before = titles(member.get(SHELF))
    settings.RECOMMENDATIONS_URL = dead_port
    response = member.get(SHELF)
    assert state(response) == "stale"
    assert "Showing picks from earlier today. New ones are on the way." in text(response)
    assert titles(response) == before


def test_a_new_member_picks_even_during_an_outage_when_somebody_was_here_before(member, stranger, settings, dead_port):
    stranger.get(SHELF)
    settings.RECOMMENDATIONS_URL = dead_port
    assert len(titles(member.get(SHELF))) == 12


def test_picks_made_during_an_outage_are_kept_and_told_later(member, settings, dead_port):
    signed, ids = offer(member.get(SHELF))
    settings.RECOMMENDATIONS_URL = dead_port
    member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert Favourite.objects.filter(told_at=None).count() == 3
    settings.RECOMMENDATIONS_URL = ""
    assert state(member.get(SHELF)) == "ok"
    assert not Favourite.objects.filter(told_at=None).exists()


def test_an_outage_right_after_picking_shows_popular_books_as_that(member, settings, dead_port):
    signed, ids = offer(member.get(SHELF))
    settings.RECOMMENDATIONS_URL = dead_port
    response = member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert state(response) == "stale"
    assert "Your own picks did not load. These are popular with other readers." in text(response)
    assert len(titles(response)) == 9


def test_picks_are_said_to_be_saved_when_nothing_else_can_be_shown(member, settings, dead_port):
    from django.core.cache import cache

    signed, ids = offer(member.get(SHELF))
    settings.RECOMMENDATIONS_URL = dead_port
    cache.delete(f"recommendations:1:{recommendations.reader_id('everybody')}:12")
    response = member.post("/fragments/picks/", {"offer": signed, "pick": ids[:3]}, headers=HTMX)
    assert state(response) == "failed"
    assert "The 3 books you picked are saved." in text(response)
    assert Favourite.objects.count() == 3


def test_a_signed_out_reader_is_sent_to_sign_in_by_htmx(visitor):
    response = visitor.get(SHELF, headers=HTMX)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/login/?next=%2F&why=expired"
    assert not response.content


def test_the_heading_is_the_same_in_every_state(member, settings, dead_port):
    heading = 'id="frag-recommendations-heading"'
    pages = [member.get(SHELF), pick(member, 1, **HTMX), pick(member, 3, **HTMX)]
    settings.RECOMMENDATIONS_URL = dead_port
    pages.append(member.get(SHELF))
    assert all(text(page).count(heading) == 1 and "Recommended for you</h2>" in text(page) for page in pages)


def test_the_full_page_shows_picks_and_an_offer(member):
    pick(member, 3)
    page = member.get("/picks/")
    assert page.status_code == 200
    assert "Books you love" in text(page)
    assert 'class="slide"' in text(page)


def test_the_full_page_stands_without_either_service(member, no_promos, no_recommendations):
    page = member.get("/picks/")
    assert page.status_code == 200
    assert state(page) == "failed"
    assert 'href="/picks/">Try again</a>' in text(page)


def test_no_shared_cache_keeps_a_readers_shelf(member):
    assert member.get(SHELF)["Cache-Control"] == "private, no-store"


def test_a_reader_with_a_shelf_may_add_one_more_favourite(member):
    pick(member, 3)
    page = member.get("/picks/?add")
    signed, ids = offer(page)
    assert not set(ids) & set(Favourite.objects.values_list("item", flat=True))
    answer = member.post("/fragments/picks/", {"offer": signed, "pick": ids[:1]}, follow=True)
    assert "Your shelf now starts from 4 books." in text(answer)
    assert Favourite.objects.filter(item=ids[0]).exists()


def test_adding_nothing_is_said_and_adds_nothing(member):
    pick(member, 3)
    signed, _ = offer(member.get("/picks/?add"))
    answer = member.post("/fragments/picks/", {"offer": signed})
    assert answer.status_code == 422
    assert "Pick a book to change your shelf." in text(answer)
    assert Favourite.objects.count() == 3
