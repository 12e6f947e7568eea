"""The development mailbox: mail is kept in files and shown at /dev/mailbox/, so that no mail server is needed to follow a link.

settings.MAILERS names Mailbox when DEBUG is on and EMAIL_URL is empty. With DEBUG off the pages do not exist.
"""

import email
import email.policy
import re
import sys
import time
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import scenes

NAME = re.compile(r"\d{13}-\d{6}")
SHOWN = 50
KEPT = 500


class Mailbox(BaseEmailBackend):
    """Keeps each mail as a file of settings.MAILBOX_DIR and prints its text, links included."""

    def send_messages(self, email_messages):
        for message in email_messages:
            self._keep(message)
        return len(email_messages)

    def _keep(self, message):
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        moment = time.time_ns()
        name = f"{moment // 1_000_000:013d}-{moment % 1_000_000:06d}"
        (folder / f"{name}.eml").write_bytes(message.message().as_bytes())
        for old in sorted(folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        print(f"\nMail to {', '.join(message.recipients())}: {message.subject}\n\n{message.body}\n", file=sys.stdout, flush=True)  # noqa: T201


def development_only(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEBUG and not scenes.playing():
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(require_safe(guarded)))


@development_only
def mailbox(request):
    """The newest mails first."""
    return render(request, "mailbox/list.html", {"mails": [_summary(name, _read(name)) for name in _names()]})


@development_only
def mail(request, name):
    """One mail's text, its links made to be followed."""
    message = _read(name)
    return render(request, "mailbox/mail.html", {**_summary(name, message), "text": _part(message, "plain")})


@development_only
def mail_html(request, name):
    """One mail's HTML as a mail program would show it: styles of its own, no scripts, nothing from elsewhere."""
    response = HttpResponse(_part(_read(name), "html"))
    # Set here, it is not replaced by the site's policy, which would take the mail's inline styles away.
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation allow-popups"
    )
    return response


def _names():
    """Names of the newest mails, the newest first."""
    names = _in_scene() if scenes.playing() else (path.stem for path in Path(settings.MAILBOX_DIR).glob("*.eml"))
    return sorted(names, reverse=True)[:SHOWN]


def _read(name):
    if not NAME.fullmatch(name):
        raise Http404
    try:
        kept = _in_scene()[name] if scenes.playing() else (Path(settings.MAILBOX_DIR) / f"{name}.eml").read_bytes()
    except (FileNotFoundError, KeyError) as error:
        raise Http404 from error
    return email.message_from_bytes(kept, policy=email.policy.default)


def _in_scene():
    """{name: bytes} of the mails that were sent in the gallery's scene: they are in no folder, and no others are shown there."""
    mails = [message.message().as_bytes() for _, message in scenes.playing().mails]
    return {f"{number:013d}-000000": mail for number, mail in enumerate(mails)}


def _summary(name, message):
    return {
        "name": name,
        "to": message["To"],
        "subject": message["Subject"],
        "sent_at": parsedate_to_datetime(message["Date"]),
    }


def _part(message, kind):
    part = message.get_body((kind,))
    return part.get_content() if part else ""
