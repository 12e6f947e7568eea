"""The app that every page stands on: people and what guards them."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
