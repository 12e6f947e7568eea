"""A member's pages and fragments. The login wall in core/middleware.py keeps visitors out of all of them.

Fragments answer 200 in every designed state and name it in X-Fragment-State; a pick that cannot be accepted answers 422.
"""

import asyncio
from dataclasses import replace

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import pages
from dashboard import favourites, fragments
from dashboard.favourites import Loved
from dashboard.fragments import Shelf
from dashboard.home import picked_step
from dashboard.models import Desk

# A full page has room for more than a row.
FULL = 24
ALL_OFFERS = 6


@require_safe
async def fragment_promos(request: HttpRequest) -> HttpResponse:
    """The carousel of the home page."""
    found = await fragments.member_promos(request_id=_id(request))
    return _fragment(request, "dashboard/_promos.html", {"promos": found}, found.state)


def _loved(user) -> list[Loved]:
    return favourites.loved(user.pk)


@pages.loads(_loved)
@require_safe
async def fragment_recommendations(request: HttpRequest) -> HttpResponse:
    """The shelf of the home page, or the picker."""
    found = await fragments.shelf(request.user.pk, request.loaded, request_id=_id(request))
    return _shelf_fragment(request, found)


@pages.loads(_loved)
@require_POST
async def fragment_picks(request: HttpRequest) -> HttpResponse:
    """Store the books a reader loves. htmx gets the shelf that follows; a plain form is sent to the full page.

    422 with the picks kept when they are too few or were not offered.
    """
    user_id = request.user.pk
    offer = favourites.offered(user_id, request.POST.get("offer", ""))
    wanted = set(request.POST.getlist("pick"))
    chosen = [book for book in offer if book.id in wanted]
    if len(chosen) < len(wanted) or len(chosen) < _least(request):
        found = await _refused(request, offer, chosen, wanted)
        if request.htmx:
            return _shelf_fragment(request, found, status=422)
        return await _picks_page(request, found, status=422)
    loved = await sync_to_async(favourites.keep)(user_id, chosen)
    if request.htmx:
        found = await fragments.shelf_of(user_id, loved, request_id=_id(request), kept=len(chosen))
        return _shelf_fragment(request, found)
    messages.success(request, f"Saved. Your shelf now starts from {len(loved)} books.")
    return redirect("picks")


def _least(request) -> int:
    """How many books a form must bring: three to start a shelf, one to change it."""
    return 1 if len(request.loaded) >= favourites.LEAST else favourites.LEAST


async def _refused(request, offer, chosen, wanted) -> Shelf:
    """The picker again, with what was ticked and one sentence about it."""
    if not offer or len(chosen) < len(wanted):
        # The offer is missing, was changed, or is another reader's: a new one, with those ticked that are still in it.
        fresh = await fragments.picker(request.user.pk, request.loaded, _id(request))
        kept = frozenset(book.id for book in fresh.offer if book.id in wanted)
        error = f"The books on offer have changed. Pick {fresh.least} of these."
        return replace(fresh, picked=kept, error=error if fresh.offer else "")
    least = _least(request)
    missing = least - len(chosen)
    error = (
        ("Pick a book to change your shelf." if least == 1 else f"Pick {least} books to start your shelf.")
        if not chosen
        else f"Pick {missing} more {'book' if missing == 1 else 'books'}. You have picked {len(chosen)}."
    )
    return Shelf(
        "empty",
        offer=tuple(offer),
        signed=favourites.offer(request.user.pk, offer),
        picked=frozenset(book.id for book in chosen),
        error=error,
        adding=least == 1,
    )


@pages.loads(_loved)
@require_safe
async def picks(request: HttpRequest) -> HttpResponse:
    """Every pick with its reason, or the picker; beside it what is on offer. Both services are asked at the same time.

    With `?add` the picker also for a reader who has a shelf.
    """
    return await _picks_page(request)


async def _picks_page(request, found: Shelf | None = None, status: int = 200) -> HttpResponse:
    async def known() -> Shelf:
        if "add" in request.GET:
            return found or await fragments.picker(request.user.pk, request.loaded, _id(request))
        return found or await fragments.shelf(request.user.pk, request.loaded, FULL, _id(request))

    shelf, promos = await asyncio.gather(known(), fragments.member_promos(ALL_OFFERS, _id(request)))
    # An offer that leads to this very page would be no help here.
    promo = next((item for item in promos.items if item.cta_url != reverse("picks")), None)
    return _page(request, "dashboard/picks.html", {"shelf": shelf, "promo": promo}, status)


@require_safe
async def member_offers(request: HttpRequest) -> HttpResponse:
    """Everything on offer for members, as a list."""
    return _page(request, "dashboard/offers.html", {"promos": await fragments.member_promos(ALL_OFFERS, _id(request))})


@require_POST
async def dismiss_welcome(request: HttpRequest) -> HttpResponse:
    """Close the welcome panel for good."""
    await sync_to_async(_close_welcome)(request.user.pk)
    if request.htmx:
        return render(request, "dashboard/_welcome_closed.html")
    return redirect("home")


def _close_welcome(user_id: int) -> None:
    Desk.objects.update_or_create(user_id=user_id, defaults={"welcome_closed_at": timezone.now()})


def _shelf_fragment(request, found: Shelf, status: int = 200) -> HttpResponse:
    context = {"shelf": found, "picked": bool(found.kept)}
    # The first-steps panel stands beside the shelf on the home page alone.
    if found.kept and pages.asking_page(request) == "/":
        context["step"] = picked_step(favourites.LEAST)
    return _fragment(request, "dashboard/_recommendations.html", context, found.state, status)


def _fragment(request, template: str, context: dict, state: str, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Fragment-State"] = state
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request, template: str, context: dict, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _id(request) -> str:
    return getattr(request, "id", "")
