"""Plays one state: real requests through the real middleware and views, as somebody of the cast, in a scene, and nothing stays.

views.py, switch.py, export.py and the tests call `play()`. Everything that the state stores is inside one transaction, which is
rolled back; mails and questions to services end in the scene.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from http.cookies import SimpleCookie
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import record_authentication
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import auth
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.shortcuts import render
from django.urls import ResolverMatch, set_urlconf
from django.utils.module_loading import import_string

from core import scenes
from core.gallery import buttons, cast, services

# The longest way that a form may lead to its answer.
MOST_REDIRECTS = 3
# 32 letters, as Django makes them: the token of every form that is played for nobody in particular.
TOKEN = "gallerygallerygallerygallerygall"  # noqa: S105
# The placeholder of theme/templates/components/lazy.html.
LAZY = re.compile(r'<(?P<tag>section|aside|div)\b[^>]*\bhx-get="(?P<src>[^"]*)"[^>]*\bhx-trigger="load"[^>]*>')
# A link of a mail: what it is for, and the token, of which the last letters are its signature.
SIGNED = re.compile(r"(/(?:email/confirm|email/undo|login/link|password/reset)/)([\w:.-]{8,}?)([\w-]{8})(?=/)")
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


class StateFailed(Exception):
    """A state that does not show what its file promises; the message says what came instead."""


@dataclass(frozen=True)
class Played:
    """What a state gives: `html`, its `status`, its headers; the `text` part and `subject` of a mail."""

    html: str
    status: int
    headers: dict = field(default_factory=dict)
    text: str = ""
    subject: str = ""

    @property
    def size(self):
        return len(self.html.encode())


class Stage(BaseHandler):
    """The site's own way through the middleware, for a request that may bring its view along."""

    def resolve_request(self, request):
        if view := getattr(request, "gallery_view", None):
            set_urlconf(getattr(request, "urlconf", settings.ROOT_URLCONF))
            request.resolver_match = ResolverMatch(view, (), {}, url_name=getattr(request, "gallery_url_name", None))
            return request.resolver_match
        return super().resolve_request(request)

    async def answers(self, request):
        """The response; a status of 400 and more is what somebody wants to look at, so nothing is logged."""
        set_urlconf(settings.ROOT_URLCONF)
        return await self._middleware_chain(request)


@cache
def stage():
    """The handler; the switch never forces anything here, because its cookie is not among the cookies of a visit."""
    handler = Stage()
    handler.load_middleware(is_async=True)
    return handler


# What development puts into every page, and no visitor ever sees.
RELOADING = re.compile(r"<script[^>]*/django-browser-reload/[^>]*></script>")


async def play(state, host="localhost", secure=False, token=TOKEN, theme="", settled=True):
    """The Played of a State. `token` is the CSRF cookie's secret, for a form that is to be sent from a real page.

    A page's fragments are in it as they would be after a moment, unless `settled` is off or the state's network is not there.

    Raises StateFailed when the answer's status, or its fragment's data-state, is not the one that the file names.
    """
    scene = scenes.Scene(
        services=services.playing(state.services),
        stale=frozenset(name for name, how in state.services.items() if how == "stale"),
        wait=state.wait,
        busy=state.busy,
        providers=state.providers,
    )
    quiet = scenes.Scene(services=services.playing({}), providers=state.providers, mails=scene.mails, kept=scene.kept)
    begun = await sync_to_async(_begin)()
    try:
        with scenes.played(quiet):
            visit = Visit(state, host, secure, token, theme, quiet)
            await sync_to_async(visit.signs_in)()
            for step in state.before:
                came = await visit.makes(**step)
                if came.status_code >= 500:
                    raise StateFailed(f"{state.path}: a visit that comes first, {step}, was answered with {came.status_code}.")
        with scenes.played(scene):
            response = await visit.makes_the_last()
            if settled and state.whole and not state.network and not state.mail:
                response.content = await visit.settles(response.content.decode())
    finally:
        await sync_to_async(_end)(begun)
    return _checked(state, response, scene.mails)


def _begin():
    atomic = transaction.atomic(durable=False)
    atomic.__enter__()
    return atomic


def _end(atomic):
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)


def _checked(state, response, mails):
    if state.mail:
        found = [mail for name, mail in mails if name.rpartition("/")[2] == state.mail]
        if not found:
            sent = ", ".join(name for name, _ in mails) or "none"
            raise StateFailed(f"{state.path}: no mail {state.mail} was sent. Sent were: {sent}.")
        mail = found[-1]
        return Played(unusable(mail.alternatives[0][0]), 200, {}, unusable(mail.body), mail.subject)
    html = unusable(RELOADING.sub("", response.content.decode()))
    if response.status_code != state.status:
        raise StateFailed(f"{state.path}: the answer has the status {response.status_code}, and the file says {state.status}.")
    shown = response.headers.get("X-Fragment-State", "")
    if state.state and state.state != shown and f'data-state="{state.state}"' not in html:
        raise StateFailed(f"{state.path}: the fragment is {shown or 'in no state'}, and the file says {state.state}.")
    return Played(html, response.status_code, dict(response.headers))


def unusable(text):
    """The text with its signed links spoilt: the rows that they name are gone, but a database may give their numbers again."""
    return SIGNED.sub(lambda link: f"{link[1]}{link[2]}{'x' * len(link[3])}", text)


class Visit:
    """A browser that makes the requests of one state, one after the other, with one set of cookies."""

    def __init__(self, state, host, secure, token, theme, quiet):
        self.state, self.host, self.secure, self.quiet = state, host, secure, quiet
        self.cookies = {settings.CSRF_COOKIE_NAME: token, **state.cookies}
        if theme:
            self.cookies["theme"] = theme

    def signs_in(self):
        user = cast.enter(self.state.who, self.state.facts)
        if user is None or self.state.who == "visitor":
            return
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[auth.SESSION_KEY] = str(user.pk)
        session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
        if self.state.facts.get("confirmed", True):
            # They have just typed their password, so nothing asks for it again.
            record_authentication(SimpleNamespace(session=session), user, method="password", reauthenticated=True)
        session.create()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    async def makes_the_last(self):
        state = self.state
        if state.context is not None:
            return await self.makes(view=_component(state.template, state.context))
        if state.view:
            return await self.makes(view=state.view, post=state.post or None, data=state.data)
        return await self.makes(
            get=state.get,
            post=state.post,
            data=state.data,
            link=state.link,
            older=state.older,
            press=state.press,
            htmx=state.htmx,
            follow=state.follow,
            old_token=state.old_token,
        )

    async def makes(
        self,
        get="",
        post="",
        data=None,
        link="",
        older=0,
        view=None,
        htmx=False,
        follow=False,
        old_token=False,
        send=False,
        press="",
    ):
        """One request, and its answer. `link` opens a mail's link to a path that starts so: the newest mail's, or the one
        `older` mails before. `press` sends the form with that button of the page, filled in with `data`; after a link, `send`
        posts `data` to the page behind it. `view` is a function(request) or its dotted name."""
        if isinstance(view, str):
            view = import_string(view)
        if link or press:
            # What is wrong in the state is wrong when the button is pressed: its page was opened before.
            with scenes.played(self.quiet if press else scenes.playing()):
                get, page = await self.opens(self.mailed(link, older) if link else get)
            if not send and not press:
                return page
            post = get
            if press:
                post, data = self.pressed(page, get, press, data)
        response = await self.asks("POST" if post else "GET", post or get or "/", data, view, htmx, old_token)
        for _ in range(MOST_REDIRECTS if follow else 0):
            if not 300 <= response.status_code < 400:
                break
            response = await self.asks("GET", self.towards(post or get, response), None, None, htmx)
        return response

    async def opens(self, path):
        """(path, response) of the page that `path` leads to."""
        response = await self.asks("GET", path)
        for _ in range(MOST_REDIRECTS):
            if not 300 <= response.status_code < 400:
                break
            path = self.towards(path, response)
            response = await self.asks("GET", path)
        return path, response

    def pressed(self, page, path, words, data):
        """(path, data) of the request that the button makes which says `words` on a page."""
        found = buttons.pressed(page.content.decode(), words)
        if found is None:
            raise StateFailed(f"{self.state.path}: the page at {path} has no button “{words}”.")
        action, fields = found
        return action or path, {**fields, **(data or {})}

    async def settles(self, html):
        """The page after its fragments have come: each placeholder is replaced by what its address answers."""
        while found := LAZY.search(html):
            answer = await self.asks("GET", unescape(found["src"]), htmx=True)
            html = html[: found.start()] + answer.content.decode() + html[_end_of(html, found) :]
        return html

    def mailed(self, path, older):
        found = [
            link for _, mail in reversed(scenes.playing().mails) for link in LINK.findall(mail.body) if link.startswith(path)
        ]
        if len(found) <= older:
            raise StateFailed(
                f"{self.state.path}: {len(found)} mails with a link to {path} were sent, and the file needs {older + 1}."
            )
        return found[older]

    @staticmethod
    def towards(path, response):
        parts = urlsplit(response["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "") if parts.path else path

    async def asks(self, method, path, data=None, view=None, htmx=False, old_token=False):
        request = self.request(method, path, data, htmx)
        request._dont_enforce_csrf_checks = not old_token
        if view:
            request.gallery_view = view
        if self.state.providers:
            request.urlconf = "core.gallery.social_urls"
        response = await stage().answers(request)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        for name, morsel in response.cookies.items():
            self.cookies[name] = morsel.value
        return response

    def request(self, method, path, data, htmx):
        path, _, query = path.partition("?")
        body = urlencode(data or {}, doseq=True).encode()
        # An empty one is one that the browser does not have.
        jar = SimpleCookie({name: str(value) for name, value in self.cookies.items() if value})
        headers = {
            "host": self.host,
            "accept": "text/html",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "cookie": jar.output(header="", sep=";").strip(),
        }
        if method == "POST":
            headers |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
        if htmx:
            page = f"{'https' if self.secure else 'http'}://{self.host}{self.state.page}"
            headers |= {"hx-request": "true", "hx-request-type": "partial", "hx-current-url": page}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "scheme": "https" if self.secure else "http",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 0),
            "server": (self.host, 443 if self.secure else 80),
        }
        return ASGIRequest(scope, BytesIO(body))


def _end_of(html, opening):
    """Where the element ends whose opening tag was found."""
    depth = 1
    for tag in re.finditer(rf"<(/?){opening['tag']}\b", html[opening.end() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html.index(">", opening.end() + tag.start()) + 1
    return len(html)


def _component(template, context):
    """A view that renders one template with plain data; whoever the state is played for may see it."""

    def shown(request):
        return render(request, template, context)

    shown.login_required = False
    return shown
