"""The promos service: which campaigns an audience sees today. It knows nothing about persons.

Serve it alone with `uvicorn core.microservices.reference.promos:app`. PROMOS_FILE names the campaigns file; campaigns.json beside
this module is the one that comes along.
"""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from .json_app import Refused, json_app

log = logging.getLogger("dimorph.reference")

# An audience sees at most this many at once: the strip takes the first, the carousel all of them.
AT_ONCE = 3
CAMPAIGNS = Path(__file__).with_name("campaigns.json")

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Audience = Literal["visitor", "member"]


class Cta(msgspec.Struct, frozen=True):
    label: Text
    url: Annotated[str, msgspec.Meta(pattern=r"^(/(?![/\\])|https?://)\S*$", max_length=2000)]


class Campaign(msgspec.Struct, frozen=True):
    """One entry of the campaigns file. It runs from `starts_at` until just before `ends_at`.

    Without `referrers` it is for everybody; with them, only for people who came from one of those. `locales` likewise.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}$")]
    title: Text
    body: Text
    cta: Cta
    starts_at: Moment
    ends_at: Moment
    audiences: Annotated[tuple[Audience, ...], msgspec.Meta(min_length=1)]
    referrers: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()


class _File(msgspec.Struct):
    campaigns: tuple[Campaign, ...]


def choose(campaigns, now, audience, referrer="", locale=""):
    """The campaigns to show, best first: those made for this referrer, then those that end soonest."""
    language = locale.split("-")[0].lower()
    shown = [
        campaign
        for campaign in campaigns
        if campaign.starts_at <= now < campaign.ends_at
        and audience in campaign.audiences
        and (not campaign.referrers or referrer in campaign.referrers)
        and (not campaign.locales or not language or language in campaign.locales)
    ]
    return sorted(shown, key=lambda campaign: (not campaign.referrers, campaign.ends_at))[:AT_ONCE]


def campaigns_of(path):
    """A function that gives the campaigns in the file at `path`, reading it again when it changed.

    A file that cannot be read keeps the last good campaigns; when there never were any, the function raises Refused(503).
    """
    path = Path(path)
    seen = campaigns = None

    def read():
        nonlocal seen, campaigns
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            stamp = None
        if seen is None or stamp != seen[0]:
            seen = (stamp,)
            try:
                campaigns = msgspec.json.decode(path.read_bytes(), type=_File).campaigns
            except (OSError, ValueError, msgspec.DecodeError) as error:
                log.error("The campaigns file cannot be used, the last good one stays: %s: %s", path, error)
        if campaigns is None:
            raise Refused(503, "The campaigns file cannot be read. The service's log says why.")
        return campaigns

    return read


def application(path=CAMPAIGNS):
    """The service over the campaigns file at `path`, as an ASGI app."""
    campaigns = campaigns_of(path)

    def promos(request):
        audience = request.word("audience", None, "visitor|member")
        referrer = request.word("referrer", "", r"[\w.:-]{0,100}")
        locale = request.word("locale", "", r"[A-Za-z0-9-]{0,35}")
        chosen = choose(campaigns(), datetime.now(UTC), audience, referrer, locale)
        return 200, {
            "promos": [
                {name: getattr(campaign, name) for name in ("id", "title", "body", "cta", "starts_at", "ends_at")}
                for campaign in chosen
            ]
        }

    return json_app({"/promos": {"GET": promos}})


app = application(os.environ.get("PROMOS_FILE") or CAMPAIGNS)
