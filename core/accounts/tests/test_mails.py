"""Mails: each in words and in HTML, with nothing in them that a stranger chose, and never in the way of a sign-up."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from core import scenes
from core.accounts import mails
from core.testing import person

FOLDERS = [django_settings.BASE_DIR / "templates" / folder for folder in ("account/email", "socialaccount/email")]
NAMES = sorted(
    str(path.relative_to(django_settings.BASE_DIR / "templates"))[: -len("_message.txt")]
    for folder in FOLDERS
    for path in folder.glob("*_message.txt")
)


class Provider:
    name = "Google"


CONTEXT = {
    "url": "https://shelf.example/x/", "ends_at": timezone.now(), "device": "Firefox on Linux", "new_email": "new@example.com",
    "from_email": "old@example.com", "to_email": "new@example.com", "provider": Provider(),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_keeps_the_rules(name):
    mail = mails.message(name, "o'brien+books@example.com", CONTEXT)
    html = mail.alternatives[0].content
    assert 8 <= len(mail.subject) <= 60 and "\n" not in mail.subject
    assert len(html) <= 40_000 and "<img" not in html and "<script" not in html and 'lang="en"' in html
    preheader = re.search(r'overflow:hidden;">(.*?)</div>', html)[1]
    assert 40 <= len(preheader) <= 90, preheader
    assert "&#x27;" not in mail.body and mail.reply_to == [django_settings.SUPPORT_EMAIL]
    if "shelf.example" in html:
        assert "https://shelf.example/x/" in mail.body and html.count("https://shelf.example/x/") >= 3
    assert "{{" not in mail.body + html and "None" not in mail.body


def test_a_mail_server_that_is_down_does_not_fail_a_sign_up(visitor, db, settings, caplog):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    reply = visitor.post("/signup/", {"email": "grace@example.com", "password1": "seven quiet lanterns"})
    assert reply.status_code == 302 and "_auth_user_id" in visitor.session
    assert "mail not sent" in caplog.text and "grace@example.com" not in caplog.text


def test_the_device_is_told_roughly(rf):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert mails.device(rf.get("/", headers={"User-Agent": agent})) == "Firefox on Linux"
    assert mails.device(rf.get("/", headers={"User-Agent": "<script>"})) == "A browser on an unknown system"


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.DEBUG = True
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MAILERS = {"default": {"BACKEND": "core.accounts.mailbox.Mailbox"}}
    return Path(settings.MAILBOX_DIR)


def test_the_development_mailbox_shows_what_was_sent_and_its_links_work(visitor, db, mailbox, capsys):
    person("ada@example.com")
    visitor.post("/login/link/", {"email": "ada@example.com"})
    assert "Mail to ada@example.com: Your sign-in link" in capsys.readouterr().out
    (name,) = [path.stem for path in mailbox.glob("*.eml")]
    assert name in visitor.get("/dev/mailbox/").content.decode()
    page = visitor.get(f"/dev/mailbox/{name}/").content.decode()
    link = re.search(r'href="http://testserver(/login/link/[^"]+)"', page)[1]
    assert visitor.post(link).headers["Location"] == "/settings/password/first/"


def test_the_html_of_a_mail_runs_nothing(visitor, db, mailbox):
    mails.send("login_link", "ada@example.com", CONTEXT)
    (name,) = [path.stem for path in mailbox.glob("*.eml")]
    reply = visitor.get(f"/dev/mailbox/{name}/html/")
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert "Your sign-in link" in reply.content.decode()


def test_in_the_gallery_the_mailbox_shows_the_mails_of_the_scene_and_no_others(visitor, db, mailbox, settings):
    mails.send("login_link", "grace@example.com", CONTEXT)
    settings.DEBUG = False
    with scenes.played(scenes.Scene()):
        mails.send("login_link", "ada@example.com", CONTEXT)
        page = visitor.get("/dev/mailbox/").content.decode()
        (link,) = re.findall(r'href="(/dev/mailbox/[^"]+)"', page)
        assert "ada@example.com" in page and "grace@example.com" not in page
        assert "https://shelf.example/x/" in visitor.get(link).content.decode()
        assert visitor.get("/dev/mailbox/1234567890123-123456/").status_code == 404


def test_an_empty_mailbox_says_what_to_do(visitor, mailbox):
    assert "No mail yet." in visitor.get("/dev/mailbox/").content.decode()


@pytest.mark.parametrize("name", ["1234567890123-123456", "..%2f..%2fetc", "x"])
def test_a_mail_that_is_not_there_is_not_found(visitor, mailbox, name):
    assert visitor.get(f"/dev/mailbox/{name}/").status_code == 404


@pytest.mark.parametrize("path", ["", "1234567890123-123456/", "1234567890123-123456/html/"])
def test_in_production_there_is_no_mailbox(visitor, mailbox, settings, path):
    settings.DEBUG = False
    assert visitor.get(f"/dev/mailbox/{path}").status_code == 404
