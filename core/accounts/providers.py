"""Google and GitHub, when their two environment variables are set and not otherwise."""

from django.conf import settings
from django.urls import reverse

NAMES = {"google": "Google", "github": "GitHub"}


def offered():
    """[{"id", "name", "url"}] for the buttons; a POST to `url` starts signing in."""
    return [
        {"id": provider, "name": NAMES[provider], "url": reverse(f"{provider}_login")}
        for provider in NAMES
        if provider in settings.SOCIALACCOUNT_PROVIDERS
    ]
