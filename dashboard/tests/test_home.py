"""What a member's home page says before any service answers."""

import pytest
from allauth.account.models import EmailAddress

from dashboard.models import Desk
from dashboard.tests.pages import pick, text

pytestmark = pytest.mark.django_db


def test_a_member_is_greeted_by_name(member):
    assert "Hello, <bdi>Ada</bdi>" in text(member.get("/"))


def test_a_member_without_a_name_gets_a_desk(member):
    member.user.name = ""
    member.user.save()
    assert "Your reading desk</h1>" in text(member.get("/"))


def test_a_name_with_markup_is_shown_as_text(member):
    member.user.name = "<b>Ada</b>"
    member.user.save()
    assert "<b>Ada</b>" not in text(member.get("/"))


def test_the_shell_waits_for_no_service(member, no_promos, no_recommendations):
    page = text(member.get("/"))
    assert page.count('data-state="loading"') == 2
    assert 'hx-get="/fragments/promos/"' in page
    assert 'hx-get="/fragments/recommendations/"' in page


def test_without_scripts_there_is_a_link_to_each_full_page(member):
    page = text(member.get("/"))
    assert '<noscript><p><a href="/picks/">' in page
    assert '<noscript><p><a href="/picks/offers/">' in page


def test_the_bar_says_where_the_mail_went_until_the_address_is_confirmed(member):
    assert "ada@example.com" in text(member.get("/")).split('id="verify"')[1].split("</div>")[0]
    EmailAddress.objects.filter(user=member.user).update(verified=True)
    assert 'id="verify"' not in text(member.get("/"))


def test_the_first_steps_show_what_is_done(member):
    page = text(member.get("/"))
    assert 'id="step-account" class="step" data-done="true"' in page
    assert 'id="step-picks" class="step" data-done="false"' in page
    pick(member, 3)
    assert 'id="step-picks" class="step" data-done="true"' in text(member.get("/"))


def test_the_panel_is_gone_once_all_steps_are_done(member):
    pick(member, 3)
    EmailAddress.objects.filter(user=member.user).update(verified=True)
    assert 'id="welcome"' not in text(member.get("/"))


def test_closing_the_panel_is_remembered_for_this_member_alone(member, stranger):
    response = member.post("/welcome/dismiss/")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert 'id="welcome"' not in text(member.get("/"))
    assert 'id="welcome"' in text(stranger.get("/"))


def test_closing_the_panel_in_place_gives_the_focus_somewhere_to_be(member, htmx):
    page = text(member.post("/welcome/dismiss/", headers=htmx))
    assert 'id="welcome"' in page
    assert "autofocus" in page


def test_closing_the_panel_twice_changes_nothing(member):
    member.post("/welcome/dismiss/")
    assert member.post("/welcome/dismiss/").status_code == 302
    assert Desk.objects.filter(user=member.user).count() == 1


def test_the_panel_cannot_be_closed_by_a_link(member):
    assert member.get("/welcome/dismiss/").status_code == 405


def test_a_visitor_cannot_close_a_panel(visitor):
    assert visitor.post("/welcome/dismiss/")["Location"].startswith("/login/")


def test_sign_out_morphs_on_the_home_page_only(member):
    assert 'hx-post="/logout/"' in text(member.get("/"))
    assert 'hx-post="/logout/"' not in text(member.get("/picks/offers/"))


def test_the_current_page_is_marked_once(member):
    for address in ("/", "/picks/", "/picks/offers/"):
        page = text(member.get(address))
        assert page.count('aria-current="page"') == 1
        assert f'href="{address}" aria-current="page"' in page


def test_the_heading_takes_the_focus_only_when_the_page_was_morphed_into(member, htmx):
    assert 'id="greeting" class="text-3xl" tabindex="-1" autofocus' in text(member.get("/", headers=htmx))
    assert 'id="greeting" class="text-3xl" tabindex="-1">' in text(member.get("/"))
