"""What a browser may fetch before anybody pressed a link: the list, the rules that say so, and what such a request may do.

The answer to a whole page names the rules in a header, so that the policy needs no exception for an inline script. They only ever
ask for a fetch, never for a rendering: that would run the page's scripts. Chromium keeps what it fetched for a few minutes and
whatever Cache-Control says, so it is told to forget it when somebody signs in or out.
"""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.middleware import asynchronous

HOME = "home"
# Pages, by their names in the site map, that only show something: fetching them changes nothing for anybody. What is not listed
# here is never fetched ahead, also when a browser or another site asks for it of its own accord.
AHEAD = {
    "visitors": ("account_login", "account_request_login_link", "account_reset_password", "privacy", "terms", "offers"),
    "members": (HOME, "picks", "member_offers", "settings", "privacy", "terms"),
}
# Links that htmx answers in place lead nowhere.
IN_PLACE = "[hx-get]"
RULES_KEPT = 3600
FORGET = '"prefetchCache", "prerenderCache"'


def audience(request):
    """Whose list counts: "members" or "visitors"."""
    return "members" if request.user.is_authenticated else "visitors"


@login_not_required
@require_safe
async def rules(request, readers):
    """The rules of one audience, in the browser's own format."""
    addresses = [reverse(name) for name in AHEAD[readers]]
    where = {"and": [{"href_matches": addresses}, {"not": {"selector_matches": IN_PLACE}}]}
    # Moderate: when the pointer rests on a link, or presses it.
    document = {"prefetch": [{"source": "document", "where": where, "eagerness": "moderate"}]}
    response = JsonResponse(document, content_type="application/speculationrules+json")
    response["Cache-Control"] = f"public, max-age={RULES_KEPT}"
    return response


@cache
def header(readers):
    """The value of Speculation-Rules: the quoted address of that audience's rules."""
    return f'"{reverse("speculation_rules", args=[readers])}"'


@asynchronous
def speculation(get_response):
    """Name the rules on every whole page that they are about, keep what is fetched ahead from changing anything, and have
    everything that was fetched ahead forgotten when the reader is somebody else from here on.
    """

    async def middleware(request):
        # "prefetch", or "prefetch;prerender" and the like.
        request.fetched_ahead = request.META.get("HTTP_SEC_PURPOSE", "").lower()
        response = await get_response(request)
        if request.fetched_ahead and brings_cookies(request, response):
            return refused()
        if getattr(request, "reader_changed", False):
            response["Clear-Site-Data"] = FORGET
        if whole_page(request, response):
            response["Speculation-Rules"] = header(audience(request))
        return response

    async def process_view(request, view, args, kwargs):
        if not request.fetched_ahead:
            return None
        allowed = request.fetched_ahead == "prefetch" and request.resolver_match.url_name in AHEAD[audience(request)]
        # A page that is not looked at would use up the message that it shows.
        return None if allowed and not len(request._messages) else refused()

    middleware.process_view = process_view
    return middleware


def brings_cookies(request, response):
    """Whether the answer sets or deletes a cookie: that would change what the browser says from here on, or undo what it was
    given meanwhile. Django sends the cookie of the forms with every page, to prolong it; that one is only left out.
    """
    forms = response.cookies.get(settings.CSRF_COOKIE_NAME)
    if forms is not None and forms.value == request.COOKIES.get(settings.CSRF_COOKIE_NAME):
        del response.cookies[settings.CSRF_COOKIE_NAME]
    return bool(response.cookies)


def whole_page(request, response):
    """Whether the answer is one of the pages that are listed, or the home page, as a document of its own."""
    match = request.resolver_match
    if response.status_code != 200 or match is None or "HTTP_HX_REQUEST" in request.META:
        return False
    return match.url_name == HOME or match.url_name in AHEAD[audience(request)]


def refused():
    """An answer that a browser does not keep: it asks again when somebody really goes there."""
    response = HttpResponse(status=503, headers={"Cache-Control": "no-store"})
    # Nothing is wrong, so nothing is logged.
    response._has_been_logged = True
    return response


@receiver([user_logged_in, user_logged_out])
def note_reader(request, **details):
    if request is not None:
        request.reader_changed = True
