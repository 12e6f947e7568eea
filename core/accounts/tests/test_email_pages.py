"""Confirming an address, getting that mail again, and changing to another address."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from core.accounts import email_change
from core.accounts.tests.test_sign_in import link_in
from core.models import User
from core.testing import PASSWORD, person

pytestmark = pytest.mark.django_db
URL = "/settings/email/"


def confirm(client):
    """Tell the client who it is again, as the page before a change of address asks."""
    return client.post("/settings/confirm/", {"password": PASSWORD})


def change(client, email="new@example.com"):
    confirm(client)
    return client.post(URL, {"action": "change", "email": email})


def test_two_presses_at_once_ask_for_one_change(member, monkeypatch):
    # As if the other press had stored its row right after this one made room for its own.
    monkeypatch.setattr(email_change, "cancel", lambda user: False)
    assert [change(member).status_code for _ in range(2)] == [302, 302]
    assert EmailAddress.objects.filter(user=member.user, email="new@example.com").count() == 1


def stored(client):
    return User.objects.get(pk=client.user.pk).email


def test_the_mail_comes_again_on_request_and_leads_back(member, mailoutbox):
    reply = member.post(URL, {"action": "resend", "next": "/"})
    assert reply.headers["Location"] == "/" and mailoutbox[0].to == ["ada@example.com"]
    assert "We sent the email again, to ada@example.com." in member.get(URL).content.decode()


def test_the_fourth_mail_in_an_hour_waits(member, mailoutbox):
    found = [member.post(URL, {"action": "resend"}).status_code for _ in range(4)]
    assert found == [302, 302, 302, 429] and len(mailoutbox) == 3


def test_an_address_is_confirmed_by_the_button_and_never_by_the_link(member, visitor, mailoutbox):
    member.post(URL, {"action": "resend"})
    link = link_in(mailoutbox[0])
    assert "Confirm address" in visitor.get(link).content.decode()
    assert not EmailAddress.objects.get().verified
    assert visitor.post(link).headers["Location"] == "/login/"
    assert EmailAddress.objects.get().verified
    assert "ada@example.com is confirmed. Thank you." in visitor.get("/login/").content.decode()


def test_the_link_of_another_account_does_not_sign_anybody_out_when_opened(member, stranger, mailoutbox):
    member.post(URL, {"action": "resend"})
    assert stranger.get(link_in(mailoutbox[0])).status_code == 200
    assert stranger.get("/settings/").status_code == 200


def test_a_used_link_is_over(member, mailoutbox):
    member.post(URL, {"action": "resend"})
    member.post(link_in(mailoutbox[0]))
    for reply in (member.get(link_in(mailoutbox[0])), member.post(link_in(mailoutbox[0]))):
        assert reply.status_code == 410 and "This link has ended" in reply.content.decode()


def test_changing_the_address_asks_for_the_password_and_then_goes_on(member, mailoutbox):
    reply = member.post(URL, {"action": "change", "email": "New@example.com"})
    assert reply.headers["Location"].startswith("/settings/confirm/?next=") and not mailoutbox
    reply = member.post(reply.headers["Location"], {"password": PASSWORD})
    assert reply.headers["Location"] == URL
    assert email_change.pending(member.user).email == "new@example.com"


def test_the_new_address_is_asked_and_the_old_one_told(member, mailoutbox):
    change(member)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["new@example.com"], "Confirm your new address"),
        (["ada@example.com"], "Your address is changing"),
    ]
    assert stored(member) == "ada@example.com" and "Waiting for confirmation" in member.get(URL).content.decode()


def test_it_changes_when_the_new_address_is_confirmed(member, mailoutbox):
    change(member)
    member.post(link_in(mailoutbox[0]))
    user = User.objects.get(pk=member.user.pk)
    assert (user.email, user.email_as_typed) == ("new@example.com", "new@example.com")
    assert [(a.email, a.verified, a.primary) for a in user.emailaddress_set.all()] == [("new@example.com", True, True)]
    assert mailoutbox[-1].to == ["ada@example.com"] and mailoutbox[-1].subject == "Your address changed"


def test_the_change_can_be_cancelled(member, mailoutbox):
    change(member)
    member.post(URL, {"action": "cancel"})
    assert email_change.pending(member.user) is None
    assert Client().get(link_in(mailoutbox[0])).status_code == 410 and stored(member) == "ada@example.com"


def test_the_old_address_can_stop_the_change_without_signing_in(member, visitor, mailoutbox):
    change(member)
    link = link_in(mailoutbox[1])
    assert "Keep my email" in visitor.get(link).content.decode() and email_change.pending(member.user)
    assert "Your email stays" in visitor.post(link).content.decode()
    assert email_change.pending(member.user) is None and visitor.get(link).status_code == 410


def test_an_undo_link_says_why_it_is_over(member, visitor, mailoutbox):
    change(member)
    first = link_in(mailoutbox[1])
    change(member, "newer@example.com")
    reply = visitor.get(first)
    assert reply.status_code == 410 and "A newer link replaced it" in reply.content.decode()
    member.post(URL, {"action": "cancel"})
    reply = visitor.get(first)
    assert reply.status_code == 410 and "is not under way any more" in reply.content.decode()


def test_an_undo_link_that_was_never_made_is_over(visitor):
    assert visitor.get("/email/undo/nonsense/").status_code == 410


def test_somebody_elses_address_looks_the_same_and_cannot_be_taken(member, mailoutbox):
    person("taken@example.com")
    reply = change(member, "taken@example.com")
    assert reply.status_code == 302 and "taken@example.com" in member.get(URL).content.decode()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["taken@example.com"], "You already have an account"),
        (["ada@example.com"], "Your address is changing"),
    ]


def test_an_address_that_was_taken_meanwhile_is_not_confirmed(member, mailoutbox):
    change(member)
    person("new@example.com")
    page = member.get(link_in(mailoutbox[0])).content.decode()
    assert "This email is taken" in page and "Confirm address" not in page
    reply = member.post(link_in(mailoutbox[0]), follow=True)
    assert "has another account by now" in reply.content.decode() and stored(member) == "ada@example.com"


def test_waiting_for_an_address_does_not_keep_its_owner_from_signing_up(member):
    change(member)
    reply = Client().post("/signup/", {"email": "new@example.com", "password1": "seven quiet lanterns"})
    assert reply.status_code == 302 and User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize(("email", "sentence"), [("", "Add your email."), ("ADA@example.com", "This is your email already.")])
def test_an_address_that_changes_nothing_is_refused(member, email, sentence):
    reply = change(member, email)
    assert reply.status_code == 422 and sentence in reply.content.decode()


def test_an_action_that_does_not_exist_shows_the_page(member):
    assert member.post(URL, {"action": "explode"}).status_code == 200


def test_the_name_is_saved_as_it_is_shown(member):
    member.post("/settings/", {"name": "  Ada \u202e <b>{{ 7 }}</b>\r\n %s "})
    member.user.refresh_from_db()
    assert member.user.name == "Ada <b>{{ 7 }}</b> %s"
    assert "Ada &lt;b&gt;{{ 7 }}&lt;/b&gt; %s" in member.get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("é" * 80, 302), ("👩‍🚀" * 80, 302), ("x" * 81, 422), ("x" * 10_000, 422), ("   ", 302)]
)
def test_a_name_has_eighty_characters_as_a_reader_counts_them(member, name, status):
    assert member.post("/settings/", {"name": name}).status_code == status
