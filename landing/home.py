"""What the landing page knows before anybody did anything. core/urls.py names `home_context` and `reuse_key`."""

from core.accounts import providers
from core.accounts.adapter import RETURNING_COOKIE, safe_next
from landing import promos
from landing.forms import SignUpForm


def home_context(request):
    """form (an empty SignUpForm), next_url (a path of this site or None), providers (other ways to sign up),
    returning (somebody has signed in on this browser before) and room (what stands above the masthead: landing.promos.Room)."""
    return {
        "form": SignUpForm(),
        "next_url": safe_next(request, request.GET.get("next")),
        "providers": providers.offered(),
        "returning": RETURNING_COOKIE in request.COOKIES,
        "room": promos.room(request),
    }


def reuse_key(request):
    """What of `home_context` differs between visitors; None when the page is for one of them alone."""
    if "next" in request.GET:
        return None
    return RETURNING_COOKIE in request.COOKIES, promos.room(request)
