"""Google and GitHub, when their two environment variables are set and not otherwise."""

from django.conf import settings
from django.urls import reverse

from core import scenes

NAMES = {"google": "Google", "github": "GitHub"}


def offered():
    """[{"id", "name", "url"}] for the buttons; a POST to `url` starts signing in."""
    scene = scenes.playing()
    set_up = scene.providers if scene else settings.SOCIALACCOUNT_PROVIDERS
    return [{"id": name, "name": NAMES[name], "url": reverse(f"{name}_login")} for name in NAMES if name in set_up]
