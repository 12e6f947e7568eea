"""An announcement that is known stands in the landing page from the start, also in one that many visitors share."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import timezone

from core import views
from core.microservices import last_good, promos
from core.tests.asgi_client import asked
from core.tests.test_server import counted_hops

STRIP = "/fragments/promo-strip/"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture(autouse=True)
def warm(settings, monkeypatch):
    settings.WARM_SECONDS = 60
    monkeypatch.setattr(views.landing_reuse, "seconds", 60)


def on_now(*names, source="", **changes):
    """Let this process have heard of these announcements, for visitors from `source`."""
    now = timezone.now()
    usual = {"body": "Body", "cta_label": "Go", "cta_url": "/offers/", "starts_at": now - timedelta(days=1)}
    made = [
        promos.Promo(id=name, title=f"Title {name}", **{**usual, "ends_at": now + timedelta(days=1), **changes}) for name in names
    ]

    async def answering():
        return last_good.Answer(tuple(made))

    async_to_sync(last_good.live_or_last_good)(answering, [promos._key("visitor", source, "en")], promos.Promo, hold=True)


def announced(page):
    """The title in the strip; "later" when it is loaded after the page, "" without a strip."""
    if 'data-fragment="promo-strip" data-state="loading"' in page.text:
        return "later"
    found = re.search(r"<strong>(.*?)</strong>", page.text)
    return found[1] if found else ""


def test_it_is_the_same_to_the_letter_as_one_that_comes_later(visitor):
    later = TOKEN.sub(r"\1", visitor.get(STRIP).text).strip()
    assert later.startswith("<aside")
    assert later in TOKEN.sub(r"\1", visitor.get("/").text)


def test_before_anything_is_known_it_is_loaded_after_the_page(visitor):
    assert announced(visitor.get("/")) == "later"


def test_known_and_nothing_on_the_page_starts_with_its_masthead(visitor):
    on_now()
    assert announced(visitor.get("/")) == ""
    assert 'id="frag-promo-strip"' not in visitor.get("/").text


@pytest.mark.django_db
def test_each_visitor_dismisses_for_themselves_on_a_page_that_is_shared(visitor, htmx):
    on_now("one", "two")
    assert announced(visitor.get("/")) == "Title one"
    visitor.post("/offers/dismiss/", {"promo": "one"}, headers=htmx)
    assert announced(visitor.get("/")) == "Title two"
    assert announced(Client().get("/")) == "Title one"
    visitor.post("/offers/dismiss/", {"promo": "two"}, headers=htmx)
    assert announced(visitor.get("/")) == ""
    assert len(views.landing_reuse.pages) == 3


def test_who_comes_by_a_letter_reads_what_is_announced_to_them(visitor):
    on_now("one")
    on_now("for-friends", source="letter")
    for query in ("?utm_source=letter", "?ref=letter", "?r=letter"):
        assert announced(visitor.get("/" + query)) == "Title for-friends"
    assert announced(visitor.get("/")) == "Title one"
    assert announced(visitor.get("/?ref=somebody-else")) == "later"


def test_an_announcement_shows_from_its_start_to_its_end_on_a_page_that_is_kept_longer(visitor, monkeypatch):
    now = timezone.now()
    on_now("soon", starts_at=now + timedelta(seconds=10), ends_at=now + timedelta(seconds=40))
    assert announced(visitor.get("/")) == ""
    moves_on(monkeypatch, 20)
    assert announced(visitor.get("/")) == "Title soon"
    moves_on(monkeypatch, 50)
    assert announced(visitor.get("/")) == ""


def test_after_a_minute_it_is_asked_for_again(visitor, monkeypatch):
    on_now("one")
    moves_on(monkeypatch, 61)
    assert announced(visitor.get("/")) == "later"


def moves_on(monkeypatch, seconds):
    """Let it be this much later for whoever looks at what was heard."""

    class Later(type(timezone.now())):
        @classmethod
        def now(cls, zone=None):
            return timezone.now().astimezone(zone) + timedelta(seconds=seconds)

    monkeypatch.setattr(last_good, "datetime", Later)
    monkeypatch.setattr(promos, "datetime", Later)


def test_the_button_of_a_shared_announcement_carries_each_visitors_own_token(visitor):
    on_now("one")
    tokens = [
        set(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', client.get("/").text)) for client in (visitor, Client())
    ]
    assert all(len(each) == 1 for each in tokens) and tokens[0] != tokens[1]
    assert len(views.landing_reuse.pages) == 1


def test_a_known_announcement_needs_no_thread_and_no_database(monkeypatch):
    on_now("one")
    # pytest-django refuses the database to a test that does not ask for it.
    with counted_hops(monkeypatch) as hops:
        assert "Title one" in asked("/").text
    assert hops == []


def test_a_letter_with_an_odd_name_is_no_reason_to_fail(visitor):
    on_now("one")
    assert announced(visitor.get("/?ref=%00%ff<script>")) == "later"
