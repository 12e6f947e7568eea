"""How often one visitor, or everybody on one account, may try something. Every form that a stranger can send asks here first.

The counts are in the database, one statement each, so that any number of workers share exact limits without another engine.
What is counted is stored as a keyed hash only.
"""

import ipaddress
import secrets
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from core import scenes
from core.models import RateCount


@dataclass(frozen=True)
class Limit:
    """`amount` tries in `seconds`, counted from the first of them."""

    name: str
    amount: int
    seconds: int


SIGN_UP = Limit("sign_up", 10, 180)
SIGN_IN = Limit("sign_in", 10, 60)
# Wrong passwords on one account, from anywhere. A right one clears the count; a reset by mail is never in the way.
WRONG_PASSWORDS = Limit("wrong_passwords", 5, 300)
# Whatever sends a mail: by network, and by address.
MAILS = Limit("mails", 5, 900)
MAILS_TO = Limit("mails_to", 3, 3600)
# Words about a password that is being mended; costs little, and comes once for each change.
VERDICTS = Limit("verdicts", 60, 60)
# Choices that a browser remembers by itself: the theme, an announcement that was dismissed.
CHOICES = Limit("choices", 60, 60)
# Forms behind a link in a mail, and the start of a sign-in with Google or GitHub.
LINKS = Limit("links", 10, 60)

UPSERT = """
    INSERT INTO core_ratecount ("key", "count", "ends_at") VALUES (%s, 1, %s)
    ON CONFLICT ("key") DO UPDATE SET
        "count" = CASE WHEN core_ratecount."ends_at" <= %s THEN 1 ELSE core_ratecount."count" + 1 END,
        "ends_at" = CASE WHEN core_ratecount."ends_at" <= %s THEN excluded."ends_at" ELSE core_ratecount."ends_at" END
    RETURNING "count", "ends_at"
"""


def now():
    return int(time.time())


def wait(limit, subject):
    """Count one try of `subject` and say how many seconds to wait before the next; 0 when this one is allowed."""
    if scene := scenes.playing():
        return scene.wait
    if not settings.RATE_LIMITS:
        return 0
    moment = now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPSERT, [_key(limit, subject), moment + limit.seconds, moment, moment])
        ((count, ends_at),) = cursor.fetchall()
    if secrets.randbelow(200) == 0:
        RateCount.objects.filter(ends_at__lte=moment).delete()
    return max(1, ends_at - moment) if count > limit.amount else 0


def forget(limit, subject):
    """Start again from nothing: what was counted turned out to be the owner."""
    RateCount.objects.filter(key=_key(limit, subject)).delete()


def network(request):
    """Where a request comes from, as limits see it: an IPv4 address, or the /64 that one household or server has."""
    address = get_adapter(request).get_client_ip(request)
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))


def sentence(seconds):
    """What the person reads: "Too many tries. Try again in 30 seconds."."""
    if seconds < 120:
        return ngettext(
            "Too many tries. Try again in %(count)s second.", "Too many tries. Try again in %(count)s seconds.", seconds
        ) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many tries. Try again in %(count)s minute.", "Too many tries. Try again in %(count)s minutes.", minutes
    ) % {"count": minutes}


def _key(limit, subject):
    return salted_hmac("core.accounts.rate_limits", f"{limit.name}|{subject}", algorithm="sha256").hexdigest()
