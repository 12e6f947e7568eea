"""Fixtures for all tests, which live in core/testing.py, the order of the files, and how closely the states are looked at."""

import pytest

from core.testing import *  # noqa: F403

# So many states of the gallery go to one process at a time.
BATCH = 12


def pytest_addoption(parser):
    parser.addoption(
        "--matrix",
        choices=("full", "small"),
        default=None,
        help="how many looks every state of the gallery is checked in; full when everything is tested, small otherwise",
    )


@pytest.fixture(scope="session")
def matrix(pytestconfig):
    """ "full": each state in light and dark, left to right and right to left, wide and on a phone; "small": in two of these."""
    everything = not pytestconfig.args or pytestconfig.args == pytestconfig.getini("testpaths")
    return pytestconfig.getoption("--matrix") or ("full" if everything else "small")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: "e2e" in item.path.parts)
    states = 0
    for item in items:
        group = str(item.path)
        if "studio_page" in getattr(item, "fixturenames", ()):
            group, states = f"{group}-{states // BATCH}", states + 1
        item.add_marker(pytest.mark.xdist_group(group))
