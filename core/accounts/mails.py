"""Mails about an account. Each is three templates: account/email/<name>_subject.txt, _message.txt and _message.html.

A mail server that is down must not fail what the person did: the failure is logged, and the pages that speak of a mail
can send it again.
"""

import html
import logging
import re
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from core import scenes

log = logging.getLogger("dimorph.accounts")


def message(name, to, context):
    """The mail `name` to one address, ready to send: a text part and an HTML part, answers going to a person."""
    context = {
        "site_name": settings.SITE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "sent_at": timezone.now(),
        "to": to,
        **context,
    }
    path = name if "/" in name else f"account/email/{name}"
    subject = " ".join(_text(f"{path}_subject.txt", context).split())
    mail = EmailMultiAlternatives(
        subject, _text(f"{path}_message.txt", context), settings.DEFAULT_FROM_EMAIL, [to], reply_to=[settings.SUPPORT_EMAIL]
    )
    mail.attach_alternative(render_to_string(f"{path}_message.html", context), "text/html")
    return mail


def send(name, to, context):
    """Send it now. True when the mail server took it."""
    if scene := scenes.playing():
        scene.mails.append((name, message(name, to, context)))
        return True
    try:
        message(name, to, context).send()
    except (OSError, smtplib.SMTPException):
        log.exception("mail not sent", extra={"mail": name})
        return False
    return True


def device(request):
    """Roughly what a request came from, such as "Firefox on Linux": enough to recognise oneself, too little to track."""
    agent = request.headers.get("User-Agent", "")
    return f"{_first(BROWSERS, agent) or 'A browser'} on {_first(SYSTEMS, agent) or 'an unknown system'}"


# Order matters: most browsers claim to be several others too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def _first(names, agent):
    return next((name for pattern, name in names if re.search(pattern, agent)), "")


def _text(template, context):
    # Templates escape for HTML; a text part and a subject show the characters themselves.
    return html.unescape(render_to_string(template, context)).strip()
