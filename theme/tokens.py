"""The values of the theme's tokens, as the build of the stylesheet worked them out: for covers, mails and the gallery.

theme/static_src/contrast.mjs writes the file; it is read again when it changes.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "static/css/dist/tokens.json"


class NotBuilt(Exception):
    """The stylesheet has not been built; the message says how to build it."""


def told() -> dict[str, Any]:
    """{"active": name, "themes": {name: {"title", "file", "light", "dark", "covers", "covers_version", "pairs", "outside"}}}.

    Raises NotBuilt.
    """
    try:
        changed = FILE.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise NotBuilt("The stylesheet has not been built. Run: npm run build") from error
    return _at(changed)


def active() -> dict[str, Any]:
    """The theme that the site wears."""
    everything = told()
    return everything["themes"][everything["active"]]


def with_covers(version: str) -> dict[str, Any] | None:
    """The theme whose covers have this version; None when no theme has."""
    return next((theme for theme in told()["themes"].values() if theme["covers_version"] == version), None)


@cache
def _at(changed: int) -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))
