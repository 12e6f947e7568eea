"""Fixtures for all tests; they live in core/testing.py."""

from core.testing import *  # noqa: F403
