"""Where somebody without a session is sent who asks for what is a member's."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_page_is_where_one_gets_back_to_after_signing_in(visitor):
    assert visitor.get("/settings/?tab=2")["Location"] == "/login/?next=%2Fsettings%2F%3Ftab%3D2"


def test_a_form_leads_back_to_the_page_that_holds_it(visitor):
    sent = visitor.post("/welcome/dismiss/", headers={"Referer": "http://testserver/picks/?all=1"})
    assert sent["Location"] == "/login/?next=%2Fpicks%2F%3Fall%3D1"


@pytest.mark.parametrize("came_from", ["", "http://testserver.evil.example/x", "https://evil.example/", "http://["])
def test_a_form_from_nowhere_leads_home(visitor, came_from):
    assert visitor.post("/welcome/dismiss/", headers={"Referer": came_from})["Location"] == "/login/?next=%2F"


@pytest.mark.parametrize("address", ["http://[", "https://evil.example/picks/", "\x01"])
def test_a_fragment_asked_for_from_an_unreadable_page_leads_home(visitor, htmx, address):
    reply = visitor.get("/fragments/promos/", headers={**htmx, "HX-Current-URL": address})
    assert (reply.status_code, reply["HX-Redirect"].partition("&")[0]) == (401, "/login/?next=%2F")
