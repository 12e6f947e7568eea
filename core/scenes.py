"""The scene that a state of the gallery plays in: what the world outside the site does while one page is rendered.

core/gallery sets a Scene around one request. The few places where a page depends on that world ask `playing()`: the two services,
the mail server, the limits on tries, the gate of password hashing, the other ways to sign in. Everywhere else, and always outside
the gallery, there is no scene and nothing changes.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Scene:
    """What happens to a page from outside.

    services    name of each outside service to the ASGI app that plays it
    stale       names of services that cannot be asked, and whose last good answer is a day old
    wait        seconds that somebody who tried too often has to wait; 0 when nobody did
    busy        as many passwords are being hashed as the process takes
    providers   other ways to sign in: "google", "github"
    mails       the mails that were sent, oldest first: they go nowhere else
    kept        the last answer of each question to a service in this scene, by its key
    """

    services: dict = field(default_factory=dict)
    stale: frozenset = frozenset()
    wait: int = 0
    busy: bool = False
    providers: tuple = ()
    mails: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)

    async def answer(self, service, ask):
        """What `await ask()` gives, as old as it is in this scene."""
        answer = await ask()
        return replace(answer, stale_since=datetime.now(UTC) - timedelta(days=1)) if service in self.stale else answer


_scene: ContextVar[Scene | None] = ContextVar("scene", default=None)
_cold: ContextVar[bool] = ContextVar("cold", default=False)


def playing():
    """The Scene of the request that is being answered; None outside the gallery."""
    return _scene.get()


def cold():
    """Whether nothing may be at hand: every fragment of a page is asked for, so that somebody can look at what comes."""
    return _cold.get()


@contextmanager
def nothing_at_hand():
    """Let pages know of no answer beforehand, for everything that is called inside."""
    token = _cold.set(True)
    try:
        yield
    finally:
        _cold.reset(token)


@contextmanager
def played(scene):
    """Play `scene` for everything that is called inside, threads included."""
    token = _scene.set(scene)
    try:
        yield scene
    finally:
        _scene.reset(token)
