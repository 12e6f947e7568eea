"""What an outside service may bring in: plain text and harmless links, item by item.

promos.py and recommendations.py check their items here.
"""

import logging
import re
import unicodedata
from urllib.parse import urlsplit

import msgspec

from core.microservices.http import Malformed

log = logging.getLogger("dimorph.microservices")

TITLE, LINE = 120, 200
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
# Joiners shape emoji and Persian words; every other invisible format character (bidi overrides among them) can only mislead.
_JOINERS = "\u200c\u200d"
_LINK = re.compile(r"[!-~]{1,2000}")


def items(told, item, most, service):
    """A tuple of what `item` makes of each raw item, at most `most` of them, each id once.

    `item` raises Malformed for one that cannot be used, which is left out. Raises Malformed when none of several can.
    """
    if not isinstance(told, list):
        raise Malformed("a list is missing")
    good, dropped = {}, 0
    for raw in told:
        try:
            made = item(raw)
        except (Malformed, msgspec.ValidationError):
            dropped += 1
        else:
            good.setdefault(made.id, made)
    if dropped:
        log.info("items left out", extra={"fields": {"service": service, "dropped": dropped}})
    if told and not good:
        raise Malformed("none of the items can be used")
    return tuple(good.values())[:most]


def identity(value):
    """An id that may stand in markup, cookies and events. Raises Malformed."""
    if not _ID.fullmatch(value):
        raise Malformed("an id has other characters than letters, digits and _.:-")
    return value


def text(value, most):
    """One line without control and direction characters, cut to `most` characters. Raises Malformed when nothing is left."""
    kept = (
        character
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in _JOINERS
        else _blank(character)
        for character in value[: most * 20]
    )
    line = " ".join("".join(kept).split())
    if not line.strip(_JOINERS):
        raise Malformed("a text is empty")
    return line if len(line) <= most else _cut(line, most)


def link(value):
    """An http(s) address or a path on this site, as it was. Raises Malformed for anything else."""
    if not _LINK.fullmatch(value) or "\\" in value:
        raise Malformed("a link has characters that do not belong in one")
    if value.startswith("/"):
        if value.startswith("//"):
            raise Malformed("a link leaves the site without saying so")
        return value
    try:
        parts = urlsplit(value)
        proper = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and (parts.port or True)
    except ValueError:
        proper = False
    # A browser reads https:evil and https:///evil as https://evil, which urlsplit does not.
    if not proper or not re.match(r"https?://[^/]", value, re.IGNORECASE):
        raise Malformed("a link is neither http(s) nor a path")
    return value


def _blank(character):
    return " " if character in "\t\n\v\f\r\u0085\u2028\u2029" else ""


def _cut(line, most):
    end = most - 1
    # Not between a letter and its accent, nor inside a joined emoji.
    while end > 1 and (unicodedata.combining(line[end]) or line[end] in _JOINERS or line[end - 1] in _JOINERS):
        end -= 1
    return line[:end].rstrip() + "…"
