"""What a browser may fetch ahead, and that fetching ahead changes nothing for anybody."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from core import speculation
from core.testing import PASSWORD, person
from core.tests.asgi_client import asked
from core.tests.test_server import cookies, counted_hops

AHEAD = {"Sec-Purpose": "prefetch"}
FORGET = '"prefetchCache", "prerenderCache"'
LISTED = [(readers, reverse(name)) for readers, names in speculation.AHEAD.items() for name in names]


@pytest.fixture
def cast(visitor, member):
    return {"visitors": visitor, "members": member}


def rules_of(client, page):
    """What the rules that this page names ask for."""
    answer = client.get(client.get(page)["Speculation-Rules"].strip('"'))
    assert answer["Content-Type"] == "application/speculationrules+json"
    return json.loads(answer.content)


@pytest.mark.parametrize("readers", speculation.AHEAD)
def test_the_rules_ask_for_a_fetch_at_a_moderate_hint_and_for_nothing_else(cast, readers):
    rules = rules_of(cast[readers], "/")
    assert list(rules) == ["prefetch"]
    (rule,) = rules["prefetch"]
    assert (rule["source"], rule["eagerness"]) == ("document", "moderate")
    assert rule["where"]["and"][0] == {"href_matches": [address for of, address in LISTED if of == readers]}


def test_nothing_that_does_something_is_listed():
    for _, address in LISTED:
        assert not address.startswith(("/logout", "/admin", "/dev", "/_gallery", "/fragments", "/signup", "/email"))


@pytest.mark.django_db
@pytest.mark.parametrize(("readers", "address"), LISTED)
def test_every_listed_page_names_the_rules_and_can_be_fetched_ahead_without_a_trace(cast, readers, address):
    client = cast[readers]
    first = client.get(address)
    assert (first.status_code, first["Speculation-Rules"]) == (200, f'"/speculation/{readers}.json"')
    before = dict(client.cookies.items()), list(Session.objects.values())
    ahead = client.get(address, headers=AHEAD)
    assert ahead.status_code == 200
    assert not ahead.cookies
    assert (dict(client.cookies.items()), list(Session.objects.values())) == before


@pytest.mark.parametrize(
    "address", ["/offline/", "/nowhere/", "/fragments/promo-strip/", "/health/", "/speculation/visitors.json"]
)
def test_no_other_answer_names_them(visitor, address):
    assert "Speculation-Rules" not in visitor.get(address)


@pytest.mark.django_db
def test_neither_does_what_htmx_gets_nor_a_form_that_was_refused(visitor, member, htmx):
    assert "Speculation-Rules" not in visitor.get("/", headers=htmx)
    assert "Speculation-Rules" not in member.get("/", headers=htmx)
    assert "Speculation-Rules" not in visitor.post("/login/", {"login": "", "password": ""})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("readers", "address"),
    [
        ("visitors", "/"),
        ("visitors", "/picks/"),
        ("visitors", "/logout/"),
        ("visitors", "/email/confirm/made-up/"),
        ("members", "/login/"),
        ("members", "/logout/"),
        ("members", "/admin/"),
        ("members", "/fragments/recommendations/"),
    ],
)
def test_what_is_not_listed_for_somebody_is_not_fetched_ahead(cast, readers, address):
    cast[readers].get("/privacy/")
    assert cast[readers].get(address, headers=AHEAD).status_code == 503


def test_nothing_is_rendered_ahead(visitor):
    visitor.get("/privacy/")
    assert visitor.get("/terms/", headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503


def test_a_page_that_would_bring_a_cookie_waits_for_the_real_request(visitor):
    ahead = visitor.get("/login/", headers=AHEAD)
    assert ahead.status_code == 503
    assert not ahead.cookies
    assert visitor.get("/login/").cookies


def test_a_message_is_not_used_up_by_a_page_that_nobody_looks_at(member):
    member.post("/settings/", {"name": "Ada L."})
    assert member.get("/picks/", headers=AHEAD).status_code == 503
    assert "Your name is saved." in member.get("/settings/").text
    assert member.get("/picks/", headers=AHEAD).status_code == 200


@pytest.mark.django_db
def test_what_was_fetched_ahead_is_forgotten_at_each_change_of_reader_and_then_alone(visitor, htmx):
    person("ada@example.com")
    entrance = {"login": "ada@example.com", "password": PASSWORD}
    assert "Clear-Site-Data" not in visitor.post("/login/", {**entrance, "password": "six brass kettles"})
    assert visitor.post("/login/", entrance)["Clear-Site-Data"] == FORGET
    assert "Clear-Site-Data" not in visitor.get("/")
    assert visitor.post("/logout/", headers=htmx)["Clear-Site-Data"] == FORGET
    assert visitor.post("/fragments/sign-in/", entrance, headers=htmx)["Clear-Site-Data"] == FORGET
    assert visitor.post("/logout/")["Clear-Site-Data"] == FORGET
    joining = {"email": "grace@example.com", "password1": PASSWORD}
    assert visitor.post("/signup/", joining, headers=htmx)["Clear-Site-Data"] == FORGET


@pytest.mark.parametrize("address", ["/speculation/visitors.json", "/privacy/"])
def test_neither_the_rules_nor_a_text_fetched_ahead_need_a_thread(monkeypatch, address):
    ahead = {"sec-purpose": "prefetch", "cookie": f"csrftoken={'x' * 32}"}
    with counted_hops(monkeypatch) as hops:
        assert asked(address, headers=ahead if address == "/privacy/" else {}).status == 200
    assert hops == []


@pytest.mark.django_db(transaction=True)
def test_a_prefetch_with_a_session_that_ended_does_not_sign_out_somebody_who_signed_in_again(member):
    old = cookies(member)
    member.post("/logout/")
    reply = asked("/privacy/", headers={**old, "sec-purpose": "prefetch"})
    assert (reply.status, "set-cookie" in reply.headers) == (503, False)
