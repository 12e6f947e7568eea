"""As little as a server can do: one fixed answer, read once from the file that BENCH_ANSWER names. A limit, not a design."""

import json
import os
from pathlib import Path

_answer = json.loads(Path(os.environ["BENCH_ANSWER"]).read_text(encoding="utf-8"))
_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in _answer["headers"]]
_body = bytes.fromhex(_answer["body"])


async def application(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": _headers})
        await send({"type": "http.response.body", "body": _body})
