"""How the gallery goes about in a page: it presses buttons as a browser does, and says what it cannot find."""

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings

from core.gallery import buttons, stage
from core.gallery.states import State

PAGE = """
<form action="/elsewhere/"><button>Search</button></form>
<form method="post"><input type="hidden" name="action" value="resend"><input type="checkbox" name="remember">
<input type="checkbox" name="kept" value="yes" checked><input type="text" name="email" value="ada@example.com">
<button type="button" name="no">Show</button>
<button type="submit" name="account" value="7">Disconnect<span class="sr-only">
 GitHub</span></button></form>
"""


def test_a_pressed_button_sends_what_the_form_holds():
    sent = {"action": "resend", "kept": "yes", "email": "ada@example.com", "account": "7"}
    assert buttons.pressed(PAGE, "Disconnect GitHub") == ("", sent)
    assert buttons.pressed(PAGE, "Search") == ("/elsewhere/", {})


@pytest.mark.parametrize("words", ["Show", "Disconnect", ""])
def test_only_a_button_that_sends_its_form_can_be_pressed(words):
    assert buttons.pressed(PAGE, words) is None


play = async_to_sync(stage.play)


def state(**told):
    return State(template="account/login.html", name="tried", about="A state of a test.", **told)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"get": "/login/", "press": "Fly"}, "the page at /login/ has no button “Fly”."),
        ({"link": "/login/link/"}, "0 mails with a link to /login/link/ were sent, and the file needs 1."),
        ({"get": "/login/link/not-a-link/"}, "the answer has the status 410, and the file says 200."),
    ],
)
def test_a_state_that_cannot_be_shown_says_why(told, sentence):
    with pytest.raises(stage.StateFailed, match=sentence):
        play(state(**told))


@pytest.mark.django_db
def test_the_link_of_an_older_mail_can_be_opened():
    asked, other = ({"post": path, "data": {"email": "ada@library.example"}} for path in ("/login/link/", "/password/reset/"))
    told = {"facts": {"verified": True}, "before": (asked, asked, other), "link": "/login/link/"}
    assert "One press to sign in" in play(state(**told, older=1)).html


@pytest.mark.django_db
def test_an_empty_cookie_is_one_that_the_browser_does_not_have():
    told = {"post": "/login/", "old_token": True, "status": 403}
    assert "sent no cookie" not in play(state(**told)).html
    assert "sent no cookie" in play(state(**told, cookies={settings.CSRF_COOKIE_NAME: ""})).html
