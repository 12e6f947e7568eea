"""Turns a table of routes into an ASGI app that speaks JSON and answers a wrong request with the right status.

Both services use it.
"""

import inspect
import logging
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

import msgspec

log = logging.getLogger("dimorph.reference")

BODY_LIMIT = 64 * 1024
QUERY_FIELDS = 16
_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """A request that cannot be answered: `status` and a sentence that says why."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Request:
    """What a route is given: the query as text by name (the last one wins) and the whole body."""

    query: dict
    body: bytes = b""

    def word(self, name, default, pattern):
        """The query field `name`, which must match `pattern` whole."""
        value = self.query.get(name, default)
        if value is None:
            raise Refused(422, f"{name} is missing.")
        if not re.fullmatch(pattern, value):
            raise Refused(422, f"{name} does not have the form {pattern}.")
        return value

    def number(self, name, default, minimum, maximum):
        """The query field `name` as a whole number within the bounds, both included."""
        value = self.query.get(name, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
            raise Refused(422, f"{name} is a whole number from {minimum} to {maximum}.")
        return int(value)


def json_app(routes, stopped=None):
    """An ASGI app for `routes`: {path: {method: route}}, where route(request) gives (status, payload), awaited when it is async.

    `GET /health` is added. `stopped` is called without arguments when the server stops the app.
    """
    routes = {"/health": {"GET": lambda request: (200, {"status": "ok"})}, **routes}

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return await _live(receive, send, stopped)
        if scope["type"] != "http":
            return None
        headers = []
        try:
            methods = routes.get(scope["path"])
            if methods is None:
                raise Refused(404, "There is nothing at this path.")
            route = methods.get(scope["method"])
            if route is None:
                headers.append((b"allow", ", ".join(methods).encode()))
                raise Refused(405, f"This path answers {' and '.join(methods)}.")
            body = await _body(scope, receive) if scope["method"] == "POST" else b""
            answer = route(Request(_query(scope), body))
            status, payload = await answer if inspect.isawaitable(answer) else answer
        except Refused as refused:
            status, payload = refused.status, {"error": refused.detail}
        except Exception:
            log.exception("A route failed: %s", scope["path"])
            status, payload = 500, {"error": "The service failed. Its log says why."}
        content = _encode(payload)
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


def _query(scope):
    try:
        return dict(
            parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=QUERY_FIELDS)
        )
    except ValueError:
        raise Refused(422, f"The query is UTF-8, percent-encoded, and has at most {QUERY_FIELDS} fields.") from None


async def _body(scope, receive):
    too_large = Refused(413, f"The body has at most {BODY_LIMIT} bytes.")
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > BODY_LIMIT:
        raise too_large
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The body ended early.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_LIMIT:
            raise too_large
    return body


async def _live(receive, send, stopped):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            if stopped:
                stopped()
            return await send({"type": "lifespan.shutdown.complete"})
