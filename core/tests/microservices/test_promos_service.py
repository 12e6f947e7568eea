"""The promos service that comes with the project: whom it shows what, when, and what it answers to a wrong request."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from core.microservices import promos
from core.microservices.http import Unavailable
from core.microservices.reference.promos import CAMPAIGNS, Campaign, Cta, campaigns_of, choose

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def campaign(name, starts=-DAY, ends=DAY, audiences=("visitor",), referrers=(), locales=()):
    return Campaign(name, "Title", "Body", Cta("Go", "/"), NOW + starts, NOW + ends, audiences, referrers, locales)


@pytest.mark.parametrize(
    ("made", "asked", "shown"),
    [
        (campaign("now"), {}, True),
        (campaign("from this moment", starts=timedelta(0)), {}, True),
        (campaign("not yet", starts=timedelta(seconds=1)), {}, False),
        (campaign("over", ends=-timedelta(seconds=1)), {}, False),
        (campaign("ends now", ends=timedelta(0)), {}, False),
        (campaign("members only", audiences=("member",)), {}, False),
        (campaign("members only", audiences=("member",)), {"audience": "member"}, True),
        (campaign("both", audiences=("member", "visitor")), {}, True),
        (campaign("friends", referrers=("friend",)), {}, False),
        (campaign("friends", referrers=("friend",)), {"referrer": "newsletter"}, False),
        (campaign("friends", referrers=("friend",)), {"referrer": "friend"}, True),
        (campaign("everybody"), {"referrer": "friend"}, True),
        (campaign("German", locales=("de",)), {"locale": "en"}, False),
        (campaign("German", locales=("de",)), {"locale": "de-AT"}, True),
    ],
    ids=lambda value: value.id if isinstance(value, Campaign) else None,
)
def test_a_campaign_is_chosen_by_date_audience_referrer_and_language(made, asked, shown):
    assert choose([made], NOW, **{"audience": "visitor", **asked}) == ([made] if shown else [])


def test_the_referrers_own_campaign_is_first_then_what_ends_soonest():
    evergreen, soon = campaign("evergreen", ends=900 * DAY), campaign("soon", ends=2 * DAY)
    friends = campaign("friends", ends=500 * DAY, referrers=("friend",))
    assert choose([evergreen, soon, friends], NOW, "visitor", "friend") == [friends, soon, evergreen]


def test_at_most_three_are_shown_at_once():
    assert len(choose([campaign(f"c-{number}") for number in range(5)], NOW, "visitor")) == 3


@pytest.mark.parametrize("year", range(2026, 2045))
@pytest.mark.parametrize(("audience", "count"), [("visitor", 1), ("member", 3)])
def test_there_is_something_to_show_for_years_to_come(year, audience, count):
    shown = choose(campaigns_of(CAMPAIGNS)(), datetime(year, 7, 1, tzinfo=UTC), audience)
    assert len(shown) >= count


def test_the_copy_keeps_its_limits_and_leads_to_pages_of_this_site():
    pages = {"/", "/#join", "/picks/", "/offers/", "/settings/", "/settings/email/"}
    for made in campaigns_of(CAMPAIGNS)():
        assert made.cta.url in pages and len(made.cta.label) <= 20 and len(made.title) <= 40
        assert len(f"{made.title} {made.body}") <= (80 if "visitor" in made.audiences else 110), made.id


def write(path, content):
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    # Two writes within one tick of the file system's clock would look alike.
    write.tick = getattr(write, "tick", 0) + 1
    os.utime(path, (write.tick, write.tick))


def one(name):
    made = {"id": name, "title": "Title", "body": "Body", "cta": {"label": "Go", "url": "/"}, "audiences": ["visitor"]}
    return {"campaigns": [made | {"starts_at": "2026-01-01T00:00:00Z", "ends_at": "2046-01-01T00:00:00Z"}]}


def test_a_changed_file_shows_at_once(settings, tmp_path, run):
    settings.PROMOS_URL, settings.PROMOS_FILE = "", str(tmp_path / "campaigns.json")
    shown = []
    for name in ("first", "second"):
        write(tmp_path / "campaigns.json", one(name))
        shown += [promo.id for promo in run(promos.fetch("visitor")).items]
    assert shown == ["first", "second"]


@pytest.mark.parametrize("broken", ["", "{", '{"campaigns": [{"id": "half"}]}', json.dumps(one("UPPER CASE"))])
def test_a_broken_file_keeps_the_last_good_campaigns(tmp_path, broken):
    path = tmp_path / "campaigns.json"
    write(path, one("good"))
    read = campaigns_of(path)
    good = read()
    write(path, broken)
    assert read() == good
    path.unlink()
    assert read() == good
    write(path, one("mended"))
    assert [made.id for made in read()] == ["mended"]


def test_a_file_that_was_never_good_is_a_service_that_is_down(settings, tmp_path, run):
    settings.PROMOS_URL, settings.PROMOS_FILE = "", str(tmp_path / "missing.json")
    with pytest.raises(Unavailable, match="status"):
        run(promos.fetch("visitor"))


def test_visitors_and_members_get_their_own_promos(services, run):
    strip, slides = run(promos.fetch("visitor")).items, run(promos.fetch("member")).items
    assert len(slides) == 3 and not {promo.id for promo in strip} & {promo.id for promo in slides}
    assert all(promo.starts_at.tzinfo and promo.title and promo.cta_url.startswith("/") for promo in strip + slides)


def test_who_comes_from_a_friend_sees_the_friends_promo_first(services, run):
    assert run(promos.fetch("visitor", referrer="friend")).items[0].id == "from-a-friend"
    assert "from-a-friend" not in {promo.id for promo in run(promos.fetch("visitor")).items}


@pytest.mark.parametrize("referrer", ["<script>", "a b", "é", "x" * 500, "a&audience=member"])
def test_a_strange_referrer_costs_no_promos(services, run, referrer):
    assert run(promos.fetch("visitor", referrer=referrer)).items == run(promos.fetch("visitor")).items
