"""Checks an address and a password: settings.AUTHENTICATION_BACKENDS names it, core/accounts/sign_in.py asks it."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password

from core.accounts import mails
from core.accounts.addresses import AddressError, canonical
from core.accounts.passwords import MAX_LENGTH
from core.models import User


class AddressBackend(ModelBackend):
    """Finds a person by the canonical form of what they typed. A known and an unknown address cost the same one hash."""

    def authenticate(self, request, email=None, password=None, username=None, **kwargs):
        """The person, or None. A closed account is refused like a wrong password, and its owner is told by mail."""
        # Django's own admin and tools say username.
        typed = email or username
        if not typed or not password or len(password) > MAX_LENGTH:
            return None
        user = _person(typed)
        if user is None:
            make_password(password)
            return None
        if not user.check_password(password):
            return None
        if not self.user_can_authenticate(user):
            mails.send("account_closed", user.email, {"user": user})
            return None
        return user


def _person(typed):
    try:
        return User.objects.get(email=canonical(typed))
    except (AddressError, User.DoesNotExist):
        return None
