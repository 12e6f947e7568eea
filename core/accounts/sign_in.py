"""Signing in with a password, for every form that asks for one: sign-in, sign-up with a known address, and confirming access."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import authenticate

from core.accounts import rate_limits


class TooOften(Exception):
    """Too many wrong passwords on one account. `seconds` is how long to wait."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


def verify(request, email, password):
    """The person whose canonical address and password these are, or None. Raises TooOften."""
    seconds = rate_limits.wait(rate_limits.WRONG_PASSWORDS, email)
    if seconds:
        raise TooOften(seconds)
    user = authenticate(request, email=email, password=password)
    if user is not None:
        rate_limits.forget(rate_limits.WRONG_PASSWORDS, email)
    return user


def perform(request, user, next_url=None):
    """Sign `user` in, whose password was just verified. The redirect that follows."""
    login = Login(user=user, email=user.email, redirect_url=next_url)
    return perform_password_login(request, {"email": user.email}, login)
