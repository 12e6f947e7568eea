"""The two services as one server that takes its time: promos 100 ms, recommendations 300 ms. The benchmark's sites call it."""

import asyncio

from core.microservices.reference import promos, recommendations

SECONDS = {"/promos": 0.1, "/recommendations": 0.3}
_apps = {"/promos": promos.app, "/recommendations": recommendations.app, "/events": recommendations.app, "/health/": None}


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    app = _apps.get(scope["path"])
    if app is None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    await asyncio.sleep(SECONDS.get(scope["path"], 0))
    await app(scope, receive, send)
