"""Whole pages: what templates may ask for, how a page takes over the document, how one rendered page serves many visitors."""

import re
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.middleware.csrf import get_token

from core import scenes
from core.packed import Packed

THEMES = ("light", "dark")
# How many pages one process keeps for reuse.
MOST_KEPT = 64
# Stands where the CSRF token goes in a page that is rendered once and sent to many.
TOKEN_SLOT = "dimorph-csrf-token-slot"  # noqa: S105

# Offered by the browser, and not with a quality of nothing.
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


def site(request):
    """Context processor: the site's name and policy, and the visitor's choice of theme ("light", "dark" or "")."""
    return {
        "site_name": settings.SITE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "password_min_length": settings.PASSWORD_MIN_LENGTH,
        "theme_choice": theme_choice(request),
        "offline_page": settings.OFFLINE_PAGE and not scenes.playing(),
        # A page of the gallery looks as it does to everybody.
        "debug": settings.DEBUG and not scenes.playing(),
    }


def theme_choice(request):
    choice = request.COOKIES.get("theme", "")
    return choice if choice in THEMES else ""


def asking_page(request):
    """Path and query of the page of this site from which htmx asks; "" when the request names none that can be read."""
    try:
        return request.htmx.current_url_abs_path or ""
    except ValueError:
        # The header is whatever somebody sends, and urlsplit refuses some of it.
        return ""


def loads(function):
    """Decorate a view whose members need `function(user)` from the database: it is loaded with the session, in request.loaded.

    It runs in the one thread hop that loads the session and the user, so it costs no hop of its own.
    """

    def decorate(view):
        view.loads = function
        return view

    return decorate


def full_page(request, response, url="/"):
    """Let a whole document that answers a fragment request take over #page, not the fragment that asked.

    `url` is the address that the document belongs to; app.js puts it in the address bar.
    """
    if request.htmx:
        response["HX-Retarget"] = response["HX-Reselect"] = "#page"
        response["HX-Reswap"] = "outerHTML show:top showTarget:window transition:true"
        response["HX-Replace-Url"] = url
    return response


@dataclass
class Reuse:
    """Rendered pages of this process, each kept for `seconds`, with a slot where the visitor's CSRF token goes.

    Only what is the same for every visitor with the same key may be rendered under it.
    """

    seconds: int
    pages: dict = field(default_factory=dict)

    def page(self, request, key, render):
        """(bytes, encoding) of the page under `key` with this visitor's token in it; `encoding` is "gzip" or "".

        `render(token)` makes it when it is missing or old. A page of one visitor alone (key None) is not compressed: it may
        repeat what they sent, and then its length would tell about the token.
        """
        token = get_token(request)
        if key is None or not self.seconds or scenes.playing():
            return render(token).encode(), ""
        now = time.monotonic()
        rendered_at, packed = self.pages.pop(key, (0.0, None))
        if packed is None or now - rendered_at > self.seconds:
            rendered_at, packed = now, Packed(render(TOKEN_SLOT), TOKEN_SLOT, len(token))
        # Last again, so that the first is the one that was asked for longest ago: made-up keys push out one another.
        self.pages[key] = (rendered_at, packed)
        if len(self.pages) > MOST_KEPT:
            del self.pages[next(iter(self.pages))]
        if GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return packed.gzip(token.encode()), "gzip"
        return packed.plain(token.encode()), ""
