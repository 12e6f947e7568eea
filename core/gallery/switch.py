"""The state switcher: in development, a bar at the foot of every real page forces the state of a fragment or a form in place.

`switch` is a middleware; `choose` is the view that the bar's form is sent to. What was chosen stands in a cookie of this browser.
A forced request is answered by the gallery's stage: the real views, playing that state.
"""

import asyncio
from urllib.parse import parse_qsl, urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core import scenes
from core.accounts.adapter import safe_next
from core.gallery import facts, stage, states
from core.middleware import asynchronous

COOKIE = "workshop"
LONGEST = 10_000


def chosen(request):
    """{"landing/_signup": "sending", …, "latency": "800"} of this browser."""
    return dict(parse_qsl(request.COOKIES.get(COOKIE, ""))) if settings.DEBUG else {}


def latency(told):
    """Milliseconds that every answer to htmx is held back."""
    value = told.get("latency", "0")
    # Decimal digits alone, and few of them: int() refuses others, and numbers of thousands of digits.
    return min(int(value), LONGEST) if value.isdecimal() and len(value) < 8 else 0


def forceable(piece):
    """The states of a template that answers to htmx can be; those that need JavaScript are made in the browser."""
    return [state for state in piece.states if state.htmx and (state.get or state.post) and not state.needs_js]


def forced(request, told):
    """The State that this request is to be answered with, or None."""
    for path, name in told.items():
        state = states.find(f"{path}/{name}") if path != "latency" else None
        if state and state in forceable(states.piece(state.template, states.templates()[state.template])):
            method, address = ("POST", state.post) if state.post else ("GET", state.get)
            if (method, address.partition("?")[0]) == (request.method, request.path):
                return state
    return None


@asynchronous
def switch(get_response):
    """Answer a fragment's or a form's request from htmx with the state that was chosen, after the latency that was chosen."""

    async def middleware(request):
        told = chosen(request)
        if not told or request.path.startswith("/_gallery/"):
            return await get_response(request)
        if not getattr(request, "htmx", False):
            # A page that had its fragments at hand would not ask for them, and nothing could be forced.
            with scenes.nothing_at_hand():
                return await get_response(request)
        await asyncio.sleep(latency(told) / 1000)
        state = await sync_to_async(forced)(request, told)
        if state is None:
            return await get_response(request)
        token = request.COOKIES.get(settings.CSRF_COOKIE_NAME) or stage.TOKEN
        try:
            played = await stage.play(state, request.get_host(), request.is_secure(), token)
        except stage.StateFailed as error:
            return HttpResponse(str(error), status=500, content_type="text/plain; charset=utf-8")
        kept = {name: value for name, value in played.headers.items() if name.startswith("HX-") or name == "X-Fragment-State"}
        return HttpResponse(played.html, status=played.status, headers={**kept, "Cache-Control": "private, no-store"})

    return middleware


@login_not_required
@require_POST
def choose(request):
    """Keep what was chosen in the bar, and load the page again."""
    if not settings.DEBUG:
        raise Http404
    names = {path: {state.name for state in forceable(piece)} for path, piece in _fragments().items()}
    kept = {path: name for path, name in request.POST.items() if name in names.get(path, ())}
    if latency(request.POST):
        kept["latency"] = str(latency(request.POST))
    response = redirect(safe_next(request, request.POST.get("next")) or "/")
    if kept and "reset" not in request.POST:
        response.set_cookie(COOKIE, urlencode(kept), httponly=True, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def bar(request):
    """Context of the bar: what can be forced on this site, what is forced, and how many pairs of colours fail."""
    told = chosen(request)
    rows = [
        {"path": path, "title": piece.title, "chosen": told.get(path, ""), "states": forceable(piece)}
        for path, piece in _fragments().items()
    ]
    failing = facts.failing_pairs()
    return {
        "rows": rows,
        "latency": latency(told),
        "on": sum(bool(row["chosen"]) for row in rows),
        "failing": len(failing),
        "sentence": failing[0] if failing else "",
    }


def _fragments():
    return {piece.path: piece for piece in states.pieces()[0].values() if forceable(piece)}
