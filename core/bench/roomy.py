"""The site with room for many calls to a service at once: what a call costs is measured, not where the site sheds load."""

from core.microservices import http

http.AT_ONCE = 400

from core.asgi import application  # noqa: E402, F401
