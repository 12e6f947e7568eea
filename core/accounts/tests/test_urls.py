"""House rules of the account pages: each is ours, in our words, and open to those it is for."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from core.accounts import email_change, sign_in_links, urls
from core.accounts.tests.test_sign_in import link_in

pytestmark = pytest.mark.django_db

ALLAUTH = Path(allauth.__file__).parent / "templates"
OURS = settings.BASE_DIR / "templates"
PUBLIC = {
    "account_login", "account_request_login_link", "account_login_link_sent", "account_login_link", "account_inactive",
    "account_logout",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key", "account_confirm_email",
    "account_email_undo", "dev_mailbox", "dev_mail", "dev_mail_html",
}  # fmt: skip
WORDS = re.compile(r"\b(oops|please|invalid|error \d)\b|[a-z]!(?:\s|<)", re.IGNORECASE)


def patterns():
    return {pattern.name: pattern for pattern in urls.urlpatterns}


@pytest.mark.parametrize("name", sorted(patterns()))
def test_a_page_is_open_to_visitors_only_when_it_says_so(name):
    assert getattr(patterns()[name].callback, "login_required", True) is (name not in PUBLIC)


def test_nothing_of_allauth_is_reachable_but_what_is_listed():
    modules = {}

    def walk(resolver):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern)
            elif pattern.callback:
                modules[pattern.name] = getattr(pattern.callback, "view_class", pattern.callback).__module__

    walk(get_resolver())
    assert [name for name, module in modules.items() if module.startswith("allauth")] == []


@pytest.fixture
def pages(member, mailoutbox):
    """The HTML of every account page that a person can see, by name."""
    member.post("/settings/email/", {"action": "resend"})
    member.post("/settings/confirm/", {"password": "three favourite books"})
    member.post("/settings/email/", {"action": "change", "email": "new@example.com"})
    visitor = Client()
    visitor.post("/password/reset/", {"email": "ada@example.com"})
    new_password = visitor.get(link_in(mailoutbox[-1])).headers["Location"]
    addresses = {
        "account_login": (visitor, "/login/?why=expired"),
        "account_request_login_link": (visitor, "/login/link/"),
        "account_login_link_sent": (visitor, "/login/link/sent/"),
        "account_login_link": (visitor, f"/login/link/{sign_in_links.token(member.user)}/"),
        "account_inactive": (visitor, "/login/closed/"),
        "account_logout": (member, "/logout/"),
        "account_reset_password": (visitor, "/password/reset/"),
        "account_reset_password_done": (visitor, "/password/reset/sent/"),
        "account_reset_password_from_key": (visitor, new_password),
        "account_confirm_email": (visitor, link_in(mailoutbox[0])),
        "account_email_undo": (visitor, link_in(mailoutbox[2])),
        "settings": (member, "/settings/"),
        "account_email": (member, "/settings/email/"),
        "account_change_password": (member, "/settings/password/"),
        "account_reauthenticate": (member, "/settings/confirm/"),
    }
    found = {name: client.get(url) for name, (client, url) in addresses.items()}
    member.user.set_unusable_password()
    member.user.save()
    member.force_login(member.user)
    found["account_set_password"] = member.get("/settings/password/first/")
    return found


def test_every_page_is_looked_at(pages):
    assert set(pages) == {name for name in patterns() if not name.startswith("dev_")}
    assert {name: reply.status_code for name, reply in pages.items() if reply.status_code != 200} == {}


def test_every_page_has_one_heading_one_title_and_the_right_base(pages):
    for name, reply in pages.items():
        html = reply.content.decode()
        assert html.count("<h1") == 1 and len(re.findall("<title>", html)) == 1, name
        face = "dashboard" if name not in PUBLIC or name == "account_logout" else "landing"
        assert f'data-page="{face}"' in html, name


def test_every_page_speaks_our_words(pages):
    for name, reply in pages.items():
        text = re.sub(r"<[^>]+>", "<", reply.content.decode())
        assert not WORDS.search(text), (name, WORDS.search(text))


def test_personal_pages_are_kept_by_no_cache(pages):
    for name, reply in pages.items():
        if name not in {"account_inactive"}:
            assert "no-store" in reply.headers["Cache-Control"], name


def test_no_template_of_ours_rests_on_one_of_allauths_own():
    for path in OURS.rglob("*.html"):
        for other in re.findall(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)""", path.read_text()):
            assert not (ALLAUTH / other).exists() or (OURS / other).exists(), (path, other)


def test_looking_changes_nothing(pages, member):
    assert email_change.pending(member.user).email == "new@example.com"
    assert not member.user.emailaddress_set.filter(verified=True).exists()


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_request_login_link", "settings"])
def test_a_name_leads_to_its_address(name):
    assert Client().get(reverse(name)).status_code in (200, 302)
