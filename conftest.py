"""Fixtures for all tests, which live in core/testing.py, and the order of the files."""

from core.testing import *  # noqa: F403


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: "e2e" in item.path.parts)
