"""The site with room and time for many calls to a service at once: what a call costs is measured, not where load is shed."""

from core.microservices import http

http.AT_ONCE, http.DEADLINE, http.CONNECT = 400, 30, 30

from core.asgi import application  # noqa: E402, F401
