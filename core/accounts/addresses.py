"""Email addresses: one spelling for each mailbox, and a sentence that helps when one is wrong."""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

MAX_LENGTH = 254

# Where most people have their mailbox. Only the longer names are offered as a correction: be.com is not a mistyped me.com.
MAILBOX_DOMAINS = frozenset(
    (
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.it",
        "hotmail.es", "outlook.com", "outlook.de", "outlook.fr", "outlook.es", "outlook.it", "yahoo.com", "yahoo.co.uk",
        "yahoo.co.in", "yahoo.co.jp", "yahoo.fr", "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.ca", "yahoo.in",
        "yahoo.com.br", "ymail.com", "rocketmail.com", "icloud.com", "protonmail.com", "proton.me", "fastmail.com",
        "fastmail.fm", "live.com", "live.co.uk", "live.fr", "live.nl", "aol.com", "aim.com", "msn.com", "me.com", "mac.com",
        "mail.com", "email.com", "gmx.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "freenet.de", "t-online.de",
        "posteo.de", "mailbox.org", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it",
        "virgilio.it", "tiscali.it", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net",
        "charter.net", "btinternet.com", "virginmedia.com", "sky.com", "talktalk.net", "bigpond.com", "shaw.ca",
        "rogers.com", "telus.net", "yandex.ru", "yandex.com", "mail.ru", "inbox.ru", "list.ru", "bk.ru", "rambler.ru",
        "ya.ru", "qq.com", "foxmail.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "hanmail.net",
        "uol.com.br", "bol.com.br", "terra.com.br", "zoho.com", "hey.com", "pm.me", "tutanota.com", "tuta.io", "duck.com",
        "example.com",
    )
)  # fmt: skip
OFFERED_DOMAINS = tuple(sorted(domain for domain in MAILBOX_DOMAINS if len(domain) >= 8 and domain != "example.com"))


class AddressError(ValueError):
    """An address that cannot be one. `str(error)` is the sentence for the person; `rule` names what it breaks."""

    def __init__(self, rule, sentence):
        super().__init__(sentence)
        self.rule = rule


def canonical(email):
    """The one spelling of this mailbox: lower case, plain letters before @, the domain as the mail system knows it.

    It is what makes an address unique and where mail is sent. Raises AddressError.
    """
    email = (email or "").strip()
    if not email:
        raise AddressError("empty", _("Add your email."))
    if len(email) > MAX_LENGTH:
        raise AddressError("too_long", _("Email can have %(limit)s characters at most.") % {"limit": MAX_LENGTH})
    email = unicodedata.normalize("NFKC", email)
    if any(character.isspace() for character in email):
        raise AddressError("space", _("Email has a space in it. Take the space out."))
    if any(unicodedata.category(character)[0] == "C" for character in email):
        raise AddressError("character", _("Email has a hidden character in it. Type the address instead of pasting it."))
    local, at, domain = email.partition("@")
    if not at:
        raise AddressError("no_at", _("Email needs an @, such as name@example.com."))
    if "@" in domain:
        raise AddressError("two_ats", _("Email has more than one @. Keep one."))
    if not local:
        raise AddressError("no_name", _("Email needs a name before the @, such as name@example.com."))
    if not domain:
        raise AddressError("no_domain", _("Email needs an address after the @, such as example.com."))
    if not local.isascii():
        raise AddressError("character", _("The part before @ can have plain letters, numbers and signs only."))
    if domain.startswith("[") or re.fullmatch(r"[\d.]+", domain):
        raise AddressError("domain", _("The part after @ needs a name, such as example.com."))
    if "." not in domain.strip("."):
        raise AddressError("no_dot", _("The part after @ needs a dot, such as example.com."))
    try:
        # Reserved names such as shelf.test reach no mailbox; they are welcome on a developer's machine only.
        checked = validate_email(
            email, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=settings.DEBUG
        )
    except EmailNotValidError as error:
        raise _wrong_part(local) from error
    result = f"{checked.ascii_local_part}@{checked.ascii_domain}".lower()
    if len(result) > MAX_LENGTH:
        raise AddressError("too_long", _("Email can have %(limit)s characters at most.") % {"limit": MAX_LENGTH})
    return result


def _wrong_part(local):
    """The AddressError for an address whose shape is right: is it the name before @ or the domain after it?"""
    try:
        validate_email(f"{local}@example.com", check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return AddressError("character", _("The part before @ has a sign that addresses cannot have. Check it."))
    return AddressError("domain", _("The part after @ is not an address that mail can reach. Check it."))


def suggestion(email):
    """The address that was probably meant, when its domain is one slip away from a well-known one; else None."""
    local, _at, domain = email.strip().rpartition("@")
    domain = domain.lower()
    if domain in MAILBOX_DOMAINS:
        return None
    for offered in OFFERED_DOMAINS:
        if one_slip(domain, offered):
            return f"{local}@{offered}"
    return None


def one_slip(typed, meant):
    """Whether one letter was added, left out, changed, or swapped with its neighbour."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    left, right = typed[start:], meant[start:]
    return (
        left[1:] == right[1:] or left[1:] == right or left == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
