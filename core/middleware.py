"""The request's way in and out, without a thread hop for a visitor.

Django's middleware base class runs every hook in a thread of its own under ASGI, also the ones that only set a header:
fourteen to nineteen hops a request. The twins below call the hooks in line, which is right because they do no I/O.
Where the database must be asked, it is asked once, in one hop.
"""

import os
import re
import uuid
from functools import cache
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.middleware import csrf
from django.middleware.common import CommonMiddleware
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse

from core.accounts.hashing import HashingBusy
from core.pages import asking_page


class InLine:
    """Mixin: calls the hooks of a middleware class on the event loop."""

    async def __acall__(self, request):
        response = self.process_request(request) if hasattr(self, "process_request") else None
        response = response or await self.get_response(request)
        return self.process_response(request, response) if hasattr(self, "process_response") else response


ISOLATION = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Security(InLine, SecurityMiddleware):
    """Django's security headers and ours: isolation from other origins, framing, and browser features that we do not use."""

    def process_response(self, request, response):
        for name, value in ISOLATION.items():
            response.headers.setdefault(name, value)
        return super().process_response(request, response)


class ContentSecurityPolicy(InLine, ContentSecurityPolicyMiddleware):
    pass


class Common(InLine, CommonMiddleware):
    pass


class Messages(InLine, MessageMiddleware):
    """Messages live in the session, which SignedInUser has loaded by then."""


@cache
def letters_of(alphabet):
    """(letter for each byte, bytes to leave out so that every letter is equally likely), as bytes.translate() takes them."""
    fair = 256 - 256 % len(alphabet)
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256)), bytes(range(fair, 256))


def random_letters(length, allowed_chars):
    """What Django's get_random_string gives, with one question to the system's random source instead of one for each letter."""
    letters, left_out = letters_of(allowed_chars)
    drawn = b""
    while len(drawn) < length:
        drawn += os.urandom(2 * length).translate(letters, left_out)
    return drawn[:length].decode()


# A new visitor's form needs 64 letters, which made a fifth of what the whole landing page costs.
csrf.get_random_string = random_letters


class Csrf(InLine, CsrfViewMiddleware):
    async def process_view(self, request, callback, callback_args, callback_kwargs):
        return super().process_view(request, callback, callback_args, callback_kwargs)


# What Django gives a session for a name. PostgreSQL fails on some of the rest.
SESSION_KEY = re.compile(r"[a-z0-9]{32}")


class Sessions(InLine, SessionMiddleware):
    """Saves the session in a thread, and only when something changed it. A cookie that can name no session counts as none."""

    def process_request(self, request):
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)

    async def __acall__(self, request):
        self.process_request(request)
        response = await self.get_response(request)
        if request.session.modified and not request.session.is_empty():
            try:
                return await sync_to_async(self.process_response)(request, response)
            except SessionInterrupted:
                # Signed out in another tab while this was under way.
                return to_sign_in(request)
        return self.process_response(request, response)


def asynchronous(middleware):
    """Mark a middleware factory as one that only runs on the event loop."""
    middleware.async_capable = True
    middleware.sync_capable = False
    return middleware


REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@asynchronous
def request_id(get_response):
    """Give every request an id, the proxy's when it sent a sane one, and put it on the answer."""

    async def middleware(request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        response = await get_response(request)
        response["X-Request-ID"] = request.id
        return response

    return middleware


class SignedInUser(AuthenticationMiddleware):
    """Set request.user to a real user, never a lazy one: an async view may use it freely, and so may its template.

    A visitor without a session cookie costs no hop; everybody else costs one. What a view named with @core.pages.loads is
    loaded in that same hop and stands in request.loaded.
    """

    async def __acall__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            user, request.loaded = await sync_to_async(load)(request)
        else:
            user, request.loaded = AnonymousUser(), None
        set_user(request, user)
        return await self.get_response(request)


def load(request):
    """The session, its user, and what the view wants to know of a member: all that the database is asked for a page."""
    # Whatever reads the session later finds it loaded, also where no database may be asked.
    request.session.get(auth.SESSION_KEY)
    user = auth.get_user(request)
    wanted = wanted_by_view(request.path_info) if user.is_authenticated else None
    return user, wanted(user) if wanted else None


def wanted_by_view(path):
    try:
        return getattr(resolve(path).func, "loads", None)
    except Resolver404:
        return None


def set_user(request, user):
    request.user = request._cached_user = request._acached_user = user

    async def auser():
        return request.user

    request.auser = auser


@asynchronous
def login_wall(get_response):
    """Views are for members unless they say otherwise with Django's @login_not_required.

    A visitor goes to the sign-in page and comes back afterwards. A fragment must not paint that page inside a card,
    so it is answered 401 with a header that makes htmx open the sign-in page instead.
    """

    async def middleware(request):
        return await get_response(request)

    async def process_view(request, view, args, kwargs):
        if not getattr(view, "login_required", True) or request.user.is_authenticated:
            return None
        return to_sign_in(request)

    middleware.process_view = process_view
    return middleware


def to_sign_in(request):
    """The way to the sign-in page and back: a redirect, or for htmx a 401 that makes it open that page."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        back = asking_page(request) or "/"
        response["HX-Redirect"] = f"{reverse('account_login')}?{urlencode({'next': back, 'why': 'expired'})}"
        return response
    return redirect(f"{reverse('account_login')}?{urlencode({'next': page_of(request)})}")


def page_of(request):
    """Path of the page where somebody is who asks without htmx: of a form, the page that holds it, because a form's own address
    may answer nothing but the form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    site = f"{request.scheme}://{request.get_host()}"
    came_from = request.headers.get("Referer", "")
    return came_from.removeprefix(site) if came_from.startswith(f"{site}/") else "/"


@asynchronous
def worded_refusals(get_response):
    """Django refuses a wrong method without a word; a person who gets there is told what to do."""

    async def middleware(request):
        response = await get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            worded = render(request, "405.html", status=405)
            worded["Allow"] = response["Allow"]
            return worded
        return response

    return middleware


@asynchronous
def hashing_shed(get_response):
    """When too many passwords are being hashed already, say so at once instead of letting everybody wait."""

    async def middleware(request):
        return await get_response(request)

    def process_exception(request, exception):
        if not isinstance(exception, HashingBusy):
            return None
        response = render(request, "503.html", {"retry_after": 5}, status=503)
        response["Retry-After"] = "5"
        return response

    middleware.process_exception = process_exception
    return middleware
