"""The promos service, as pages ask it: what to show to an audience today. It is told nothing about the person."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Annotated

import msgspec
from django.conf import settings

from core.microservices import door, last_good
from core.microservices.http import Malformed, Service
from core.microservices.last_good import Answer, live_or_last_good
from core.microservices.reference import promos as reference

MOST = 6
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_embedded = cache(reference.application)
_service = Service("promos", url=lambda: settings.PROMOS_URL, embedded=lambda: _embedded(settings.PROMOS_FILE))


@dataclass(frozen=True, slots=True)
class Promo:
    """One promo: plain text, a checked link (http(s) or a path on this site), and the aware times between which it is shown."""

    id: str
    title: str
    body: str
    cta_label: str
    cta_url: str
    starts_at: datetime
    ends_at: datetime


class _Cta(msgspec.Struct):
    label: str
    url: str


class _Told(msgspec.Struct):
    id: str
    title: str
    body: str
    cta: _Cta
    starts_at: _Moment
    ends_at: _Moment


async def fetch(audience, referrer="", locale="en", request_id=""):
    """Answer[Promo] for "visitor" or "member", best first; `referrer` is where the person came from, as a short word.

    When the service cannot be asked: the last good answer without what has ended since. Raises Unavailable when there is none.
    """
    if audience not in ("visitor", "member"):
        raise ValueError(f"audience is {audience!r}; it is visitor or member")
    # The referrer comes from the address bar: what the service would refuse must not cost the visitor the other promos.
    referrer = referrer if len(referrer) <= 100 and all(c.isascii() and (c.isalnum() or c in "_.:-") for c in referrer) else ""
    # Django has no language at all while translations are switched off.
    locale = locale or ""
    query = {"audience": audience, "referrer": referrer, "locale": locale}

    async def ask():
        return Answer(await _service.call("GET", "/promos", _read, query=query, request_id=request_id))

    # Made-up referrers get the general answer, so they fill no cache; a new one during an outage gets the general promos.
    sources = [referrer, ""] if referrer else [""]
    answer = await live_or_last_good(ask, [_key(audience, source, locale) for source in sources], Promo, hold=True)
    if answer.stale_since:
        now = datetime.now(UTC)
        return replace(answer, items=tuple(promo for promo in answer.items if now < promo.ends_at))
    return answer


def at_hand(audience, referrer="", locale="en"):
    """The last Answer that this process heard, with what of it is on now; None when it heard none. The service is not asked."""
    held = last_good.at_hand(_key(audience, referrer, locale or ""))
    now = datetime.now(UTC)
    if held is None or all(one.starts_at <= now < one.ends_at for one in held.items):
        return held
    return replace(held, items=tuple(one for one in held.items if one.starts_at <= now < one.ends_at))


# Asked for with every landing page; bounded, because a referrer is whatever somebody writes.
@lru_cache(maxsize=256)
def _key(*words):
    return "promos:1:" + hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]


def _read(told):
    if not told and told in (None, []):
        return ()
    if not isinstance(told, dict):
        raise Malformed("an object is missing")
    return door.items(told.get("promos"), _promo, MOST, "promos")


def _promo(raw):
    told = msgspec.convert(raw, _Told)
    return Promo(
        id=door.identity(told.id),
        title=door.text(told.title, door.TITLE),
        body=door.text(told.body, door.LINE),
        cta_label=door.text(told.cta.label, door.TITLE),
        cta_url=door.link(told.cta.url),
        starts_at=told.starts_at,
        ends_at=told.ends_at,
    )
