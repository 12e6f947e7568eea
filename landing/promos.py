"""What is announced to visitors: the strip above the masthead, its Dismiss button, and the page with everything."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from core.accounts import rate_limits
from core.accounts.views import limited
from core.microservices import promos
from core.microservices.http import Unavailable
from core.pages import asking_page

COOKIE = "promo-"
DISMISSED_FOR = 90 * 24 * 3600
# Characters that the strip holds without growing. A longer title is cut, a longer body is left to the page of offers.
FITS = 80


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip above the masthead, as its template shows it. `state` is ok, empty or failed; the last two have no promo.

    most        characters that fit
    dismissed   it is the answer to the Dismiss button
    """

    state: str
    promo: promos.Promo | None = None
    dismissed: bool = False
    most: int = FITS

    @property
    def body(self) -> str:
        """The promo's body when it fits beside the title."""
        return self.promo.body if self.promo and len(self.promo.title) + len(self.promo.body) < FITS else ""


@dataclass(frozen=True, slots=True)
class Room:
    """What the page does about the strip before the service is asked: show `strip` now, or keep room for one that loads later.

    Without either, nothing is left to announce and the page starts with its masthead.
    """

    kept: bool = False
    strip: Strip | None = None


def strip_of(request, items) -> Strip:
    """The first announcement among these that this visitor has not dismissed."""
    shown = next((promo for promo in items if _cookie(promo.id) not in request.COOKIES), None)
    return Strip("ok", shown) if shown else Strip("empty")


def room(request) -> Room:
    """What the page does about the strip, from what this process has heard already; nobody is asked."""
    known = promos.at_hand("visitor", _source(request), get_language())
    if known is None:
        return Room(kept=True)
    strip, warm = strip_of(request, known.items), known.younger_than(settings.WARM_SECONDS)
    if strip.promo is None and (warm or known.items):
        return Room()
    return Room(strip=strip) if warm else Room(kept=True)


@login_not_required
@require_safe
async def promo_strip(request):
    """The first announcement that this visitor has not dismissed. 200 in every state, which X-Fragment-State names."""
    try:
        answer = await _current(request)
    except Unavailable:
        return _answer(request, Strip("failed"))
    return _answer(request, strip_of(request, answer.items))


@login_not_required
@require_POST
@limited(rate_limits.CHOICES)
def dismiss_promo(request):
    """Remember in a cookie that one announcement is not wanted: htmx gets the folded strip, a plain form the page without it."""
    promo_id = request.POST.get("promo", "")
    response = _answer(request, Strip("empty", dismissed=True)) if request.htmx else redirect("home")
    if promo_id:
        response.set_cookie(_cookie(promo_id), "1", max_age=DISMISSED_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


@login_not_required
@require_safe
async def offers(request):
    """Every current announcement, for visitors without scripts."""
    try:
        found, failed = (await _current(request)).items, False
    except Unavailable:
        found, failed = (), True
    return render(request, "landing/offers.html", {"promos": found, "failed": failed})


async def _current(request):
    return await promos.fetch("visitor", _source(request), get_language(), request_id=getattr(request, "id", ""))


def _answer(request, strip):
    response = render(request, "landing/_promo_strip.html", {"strip": strip})
    response["X-Fragment-State"] = strip.state
    response["Cache-Control"] = "private, no-store"
    return response


def _source(request):
    """Where the visitor says they come from: ?utm_source=, ?ref= or ?r= of the page."""
    query = parse_qs(asking_page(request).partition("#")[0].partition("?")[2]) if request.htmx else request.GET
    value = query.get("utm_source") or query.get("ref") or query.get("r") or ""
    return value[0] if isinstance(value, list) else value


@lru_cache(maxsize=256)
def _cookie(promo_id):
    # An id may hold what a cookie's name may not.
    return f"{COOKIE}{hashlib.sha256(promo_id.encode()).hexdigest()[:12]}"
