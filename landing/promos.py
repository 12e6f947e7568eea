"""What is announced to visitors: the strip above the masthead, its Dismiss button, and the page with everything."""

import hashlib
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


@login_not_required
@require_safe
async def promo_strip(request):
    """The first announcement that this visitor has not dismissed. 200 in every state, which X-Fragment-State names."""
    try:
        answer = await _current(request)
    except Unavailable:
        return _strip(request, None, "failed")
    shown = next((promo for promo in answer.items if _cookie(promo.id) not in request.COOKIES), None)
    return _strip(request, shown, "ok" if shown else "empty")


@login_not_required
@require_POST
@limited(rate_limits.CHOICES)
def dismiss_promo(request):
    """Remember in a cookie that one announcement is not wanted: htmx gets the folded strip, a plain form the page without it."""
    promo_id = request.POST.get("promo", "")
    response = _strip(request, None, "empty", dismissed=True) if request.htmx else redirect("home")
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


def nothing_left(request):
    """Whether this visitor has dismissed every announcement that is known to be on: then the page keeps no room for one."""
    if not any(name.startswith(COOKIE) for name in request.COOKIES):
        return False
    known = promos.at_hand("visitor", _source(request), get_language())
    return bool(known) and all(_cookie(promo.id) in request.COOKIES for promo in known)


def _strip(request, promo, state, dismissed=False):
    body = promo.body if promo and len(promo.title) + len(promo.body) < FITS else ""
    context = {"promo": promo, "body": body, "most": FITS, "state": state, "dismissed": dismissed}
    response = render(request, "landing/_promo_strip.html", context)
    response["X-Fragment-State"] = state
    response["Cache-Control"] = "private, no-store"
    return response


def _source(request):
    """Where the visitor says they come from: ?utm_source=, ?ref= or ?r= of the page."""
    query = parse_qs(asking_page(request).partition("#")[0].partition("?")[2]) if request.htmx else request.GET
    value = query.get("utm_source") or query.get("ref") or query.get("r") or ""
    return value[0] if isinstance(value, list) else value


def _cookie(promo_id):
    # An id may hold what a cookie's name may not.
    return f"{COOKIE}{hashlib.sha256(promo_id.encode()).hexdigest()[:12]}"
