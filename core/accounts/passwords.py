"""The password policy: one setting, PASSWORD_MIN_LENGTH, drives the hint, the sentence and Django's validator."""

import gzip
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Longer ones are refused before they are hashed: hashing a megabyte would cost the server more than the sender.
MAX_LENGTH = 1024
# A shorter name before the @ turns up in too many honest passwords.
SHORTEST_NAME = 4
DJANGO_LIST = Path(password_validation.__file__).with_name("common-passwords.txt.gz")


def hint():
    """What stands above an empty password field."""
    return _("%(length)s characters or more. Three random words work well.") % {"length": settings.PASSWORD_MIN_LENGTH}


def weakness(password, email=""):
    """What is wrong with `password` for the owner of `email`, as (rule, sentence), the most useful first; None when it is good.

    Length is counted in code points, so a letter with an accent or an emoji is not counted twice.
    """
    length = settings.PASSWORD_MIN_LENGTH
    missing = length - len(password)
    if not password:
        return "empty", _("Add a password. It needs %(length)s or more characters.") % {"length": length}
    if missing > 0:
        return "too_short", ngettext(
            "Password needs %(length)s or more characters. Add %(missing)s more.",
            "Password needs %(length)s or more characters. Add %(missing)s more.",
            missing,
        ) % {"length": length, "missing": missing}
    if len(password) > MAX_LENGTH:
        return "too_long", _("Password can have %(limit)s characters at most.") % {"limit": MAX_LENGTH}
    if is_common(password):
        return "too_common", _("Password is one that attackers try first. Three random words work well.")
    if _contains_email(password, email):
        return "contains_email", _("Password contains your email. Leave that part out.")
    if _contains_site_name(password):
        return "contains_site", _("Password contains the name of this site. Leave that part out.")
    return None


class PolicyValidator:
    """The policy for Django: admin, createsuperuser and allauth ask it."""

    def validate(self, password, user=None):
        found = weakness(password, getattr(user, "email", ""))
        if found:
            raise ValidationError(found[1], code=found[0])

    def get_help_text(self):
        return hint()


def is_common(password):
    """Whether attackers try it first: on the list, or made from what is on the list by repeating, counting or numbering."""
    folded = password.casefold()
    plain = "".join(folded.split())
    letters = re.sub(r"[\W_]+", "", folded)
    forms = {folded, plain} | ({letters} if len(letters) >= 6 else set())
    return any(form in common_passwords() or _is_pattern(form) or _is_numbered_word(form) for form in forms)


@cache
def common_passwords():
    """Django's list and ours of the longer ones, folded."""
    ours = Path(__file__).with_name("common_passwords") / "long.txt.gz"
    entries = set()
    for path in (DJANGO_LIST, ours):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            entries.update(line.strip().casefold() for line in file)
    return frozenset(entries - {""})


KEY_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiopü", "yxcvbnm,.-", "azertyuiop", "qsdfghjklm")


@cache
def _neighbours():
    """Pairs of characters that follow one another in the alphabet, in counting, or along a row of keys."""
    rows = ("abcdefghijklmnopqrstuvwxyz", "01234567890", *KEY_ROWS)
    pairs = {row[i] + row[i + 1] for row in rows for i in range(len(row) - 1)}
    return frozenset(pairs | {pair[::-1] for pair in pairs})


def _is_pattern(text):
    """One piece said again and again, or almost nothing but steps to the next letter, number or key."""
    if not text:
        return True
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return True
    steps = sum(a == b or a + b in _neighbours() for a, b in pairwise(text))
    return len(text) >= 6 and steps >= (len(text) - 1) * 0.75


LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")


def _is_numbered_word(text):
    """A common word, perhaps with digits for letters, and little but numbers and signs around it."""
    around = re.fullmatch(r"([\W\d_]*)(.*?)([\W\d_]*)", text, re.DOTALL)
    before, word, after = around.groups()
    numbers = before + after
    if len(numbers) > 6 and not _is_pattern(numbers):
        return False
    if not word:
        # Nothing but numbers: long ones that follow no pattern are somebody's own.
        return len(numbers) <= 8
    return word in common_passwords() or word.translate(LOOKALIKES) in common_passwords()


def _contains_email(password, email):
    folded = password.casefold()
    local, at, _domain = email.casefold().partition("@")
    if not at:
        return False
    return email.casefold() in folded or (len(local) >= SHORTEST_NAME and local in folded)


def _contains_site_name(password):
    name = settings.SITE_NAME.casefold()
    return len(name) >= SHORTEST_NAME and (name in password.casefold() or "".join(name.split()) in password.casefold())
