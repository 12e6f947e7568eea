"""Links that sign a person in, sent to their address: ten minutes, once, and only the newest state of the account counts."""

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core.models import User

SALT = "core.accounts.sign_in_links"


class LinkEnded(Exception):
    """A link that signs nobody in. `reason` is "expired", "used" or "wrong"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def token(user, next_url=""):
    """What stands at the end of the link. Any sign-in, new password or new address ends it."""
    return signing.dumps([user.pk, _state(user), next_url or ""], salt=SALT)


def read(value):
    """(user, next_url) of a link that still works. Raises LinkEnded."""
    try:
        pk, state, next_url = signing.loads(value, salt=SALT, max_age=settings.SIGN_IN_LINK_SECONDS)
    except signing.SignatureExpired as error:
        raise LinkEnded("expired") from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkEnded("wrong") from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(state, _state(user)):
        raise LinkEnded("used")
    return user, next_url


def use(user):
    """Spend the link of `user`. Raises LinkEnded when another request was faster: of any number at once, one wins."""
    won = User.objects.filter(pk=user.pk, last_login=user.last_login, is_active=True).update(last_login=timezone.now())
    if not won:
        raise LinkEnded("used")


def _state(user):
    seen = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(SALT, f"{user.pk}|{user.password}|{seen}|{user.email}", algorithm="sha256").hexdigest()[:32]
