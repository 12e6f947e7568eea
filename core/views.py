"""The home page of both faces, and the few pages that belong to neither: health, theme choice, offline page, error answers."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from core import pages
from core.accounts import rate_limits
from core.accounts.adapter import safe_next
from core.accounts.views import limited

landing_reuse = pages.Reuse(settings.LANDING_REUSE_SECONDS)


@method_decorator(login_not_required, name="dispatch")
class HomePageView(TemplateView):
    """One address, two pages: a visitor gets the landing page, a member their dashboard. Neither template knows the other."""

    user_template_name = None
    anon_template_name = None
    # Dotted names, because core imports no page. `user_context(user) -> dict` may ask the database; `user_at_hand(user, context)
    # -> dict` is asynchronous and may ask for what is kept, but waits for no service;
    # `anon_context(request) -> dict` must not; `anon_key(request)` is what makes one visitor's page differ from another's,
    # None when it is theirs alone.
    user_context = None
    user_at_hand = None
    anon_context = None
    anon_key = None

    @classmethod
    def as_view(cls, **options):
        view = super().as_view(**options)
        return pages.loads(lambda user: import_string(options["user_context"])(user))(view)

    async def get(self, request):
        page = self.user_page if request.user.is_authenticated else self.anon_page
        content, encoding = await page(request)
        response = HttpResponse(content)
        if encoding:
            response["Content-Encoding"] = encoding
        # In both states: with the landing page in a cache, Back would show it to a member, or the dashboard to a visitor.
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        return pages.full_page(request, response)

    async def user_page(self, request):
        at_hand = await import_string(self.user_at_hand)(request.user, request.loaded)
        context = {**request.loaded, **at_hand, "morphed": bool(request.htmx)}
        return render_to_string(self.user_template_name, context, request), ""

    async def anon_page(self, request):
        def render_with(token):
            context = {**import_string(self.anon_context)(request), "morphed": bool(request.htmx), "csrf_token": token}
            return render_to_string(self.anon_template_name, context, request)

        return landing_reuse.page(request, self.key(request), render_with)

    def key(self, request):
        own = import_string(self.anon_key)(request)
        if own is None or len(request._messages):
            return None
        return (own, pages.theme_choice(request), request.get_host(), bool(request.htmx))


@login_not_required
@require_safe
async def health(request):
    """200 while this process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@require_POST
@limited(rate_limits.CHOICES)
def theme(request):
    """Remember light, dark or system for a year, and load the page again: the attribute stands outside what is swapped."""
    response = redirect(safe_next(request, request.POST.get("next")) or "/")
    choice = request.POST.get("theme", "")
    if choice in pages.THEMES:
        response.set_cookie("theme", choice, max_age=365 * 24 * 3600, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_not_required
@require_safe
async def offline(request):
    """The page that the service worker shows when the network is gone."""
    return render(request, "offline.html")


@login_not_required
@require_safe
async def service_worker(request):
    """The service worker, from the root so that it covers every page; with the setting off, one that removes itself."""
    if settings.OFFLINE_PAGE:
        files = [static("css/dist/styles.css")]
        kept = render_to_string("offline.html") + "".join(files)
        body = render_to_string("sw.js", {"files": files, "version": hashlib.sha256(kept.encode()).hexdigest()[:12]})
    else:
        body = render_to_string("sw-off.js")
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def csrf_failure(request, reason=""):
    """A form whose token is missing or old: the page that owns it answers with a fresh one, or a page that keeps the text."""
    return import_string(settings.CSRF_FORM_VIEW)(request, reason)


def bad_request(request, exception):
    """A request that cannot be read. Django's own handler would look for a token in it, and fail on the same body once more."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def our_fault(request):
    """A fault of ours: a page that needs neither the request nor the database, with somebody to write to."""
    return HttpResponseServerError(render_to_string("500.html", {"support_email": settings.SUPPORT_EMAIL}))


@login_not_required
@require_safe
async def staff_sign_in(request):
    """Staff sign in where everybody does; a member is told that it is not for them, instead of being sent back and forth."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")


@login_not_required
async def unknown_fragment(request, name=""):
    raise Http404
